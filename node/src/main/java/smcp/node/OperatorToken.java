package smcp.node;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import smcp.contract.KeyRing;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.tenant.KeyHolder;

/** The operator's first token: made when no operator has one, and left in a file that only the node's user can read. */
final class OperatorToken {
    private OperatorToken() {}

    static Future<Void> ensure(Registry registry, KeyRing keys, Path file) {
        var there = registry.list(RegistryKey.KEYS).stream()
                .anyMatch(key -> key.value().holder() instanceof KeyHolder.Operator);
        if (there) {
            return Future.succeededFuture();
        }
        var issued = keys.issue(new KeyHolder.Operator(), null);
        try {
            // the file first: a token that is registered and nowhere written down would lock everybody out
            PrivateFile.write(file, issued.token() + "\n");
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
        return registry.commit(List.of(
                        RegistryWrite.create(RegistryKey.key(issued.key().id()), issued.key())))
                .onFailure(_ -> remove(file));
    }

    private static void remove(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
