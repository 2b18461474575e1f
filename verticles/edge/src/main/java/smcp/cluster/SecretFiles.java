package smcp.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Small files, some of which nobody else may read. */
final class SecretFiles {
    private static final int MOST_BYTES = 64 << 10;
    /** A group may read: that is how Kubernetes gives secrets to a process that is not root. */
    private static final Set<PosixFilePermission> REFUSED = EnumSet.of(
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private SecretFiles() {}

    /** @param field names the setting in the failure */
    static String read(String field, Path file) throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new IOException(field + ": " + file + " must have at most " + MOST_BYTES + " bytes");
            }
            return Files.readString(file);
        } catch (NoSuchFileException _) {
            throw new IOException(field + ": there is no file " + file + "; smcp cluster init makes it");
        }
    }

    static String readSecret(String field, Path file) throws IOException {
        var text = read(field, file);
        var mode = Files.getPosixFilePermissions(file);
        if (mode.stream().anyMatch(REFUSED::contains)) {
            throw new IOException(field + ": " + file + " can be read or changed by others (mode "
                    + PosixFilePermissions.toString(mode)
                    + "): chmod 600 it, and make a new one if others may have read it");
        }
        return text;
    }

    static void directory(Path directory) throws IOException {
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Fails if there is such a file. */
    static void write(Path file, String content, boolean secret) throws IOException {
        var mode = PosixFilePermissions.fromString(secret ? "rw-------" : "rw-r--r--");
        try (var channel = FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(mode))) {
            var bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                var _ = channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
