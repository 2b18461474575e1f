package smcp.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;

/**
 * A node's directory: nobody else's to read, and of one node at a time. The lock is the operating system's, so it ends with the process however that ends. The lock file stays: whoever deletes it while another one waits for it would let
 * both in.
 */
public final class DataDir {
    private static final Logger log = LoggerFactory.getLogger(DataDir.class);
    private static final String LOCK = "node.lock";
    private static final String RESTORING = "restore.unfinished";

    /** What was there is being moved away. */
    static final String EMPTYING = "emptying";

    /** What is here was put here by the restore. */
    static final String FILLING = "filling";

    /** Directories locked by this process: POSIX locks do not exclude their own process, and closing any descriptor of the file would drop them (POSIX.1, fcntl). */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDir(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /** Makes the directory if there is none, and locks it. Blocks. */
    static DataDir lock(Path given) throws IOException {
        privateDirectory(given);
        var root = given.toRealPath();
        if (!HELD.add(root)) {
            throw inUse(root, Long.toString(ProcessHandle.current().pid()));
        }
        try {
            return locked(root);
        } catch (IOException | RuntimeException e) {
            HELD.remove(root);
            throw e;
        }
    }

    private static DataDir locked(Path root) throws IOException {
        var file = root.resolve(LOCK);
        privateFile(file);
        var channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            var lock = channel.tryLock();
            if (lock == null) {
                throw inUse(root, pid(channel));
            }
            channel.truncate(0);
            var _ = channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDir(root, channel, lock);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static String pid(FileChannel channel) throws IOException {
        var text = ByteBuffer.allocate(20);
        var _ = channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII);
    }

    private static Fault inUse(Path root, String pid) {
        return new Fault(
                Fault.Kind.STORE_UNAVAILABLE,
                "data directory " + root + " is in use by process " + pid + ": a directory serves one node at a time");
    }

    Path root() {
        return root;
    }

    /** How far a restore came that was not finished: {@link #EMPTYING} or {@link #FILLING}; null if there is none. */
    @Nullable
    String restoring() throws IOException {
        var mark = root.resolve(RESTORING);
        return Files.exists(mark) ? Files.readString(mark) : null;
    }

    /** @param stage durable when this returns; null: the restore is whole */
    void restoring(@Nullable String stage) throws IOException {
        var mark = root.resolve(RESTORING);
        if (stage == null) {
            Files.deleteIfExists(mark);
        } else {
            var fresh = root.resolve(RESTORING + ".new");
            privateFile(fresh);
            try (var file = FileChannel.open(fresh, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                var _ = file.write(ByteBuffer.wrap(stage.getBytes(StandardCharsets.US_ASCII)));
                file.force(true);
            }
            Files.move(fresh, mark, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        syncNames();
    }

    /** For who is to open what is here. */
    void refuseHalfRestored() throws IOException {
        if (restoring() != null) {
            throw new Fault(
                    Fault.Kind.STORE_DAMAGED,
                    "data directory " + root
                            + " is half restored: a restore was interrupted. Run smcp restore again, with the same configuration");
        }
    }

    /** Makes the names of the files in it durable, and its own: a synced file whose name is lost with the power is lost too. */
    void syncNames() {
        syncNames(root);
        var parent = root.getParent();
        if (parent != null) {
            syncNames(parent);
        }
    }

    void unlock() throws IOException {
        try (channel) {
            lock.release();
        } finally {
            HELD.remove(root);
        }
    }

    /** A directory of mode 700. One that is there already is narrowed if that is allowed. */
    public static void privateDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            narrow(directory, "rwx------");
        } else {
            Files.createDirectories(directory, mode(directory, "rwx------"));
        }
    }

    /** A file of mode 600, made if there is none. SQLite gives the files beside it the same mode. */
    public static void privateFile(Path file) throws IOException {
        try {
            Files.createFile(file, mode(file, "rw-------"));
        } catch (FileAlreadyExistsException _) {
            narrow(file, "rw-------");
        }
    }

    private static FileAttribute<?>[] mode(Path path, String mode) {
        return posix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static void narrow(Path path, String mode) throws IOException {
        if (!posix(path) || Files.getPosixFilePermissions(path).equals(PosixFilePermissions.fromString(mode))) {
            return;
        }
        try {
            var _ = Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
        } catch (IOException e) {
            // a mounted volume may belong to somebody else: the node runs, but the operator should know
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("mode", mode)
                    .setCause(e)
                    .log("others may read this");
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** Makes the names in {@code directory} durable (fsync(2) on the directory); where that is not possible, nothing. */
    public static void syncNames(Path directory) {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException e) {
            log.atDebug().addKeyValue("path", directory).setCause(e).log("a directory cannot be synced here");
        }
    }
}
