package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.BlobStore;
import smcp.store.BlobBackend;
import smcp.store.DataDir;
import smcp.store.Durability;
import smcp.store.Health;

/**
 * Blobs as files of one node. {@code tmp/} holds what is being written; a blob's file is {@code <aa>/<hash>}, a hash of space and name, and takes its place by being renamed: that is the moment at which it exists. {@link BlobFile} says what
 * is in it, {@link NameIndex} how names are found. Changes of one name come one after the other.
 */
final class FileBlobs implements BlobStore, BlobBackend {
    private static final Logger log = LoggerFactory.getLogger(FileBlobs.class);
    private static final int DROP_PAGE = 500;
    private static final long TICK_MILLIS = 1_000;
    /** Bytes that a disk with any room takes. */
    private static final int A_LITTLE = 4_096;

    /** After this Vert.x complains of a blocked worker: a disk that takes so long for one block is failing. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Vertx vertx;
    private final Path root;
    private final FilesConfig config;
    private final InstantSource clock;
    private final WorkerExecutor workers;
    private final NameIndex index;
    private final Slots slots;
    private final Turns turns = new Turns();
    private final Watch watch;
    private final long ticker;

    private FileBlobs(Vertx vertx, Path root, FilesConfig config, InstantSource clock, NameIndex index) {
        this.vertx = vertx;
        this.root = root;
        this.config = config;
        this.clock = clock;
        this.index = index;
        this.slots = new Slots(config.transfers());
        this.workers = vertx.createSharedWorkerExecutor(
                "smcp-blobs-" + UUID.randomUUID(), config.threads(), LONGEST.toNanos(), TimeUnit.NANOSECONDS);
        this.watch = new Watch(vertx, () -> work(this::there), () -> work(this::writes));
        watch.begin();
        this.ticker = vertx.setPeriodic(TICK_MILLIS, _ -> index.expire(System.nanoTime()));
    }

    /** Makes what is not there and removes what an earlier process left half written. Blocks. */
    static FileBlobs open(Vertx vertx, Path root, FilesConfig config, InstantSource clock) throws IOException {
        DataDir.privateDirectory(root);
        var temporary = root.resolve("tmp");
        DataDir.privateDirectory(temporary);
        try (var left = Files.newDirectoryStream(temporary)) {
            for (var file : left) {
                Files.delete(file);
            }
        }
        var index = NameIndex.open(root.resolve("index.db"), () -> everything(root));
        DataDir.syncNames(root);
        return new FileBlobs(vertx, root, config, clock, index);
    }

    /** False: a file that is not there is no blob, unless nothing is there, as when a disk is not mounted. */
    private boolean there() throws IOException {
        if (!Files.isDirectory(root.resolve("tmp"))) {
            throw new IOException("blobs.files.directory is not what it was when the node started");
        }
        return false;
    }

    private boolean writes() throws IOException {
        var file = temporary();
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            var bytes = ByteBuffer.allocate(A_LITTLE);
            while (bytes.hasRemaining()) { // a disk that is nearly full takes a part
                var _ = channel.write(bytes);
            }
            channel.force(true);
        }
        return Files.deleteIfExists(file);
    }

    private static List<Path> everything(Path root) throws IOException {
        try (var files = Files.find(root, 2, (file, attributes) -> isBlob(file) && attributes.isRegularFile())) {
            return files.toList();
        }
    }

    private static boolean isBlob(Path file) {
        return file.getFileName().toString().matches("[0-9a-f]{64}");
    }

    private Path place(BlobKey key) {
        var digest = Digests.sha256();
        digest.update(key.space().getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0); // in no name: so no two keys look alike
        var hash = HexFormat.of().formatHex(digest.digest(key.name().getBytes(StandardCharsets.UTF_8)));
        return root.resolve(hash.substring(0, 2)).resolve(hash);
    }

    @Override
    public Future<Blob> put(BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        return begin(() -> {
            BlobNames.check(key);
            return slots.during(() -> {
                var place = place(key);
                return work(() -> check(key, place, condition)) // again at the end; here it saves the writing
                        .compose(_ -> work(() -> BlobWriter.create(key, temporary())))
                        .compose(writer -> fill(writer, content, most)
                                .compose(_ -> work(() -> writer.finish(clock.instant())))
                                .compose(written -> turns.inTurn(
                                        place.toString(), () -> settle(writer.file(), place, written, condition)))
                                // before the failure is told, so that who closes the store then leaves nothing behind
                                .recover(cause -> discard(writer).transform(_ -> Future.failedFuture(cause))));
            });
        });
    }

    private Path temporary() {
        return root.resolve("tmp").resolve(UUID.randomUUID().toString());
    }

    private Future<Long> fill(BlobWriter writer, ReadStream<Buffer> content, long most) {
        var terms = new Intake.Terms(BlobFile.BLOCK, most, config.patience());
        return Intake.run(
                vertx,
                content,
                terms,
                (bytes, length, _) -> work(() -> {
                    writer.write(bytes, length);
                    return true;
                }));
    }

    /** The name first, then the file: see {@link NameIndex}. */
    private Future<Blob> settle(Path from, Path place, BlobFile written, Condition condition) {
        return work(() -> {
                    var _ = check(written.key(), place, condition);
                    return Files.exists(place) || shard(parent(place));
                })
                .compose(known -> known ? Future.succeededFuture() : index.add(written.key()))
                .compose(_ -> work(() -> {
                    Files.move(from, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                    DataDir.syncNames(parent(place));
                    return written.blob();
                }));
    }

    /** False: there was nothing in it. */
    private boolean shard(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            DataDir.privateDirectory(directory);
            DataDir.syncNames(root);
        }
        return false;
    }

    private static boolean check(BlobKey key, Path place, Condition condition) throws IOException {
        switch (condition) {
            case Condition.Always _ -> {}
            case Condition.Absent _ -> {
                if (Files.exists(place)) {
                    throw BlobNames.taken(key);
                }
            }
            case Condition.Matches(var etag) -> {
                if (!Files.exists(place) || !header(key, place).blob().etag().equals(etag)) {
                    throw BlobNames.other(key);
                }
            }
        }
        return true;
    }

    private static BlobFile header(BlobKey key, Path place) throws IOException {
        return own(key, place, BlobFile.read(place));
    }

    private static BlobFile own(BlobKey key, Path place, BlobFile found) {
        if (!found.key().equals(key)) {
            throw BlobFile.damaged(place, "it holds another blob than its name says");
        }
        return found;
    }

    private Future<Boolean> discard(BlobWriter writer) {
        return work(() -> {
                    writer.discard();
                    return true;
                })
                .onFailure(cause -> log.atWarn()
                        .addKeyValue("path", writer.file())
                        .setCause(cause)
                        .log("half a blob stays until the next start"));
    }

    @Override
    public Future<Optional<Reading>> get(BlobKey key, Range range) {
        return begin(() -> {
            BlobNames.check(key);
            slots.take();
            return work(() -> open(key, range))
                    .map(reader -> reader.map(found -> reading(found, range)))
                    .onComplete(answer -> {
                        if (answer.failed() || answer.result().isEmpty()) {
                            slots.release();
                        }
                    });
        });
    }

    private Optional<BlobReader> open(BlobKey key, Range range) throws IOException {
        var place = place(key);
        BlobReader reader;
        try {
            reader = BlobReader.open(place, range);
        } catch (NoSuchFileException _) {
            var _ = there();
            return Optional.empty();
        }
        try {
            var file = own(key, place, reader.file());
            if (range.from() > 0 && range.from() >= file.content()) {
                throw BlobNames.beyond(key, range.from(), file.content());
            }
            return Optional.of(reader);
        } catch (RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    private Reading reading(BlobReader reader, Range range) {
        var source = new PulledStream.Source() {
            private Future<?> pull = Future.succeededFuture();

            @Override
            public Future<Optional<Buffer>> next() {
                var next = work(reader::next);
                pull = next;
                return next;
            }

            @Override
            public void close() {
                pull.onComplete(_ -> work(() -> {
                            reader.close();
                            return true;
                        })
                        .onFailure(cause -> log.atWarn().setCause(cause).log("a blob's file could not be closed")));
            }
        };
        var holder = new PulledStream[1];
        var stream = new PulledStream(vertx, source, config.patience(), () -> slots.ended(holder[0]));
        holder[0] = stream;
        slots.began(stream);
        return new Reading(reader.file().blob(), range, stream, stream::cancel);
    }

    @Override
    public Future<Optional<Blob>> head(BlobKey key) {
        return begin(() -> {
            BlobNames.check(key);
            return work(() -> find(key));
        });
    }

    private Optional<Blob> find(BlobKey key) throws IOException {
        try {
            return Optional.of(header(key, place(key)).blob());
        } catch (NoSuchFileException _) {
            var _ = there();
            return Optional.empty();
        }
    }

    @Override
    public Future<Boolean> delete(BlobKey key) {
        return begin(() -> {
            BlobNames.check(key);
            var place = place(key);
            return turns.inTurn(
                    place.toString(),
                    () -> work(() -> unlink(place) || there())
                            .compose(there -> index.remove(key).map(there)));
        });
    }

    private static boolean unlink(Path place) throws IOException {
        var there = Files.deleteIfExists(place);
        if (there) {
            DataDir.syncNames(parent(place));
        }
        return there;
    }

    @Override
    public Future<Page> list(String space, String prefix, @Nullable String after, int most) {
        return begin(() -> {
            BlobNames.space(space);
            BlobNames.part("prefix", prefix);
            BlobNames.page(most);
            if (after != null) {
                BlobNames.name("cursor", after);
            }
            var listing = new Listing(space, prefix, most, new ArrayList<>());
            return after == null || Utf8.compare(after, prefix) < 0
                    ? collect(listing, prefix, true)
                    : collect(listing, after, false);
        });
    }

    private record Listing(String space, String prefix, int most, List<Blob> found) {}

    /** One more than wanted, so as to know whether there is more. */
    private Future<Page> collect(Listing listing, String beyond, boolean included) {
        var found = listing.found();
        var missing = listing.most() + 1 - found.size();
        return index.names(listing.space(), listing.prefix(), beyond, included, missing)
                .compose(names -> work(() -> heads(listing, names)).compose(_ -> {
                    if (found.size() > listing.most()) {
                        var page = List.copyOf(found.subList(0, listing.most()));
                        return Future.succeededFuture(
                                new Page(page, page.getLast().name()));
                    }
                    return names.size() < missing
                            ? Future.succeededFuture(new Page(List.copyOf(found), null))
                            : collect(listing, names.getLast(), false);
                }));
    }

    private boolean heads(Listing listing, List<String> names) throws IOException {
        for (var name : names) {
            find(new BlobKey(listing.space(), name)).ifPresent(listing.found()::add);
        }
        return true;
    }

    @Override
    public Future<Void> drop(String space) {
        return begin(() -> {
            BlobNames.space(space);
            return dropPage(space);
        });
    }

    private Future<Void> dropPage(String space) {
        return index.names(space, "", "", true, DROP_PAGE).compose(names -> {
            Future<Boolean> gone = Future.succeededFuture(true);
            for (var name : names) {
                gone = gone.compose(_ -> delete(new BlobKey(space, name)));
            }
            return names.isEmpty() ? Future.succeededFuture() : gone.compose(_ -> dropPage(space));
        });
    }

    @Override
    public Optional<URI> presign(BlobKey key, Duration life) {
        return Optional.empty();
    }

    private static Path parent(Path place) {
        return Objects.requireNonNull(place.getParent());
    }

    private <T> Future<T> begin(Supplier<Future<T>> operation) {
        return Faults.in(operation).onFailure(watch::heard);
    }

    private <T> Future<T> work(Callable<T> work) {
        return workers.executeBlocking(work, false).map(Objects::requireNonNull).recover(cause -> {
            var fault = Faults.ofDisk(cause);
            watch.heard(fault);
            return Future.failedFuture(fault);
        });
    }

    @Override
    public BlobStore blobs() {
        return this;
    }

    @Override
    public Durability durability() {
        return new Durability(Durability.Level.DISK, Durability.Fencing.ONE_PROCESS, "the disk itself; one node only");
    }

    @Override
    public List<Health> health() {
        return List.of(watch.health());
    }

    @Override
    public Future<Void> close() {
        watch.close();
        var _ = vertx.cancelTimer(ticker);
        return slots.close(vertx).eventually(workers::close).eventually(index::close);
    }
}
