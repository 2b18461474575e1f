package smcp.node.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Looks for keys and tokens of the platform in a package before it leaves the machine: {@code smcp key create … > me.key} is easily run in the folder that is deployed next, and a package is kept, copied and given to others.
 */
final class KeyLeak {
    /** As {@code smcp.gate.SecretKeys} makes them: an id of 8 bytes, a secret of 32. */
    private static final Pattern KEY = Pattern.compile("smcp_([0-9a-f]{16})_[A-Za-z0-9_-]{43}");

    private static final int LONGEST_KEY = 5 + 16 + 1 + 43;
    private static final int AT_ONCE = 64 << 10;
    /** More than a node takes by default; what is beyond is refused there, or was asked for. */
    private static final long MOST_BYTES = 1L << 30;

    private KeyLeak() {}

    /** Refuses the package if a file in it holds a key and is not in {@code included}, by its name or its path. What is no zip passes: the node says what it is. */
    static void refuse(Path zip, Set<String> included) {
        try (var file = new ZipFile(zip.toFile())) {
            var left = MOST_BYTES;
            for (var entries = file.entries(); entries.hasMoreElements() && left > 0; ) {
                var entry = entries.nextElement();
                if (!entry.isDirectory() && !named(entry, included)) {
                    try (var in = new BoundedInput(file.getInputStream(entry), MOST_BYTES)) {
                        var id = keyIn(in);
                        if (id != null) {
                            throw new Failure(words(entry.getName(), id));
                        }
                    }
                    left -= Math.max(0, entry.getSize());
                }
            }
        } catch (IOException e) {
            // a damaged zip, or one with an unusual compression: the node checks every entry and says more
            return;
        }
    }

    private static boolean named(ZipEntry entry, Set<String> included) {
        var name = entry.getName();
        return included.contains(name) || included.contains(name.substring(name.lastIndexOf('/') + 1));
    }

    private static String words(String name, String id) {
        return name + " holds a key or a token of this platform (smcp_" + id
                + "_…); it would be stored with the package. Move the file out of the package"
                + " and deploy again; if it is meant to be there, --include "
                + name.substring(name.lastIndexOf('/') + 1) + " packs it";
    }

    /** The id of the first key. */
    private static @Nullable String keyIn(InputStream in) throws IOException {
        var window = new byte[LONGEST_KEY - 1 + AT_ONCE];
        var kept = 0;
        for (int read; (read = in.readNBytes(window, kept, AT_ONCE)) > 0; ) {
            var end = kept + read;
            var found = KEY.matcher(new String(window, 0, end, StandardCharsets.ISO_8859_1));
            if (found.find()) {
                return found.group(1);
            }
            // a key may begin here and end in what comes next
            kept = Math.min(end, LONGEST_KEY - 1);
            System.arraycopy(window, end - kept, window, 0, kept);
        }
        return null;
    }
}
