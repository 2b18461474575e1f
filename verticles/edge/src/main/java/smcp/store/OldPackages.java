package smcp.store;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files {@code packages/<hash>} in which packages were kept before they became blobs.
 *
 * @param hashes of those that are sound
 */
record OldPackages(Path directory, List<String> hashes) {
    private static final Logger log = LoggerFactory.getLogger(OldPackages.class);
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    OldPackages {
        hashes = List.copyOf(hashes);
    }

    /** None if {@code root} never held any. */
    static OldPackages in(Path root) throws IOException {
        var directory = root.resolve("packages");
        var hashes = new ArrayList<String>();
        if (Files.isDirectory(directory)) {
            try (var files = Files.newDirectoryStream(directory)) {
                for (var file : files) {
                    var name = file.getFileName().toString();
                    if (HASH.matcher(name).matches() && sound(name, file)) {
                        hashes.add(name);
                    }
                }
            }
        }
        return new OldPackages(directory, hashes);
    }

    private static boolean sound(String hash, Path file) throws IOException {
        var sound = Hashing.of(file).equals(hash);
        if (!sound) {
            log.atWarn().addKeyValue("path", file).log("a damaged package is left where it is: deploy it again");
        }
        return sound;
    }

    Path file(String hash) {
        return directory.resolve(hash);
    }

    boolean remove(String hash) throws IOException {
        return Files.deleteIfExists(file(hash));
    }

    /** Removes the directory, unless something is left in it. */
    boolean close() throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (var halves = Files.newDirectoryStream(directory, ".tmp-*")) {
            for (var half : halves) {
                Files.delete(half);
            }
        }
        try {
            return Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException _) {
            return false;
        }
    }
}
