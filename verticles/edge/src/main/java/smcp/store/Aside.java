package smcp.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Takes files out of the way. */
public final class Aside {
    private Aside() {}

    public static String told(String what, @Nullable Path to) {
        return to == null ? "removed what an interrupted restore left: " + what : "moved " + what + " to " + to;
    }

    /** @param to directory to move it to; null deletes it, with what is in it */
    public static void take(Path what, @Nullable Path to) throws IOException {
        if (to != null) {
            DataDir.privateDirectory(to);
            Files.move(what, to.resolve(what.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            return;
        }
        try (var paths = Files.walk(what)) { // does not follow links
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
