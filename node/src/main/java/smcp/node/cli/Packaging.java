package smcp.node.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.tenant.TenantId;

/** Makes a package of what a person points at. */
public final class Packaging {
    private Packaging() {}

    /** @param temporary the file was made for this and goes when it is not needed any more */
    public record Packed(Path file, boolean temporary) {
        public void discard() {
            if (temporary) {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Why this cannot be a tenant and its package; null if nothing is known to be wrong. */
    public static @Nullable String problem(String tenant, Path given) {
        try {
            var _ = new TenantId(tenant);
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        if (Files.isDirectory(given)) {
            return Files.isRegularFile(given.resolve("smcp.json")) ? null : PackageFolder.noPackage(given);
        }
        return Files.isRegularFile(given) ? null : missing(given);
    }

    static String missing(Path given) {
        return "cannot read " + given + ": there is no such folder or file";
    }

    /** A folder is zipped, a zip or a jar is taken as it is. Blocks. */
    public static Packed pack(Path given) throws IOException {
        if (!Files.isDirectory(given)) {
            KeyLeak.refuse(given, Set.of());
            return new Packed(given, false);
        }
        var zip = Files.createTempFile("smcp-package", ".zip");
        var packed = new Packed(zip, true);
        try {
            PackageFolder.zip(given, Set.of(), zip);
            KeyLeak.refuse(zip, Set.of());
            return packed;
        } catch (RuntimeException e) {
            packed.discard();
            throw e;
        }
    }
}
