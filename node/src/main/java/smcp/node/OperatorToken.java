package smcp.node;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
        return issue(registry, keys, file);
    }

    static Path file(NodeConfig config) {
        return config.store().dataDir().resolve("operator.token");
    }

    /** After a restore: the file has a token that the registry knows. If it does not, a further one is made; those whose hashes came with the registry work on. True if one was made. */
    static Future<Boolean> again(Registry registry, KeyRing keys, Path file) throws IOException {
        if (Files.exists(file)) {
            var known = keys.verify(Files.readString(file).strip());
            if (known != null && known.holder() instanceof KeyHolder.Operator) {
                return Future.succeededFuture(false);
            }
            // of what was here before, which may be wanted again
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".replaced"),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        }
        return issue(registry, keys, file).map(true);
    }

    private static Future<Void> issue(Registry registry, KeyRing keys, Path file) {
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
