package smcp.node.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

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
