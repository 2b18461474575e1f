package smcp.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/** Who a node is among those that share a store: made once, and the same for as long as its data directory. */
final class NodeId {
    private static final String FILE = "node.id";
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{16}");
    private static final int MOST_BYTES = 64;

    private NodeId() {}

    /** The id of the node whose data directory this is. Blocks. */
    static String in(Path directory) throws IOException {
        var file = directory.resolve(FILE);
        try {
            var id = Files.size(file) > MOST_BYTES ? "" : Files.readString(file).strip();
            if (!FORM.matcher(id).matches()) {
                throw new IOException(file + " must hold an id of 16 hexadecimal digits and nothing else; if the node"
                        + " is stopped it may be removed, and the node gets another one");
            }
            return id;
        } catch (NoSuchFileException _) {
            var id = "%016x".formatted(new SecureRandom().nextLong());
            PrivateFile.write(file, id + "\n");
            return id;
        }
    }
}
