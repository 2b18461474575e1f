package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.file.OpenOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.contract.Packages;

/**
 * Packages as blobs, by hash: nodes that share a blob store share them. {@code unpacked/} is this node's cache: {@code <hash>.package} is one as it was fetched, {@code <hash>/} what was in it. The first time a process needs one, it is taken
 * from the cache if its hash is still right and from the blob store otherwise, and unpacked anew; it appears by renaming, so it is whole or not there. So a node whose blob store is away runs every package that it ever ran. Nothing
 * here is synced, since it can be made anew.
 */
public final class BlobPackages implements Packages {
    private static final Logger log = LoggerFactory.getLogger(BlobPackages.class);
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final String TEMPORARY = ".tmp-";
    private static final String FETCHED = ".package";
    private static final int THREADS = 2;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Vertx vertx;
    private final BlobStore blobs;
    private final Path unpacked;
    private final PackageLimits limits;
    private final OtherCopies copies;
    private final WorkerExecutor workers;

    /** Hashes whose unpacked directory this process made. */
    private final Set<String> ready = ConcurrentHashMap.newKeySet();

    /** What is being unpacked or removed: one thing at a time for a hash. */
    private final Map<String, Future<?>> busy = new ConcurrentHashMap<>();

    private BlobPackages(Vertx vertx, Path unpacked, BlobStore blobs, PackageLimits limits, OtherCopies copies) {
        this.vertx = vertx;
        this.blobs = blobs;
        this.unpacked = unpacked;
        this.limits = limits;
        this.copies = copies;
        this.workers = vertx.createSharedWorkerExecutor(
                "smcp-packages-" + UUID.randomUUID(), THREADS, LONGEST.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Are there packages that {@link #open} would take over? Blocks. */
    public static boolean hasOld(Path root) throws IOException {
        return !OldPackages.in(root).hashes().isEmpty();
    }

    /** Has this node packages that it can run without the blob store? Blocks. */
    public static boolean hasSome(Path root) throws IOException {
        var unpacked = root.resolve("unpacked");
        if (!Files.isDirectory(unpacked)) {
            return false;
        }
        try (var fetched = Files.newDirectoryStream(unpacked, "*" + FETCHED)) {
            return fetched.iterator().hasNext();
        }
    }

    /**
     * Removes what an earlier process left half done and what no version names any more, and takes over the files in which earlier programs kept packages.
     *
     * @param root the data directory of this node alone, locked
     * @param named is this hash that of a version?
     */
    public static Future<BlobPackages> open(
            Vertx vertx, Path root, BlobStore blobs, PackageLimits limits, Predicate<String> named) {
        return open(vertx, root, blobs, limits, named, OtherCopies.NONE);
    }

    /**
     * The same, where other nodes have copies.
     *
     * @param copies of what {@code blobs} holds
     */
    public static Future<BlobPackages> open(
            Vertx vertx,
            Path root,
            BlobStore blobs,
            PackageLimits limits,
            Predicate<String> named,
            OtherCopies copies) {
        var packages = new BlobPackages(vertx, root.resolve("unpacked"), blobs, limits, copies);
        return packages.work(() -> {
                    DataDir.privateDirectory(packages.unpacked);
                    try (var left = Files.newDirectoryStream(packages.unpacked, path -> !needed(path, named))) {
                        for (var path : left) {
                            deleteTree(path);
                        }
                    }
                    return OldPackages.in(root);
                })
                .compose(packages::takeOver)
                .map(packages)
                .recover(cause -> packages.close().transform(_ -> Future.failedFuture(cause)));
    }

    private static boolean needed(Path path, Predicate<String> named) {
        var name = path.getFileName().toString();
        var hash = name.endsWith(FETCHED) ? name.substring(0, name.length() - FETCHED.length()) : name;
        return HASH.matcher(hash).matches() && named.test(hash);
    }

    /** One after the other: whatever interrupts it, the next start goes on. */
    private Future<?> takeOver(OldPackages old) {
        var hashes = old.hashes();
        Future<?> done = Future.succeededFuture();
        for (var hash : hashes) {
            done = done.compose(_ -> blobs.head(key(hash)))
                    .compose(there -> there.isPresent() ? Future.succeededFuture() : put(hash, old.file(hash)))
                    .compose(_ -> work(() -> old.remove(hash)));
        }
        return done.compose(_ -> work(old::close)).onSuccess(_ -> {
            if (!hashes.isEmpty()) {
                log.atInfo().addKeyValue("packages", hashes.size()).log("packages are blobs now");
            }
        });
    }

    @Override
    public Future<Kept> keep(Path upload) {
        var temporary = temporary();
        return work(() -> {
                    DataDir.privateFile(temporary);
                    var hash = Hashing.copy(upload, temporary, limits.maxBytes());
                    try (var archive = Archive.open(temporary, limits)) {
                        return new Kept(hash, Files.size(temporary), archive.inspect());
                    }
                })
                // even if there is one: it may be damaged, and this is how it is mended
                .compose(kept -> put(kept.hash(), temporary).map(kept))
                .eventually(() -> work(() -> Files.deleteIfExists(temporary)));
    }

    private Future<?> put(String hash, Path file) {
        return vertx.fileSystem()
                .open(file.toString(), new OpenOptions().setWrite(false).setCreate(false))
                .recover(cause -> Future.failedFuture(fault(cause)))
                .compose(open -> blobs.put(key(hash), open.pause(), Condition.ALWAYS, Long.MAX_VALUE)
                        .eventually(open::close));
    }

    @Override
    public Future<Path> root(String hash) {
        if (!HASH.matcher(hash).matches()) {
            return noHash(hash);
        }
        var path = unpacked.resolve(hash);
        return ready.contains(hash)
                ? Future.succeededFuture(path)
                : alone(hash, () -> ready.contains(hash) ? Future.succeededFuture(path) : prepare(hash, path));
    }

    private Future<Path> prepare(String hash, Path path) {
        var fetched = fetched(hash);
        return work(() -> Files.exists(fetched) && Hashing.of(fetched).equals(hash))
                .compose(there -> there ? Future.succeededFuture() : copies.until(hash, () -> fetch(hash, fetched)))
                .compose(_ -> work(() -> {
                    unpack(fetched, path);
                    var _ = ready.add(hash);
                    return path;
                }));
    }

    private Path fetched(String hash) {
        return unpacked.resolve(hash + FETCHED);
    }

    private Future<Path> fetch(String hash, Path fetched) {
        var temporary = temporary();
        return blobs.get(key(hash), Range.ALL)
                .map(found -> found.orElseThrow(() -> new Fault(Fault.Kind.NOT_FOUND, "there is no package " + hash)))
                .compose(reading -> save(reading, temporary))
                .compose(_ -> work(() -> {
                    verify(hash, temporary);
                    return Files.move(temporary, fetched, StandardCopyOption.ATOMIC_MOVE);
                }))
                .eventually(() -> work(() -> Files.deleteIfExists(temporary)));
    }

    private Future<Void> save(BlobStore.Reading reading, Path file) {
        return work(() -> {
                    DataDir.privateFile(file);
                    return true;
                })
                .compose(_ -> vertx.fileSystem().open(file.toString(), new OpenOptions().setCreate(false)))
                .onFailure(_ -> reading.cancel().run())
                .compose(reading.content()::pipeTo)
                .recover(cause -> Future.failedFuture(fault(cause)));
    }

    @Override
    public Future<Void> forget(String hash) {
        if (!HASH.matcher(hash).matches()) {
            return noHash(hash);
        }
        return alone(hash, () -> {
                    ready.remove(hash);
                    return blobs.delete(key(hash))
                            .compose(_ -> work(() -> {
                                discard(unpacked.resolve(hash));
                                return Files.deleteIfExists(fetched(hash));
                            }));
                })
                .mapEmpty();
    }

    public Future<Void> close() {
        return workers.close();
    }

    /** {@code work} when nothing else is being done with the hash. */
    private <T> Future<T> alone(String hash, Supplier<Future<T>> work) {
        Future<T> mine;
        synchronized (busy) {
            var before = busy.getOrDefault(hash, Future.succeededFuture());
            mine = before.transform(_ -> work.get());
            busy.put(hash, mine);
        }
        return mine.onComplete(_ -> busy.remove(hash, mine));
    }

    private static BlobKey key(String hash) {
        return new BlobKey(BlobKey.PACKAGES, hash);
    }

    private void unpack(Path file, Path target) throws IOException {
        var temporary = temporary();
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

    private static void verify(String hash, Path file) throws IOException {
        var found = Hashing.of(file);
        if (!found.equals(hash)) {
            throw new Fault(
                    Fault.Kind.STORE_DAMAGED,
                    "package " + hash + " is damaged in the blob store, its hash is " + found + ": deploy it again");
        }
    }

    /** Takes {@code directory} out of the way in one step, then removes it. */
    private void discard(Path directory) throws IOException {
        if (Files.exists(directory)) {
            var away = temporary();
            Files.move(directory, away, StandardCopyOption.ATOMIC_MOVE);
            deleteTree(away);
        }
    }

    private Path temporary() {
        return unpacked.resolve(TEMPORARY + UUID.randomUUID());
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

    private static Fault fault(Throwable cause) {
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof IOException) {
                log.atWarn().setCause(cause).log("package store failed");
                return new Fault(
                        Fault.Kind.STORE_UNAVAILABLE, "packages: the disk failed: " + each.getMessage(), cause);
            }
        }
        return Fault.from(cause);
    }

    /** A hash becomes a file name, so it must be one. */
    private static <T> Future<T> noHash(String hash) {
        return Future.failedFuture(
                new Fault(Fault.Kind.INVALID_INPUT, "package hash must be 64 hex digits, got " + Text.shown(hash)));
    }
}
