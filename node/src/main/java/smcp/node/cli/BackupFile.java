package smcp.node.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Where a backup goes: a file that only its owner may read and that bears its name only when it is whole, or the standard output. */
final class BackupFile implements AutoCloseable {
    static final String STANDARD = "-";

    private final @Nullable Path file;
    private final @Nullable Path partial;
    private final OutputStream out;

    private BackupFile(@Nullable Path file, @Nullable Path partial, OutputStream out) {
        this.file = file;
        this.partial = partial;
        this.out = out;
    }

    static BackupFile create(Surroundings around, String name) {
        if (name.equals(STANDARD)) {
            // System.out would swallow failures
            return new BackupFile(null, null, new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        }
        var file = around.directory().resolve(name).toAbsolutePath();
        if (Files.exists(file)) {
            throw new Failure(file + " is there already: name another file, backups are not overwritten");
        }
        try {
            var folder = file.getParent();
            var partial = Files.createTempFile(folder, file.getFileName() + ".", ".partial", mode(file));
            return new BackupFile(file, partial, Files.newOutputStream(partial));
        } catch (IOException e) {
            throw new Failure("cannot write " + file + ": " + Failures.reason(e));
        }
    }

    private static FileAttribute<?>[] mode(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    OutputStream out() {
        return out;
    }

    boolean isStandard() {
        return file == null;
    }

    /** It is whole: on the disk, and under its name. */
    void finish() throws IOException {
        out.close();
        if (file != null && partial != null) {
            try (var channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
            // its name, too, outlives a power failure
            try (var folder = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                folder.force(true);
            }
        }
    }

    /** What is not finished goes. */
    @Override
    public void close() throws IOException {
        out.close();
        if (partial != null) {
            Files.deleteIfExists(partial);
        }
    }
}
