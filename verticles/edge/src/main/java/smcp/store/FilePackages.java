package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.Packages;

/**
 * Packages as files: {@code packages/<hash>} is the upload, {@code unpacked/<hash>/} what was in it. Both appear by renaming, so they are whole or not there. The upload is synced before it is acknowledged; what is unpacked is not, since it
 * is made anew from the upload, whose hash is checked, the first time this process needs it.
 */
final class FilePackages implements Packages {
    private static final Logger log = LoggerFactory.getLogger(FilePackages.class);
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final String TEMPORARY = ".tmp-";
    private static final int THREADS = 2;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Path kept;
    private final Path unpacked;
    private final PackageLimits limits;
    private final WorkerExecutor workers;

    /** Hashes whose unpacked directory this process made. */
    private final Set<String> ready = ConcurrentHashMap.newKeySet();

    /** One at a time per package; a fixed number of locks, shared by hash. */
    private final Object[] locks = new Object[16];

    private FilePackages(Vertx vertx, Path root, PackageLimits limits) {
        this.kept = root.resolve("packages");
        this.unpacked = root.resolve("unpacked");
        this.limits = limits;
        this.workers = vertx.createSharedWorkerExecutor(
                "smcp-packages-" + UUID.randomUUID(), THREADS, LONGEST.toNanos(), TimeUnit.NANOSECONDS);
        for (var i = 0; i < locks.length; i++) {
            locks[i] = new Object();
        }
    }

    /** As blobs, for backups. */
    BlobStore blobs(Vertx vertx) {
        return PackageFiles.in(vertx, Objects.requireNonNull(kept.getParent()));
    }

    /** Opens the packages under {@code root} and removes what an earlier process left half done. Blocks. */
    static FilePackages open(Vertx vertx, Path root, PackageLimits limits) throws IOException {
        for (var directory : new Path[] {root.resolve("packages"), root.resolve("unpacked")}) {
            DataDir.privateDirectory(directory);
            try (var left = Files.newDirectoryStream(directory, TEMPORARY + "*")) {
                for (var path : left) {
                    deleteTree(path);
                }
            }
        }
        return new FilePackages(vertx, root, limits);
    }

    @Override
    public Future<Kept> keep(Path upload) {
        return work(() -> {
            var temporary = temporary(kept);
            try {
                var hash = copy(upload, temporary);
                try (var archive = Archive.open(temporary, limits)) {
                    var answer = new Kept(hash, Files.size(temporary), archive.inspect());
                    move(temporary, kept.resolve(hash));
                    return answer;
                }
            } finally {
                Files.deleteIfExists(temporary);
            }
        });
    }

    @Override
    public Future<Path> root(String hash) {
        if (!HASH.matcher(hash).matches()) {
            return noHash(hash);
        }
        var path = unpacked.resolve(hash);
        return ready.contains(hash)
                ? Future.succeededFuture(path)
                : work(() -> {
                    synchronized (lock(hash)) {
                        if (!ready.contains(hash)) {
                            unpack(hash, path);
                            var _ = ready.add(hash);
                        }
                        return path;
                    }
                });
    }

    @Override
    public Future<Void> forget(String hash) {
        if (!HASH.matcher(hash).matches()) {
            return noHash(hash);
        }
        var path = unpacked.resolve(hash);
        return work(() -> {
                    synchronized (lock(hash)) {
                        ready.remove(hash);
                        Files.deleteIfExists(kept.resolve(hash));
                        DataDir.syncNames(kept);
                        discard(path);
                        return true;
                    }
                })
                .mapEmpty();
    }

    Future<Void> close() {
        return workers.close();
    }

    /** Copies at most what is allowed and a byte, hashing it; so what is inspected is what is kept, whatever happens to the upload. */
    private String copy(Path upload, Path target) throws IOException {
        var digest = sha256();
        try (var in = Files.newInputStream(upload);
                var out = FileChannel.open(target, StandardOpenOption.WRITE)) {
            var buffer = new byte[64 << 10];
            var length = 0L;
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                length += read;
                if (length > limits.maxBytes()) {
                    throw Invalid.because("a package must have at most " + limits.maxBytes() + " bytes, this has more");
                }
                digest.update(buffer, 0, read);
                var piece = ByteBuffer.wrap(buffer, 0, read);
                while (piece.hasRemaining()) {
                    var _ = out.write(piece);
                }
            }
            out.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DataDir.syncNames(kept);
    }

    /** Puts a file that was written whole in its place, durably. */
    static void settle(Path from, Path to) throws IOException {
        try (var file = FileChannel.open(from, StandardOpenOption.WRITE)) {
            file.force(true);
        }
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DataDir.syncNames(Objects.requireNonNull(to.getParent()));
    }

    private void unpack(String hash, Path target) throws IOException {
        var file = kept.resolve(hash);
        verify(hash, file);
        var temporary = unpacked.resolve(TEMPORARY + UUID.randomUUID());
        try {
            DataDir.privateDirectory(temporary);
            try (var archive = Archive.open(file, limits)) {
                archive.unpack(temporary);
                if (archive.isJar()) {
                    Files.copy(file, temporary.resolve(EntryNames.JAR));
                }
            }
            discard(target);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            deleteTree(temporary);
        }
    }

    static String hash(Path file) throws IOException {
        var digest = sha256();
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[64 << 10];
            for (var read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void verify(String hash, Path file) throws IOException {
        String found;
        try {
            found = hash(file);
        } catch (NoSuchFileException _) {
            throw new Fault(Fault.Kind.NOT_FOUND, "there is no package " + hash);
        }
        if (!found.equals(hash)) {
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE,
                    "package " + hash + " is damaged on this disk, its hash is " + found + ": deploy it again");
        }
    }

    /** Takes {@code directory} out of the way in one step, then removes it. */
    private void discard(Path directory) throws IOException {
        if (Files.exists(directory)) {
            var away = unpacked.resolve(TEMPORARY + UUID.randomUUID());
            Files.move(directory, away, StandardCopyOption.ATOMIC_MOVE);
            deleteTree(away);
        }
    }

    private static Path temporary(Path directory) throws IOException {
        var path = directory.resolve(TEMPORARY + UUID.randomUUID());
        DataDir.privateFile(path);
        return path;
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (var paths = Files.walk(root)) { // does not follow links
            for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private <T> Future<T> work(Callable<T> work) {
        return workers.executeBlocking(work, false)
                .<T>map(Objects::requireNonNull)
                .recover(cause -> Future.failedFuture(fault(cause)));
    }

    static Fault fault(Throwable cause) {
        if (cause instanceof IOException) {
            log.atWarn().setCause(cause).log("package store failed");
            return new Fault(Fault.Kind.STORE_UNAVAILABLE, "packages: the disk failed: " + cause.getMessage(), cause);
        }
        return Fault.from(cause);
    }

    private Object lock(String hash) {
        return locks[Character.digit(hash.charAt(0), 16)];
    }

    /** A hash becomes a file name, so it must be one. */
    private static <T> Future<T> noHash(String hash) {
        return Future.failedFuture(
                new Fault(Fault.Kind.INVALID_INPUT, "package hash must be 64 hex digits, got " + Text.shown(hash)));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform has it (MessageDigest)
        }
    }
}
