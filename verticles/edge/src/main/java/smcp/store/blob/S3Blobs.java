package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.store.BlobBackend;
import smcp.store.Durability;
import smcp.store.Health;
import smcp.store.Text;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Blobs as objects of a bucket, shared by all nodes that name it. {@link S3Keys} says under which keys, {@link S3Upload} how they get there, {@link S3Source} how they are read. */
final class S3Blobs implements BlobStore, BlobBackend {
    private static final Logger log = LoggerFactory.getLogger(S3Blobs.class);
    /** A start has other things to do. */
    private static final Duration FIRST_SWEEP = Duration.ofMinutes(1);
    /** Between two looks for what was left unfinished. */
    private static final Duration SWEEP = Duration.ofHours(1);
    /** Longest that a signature of version 4 holds (Amazon S3 API Reference, Authenticating Requests: Using Query Parameters). */
    private static final Duration LONGEST_LIFE = Duration.ofDays(7);

    private static final int DELETES_AT_ONCE = 16;

    private final Vertx vertx;
    private final S3Config config;
    private final String bucket;
    private final S3Keys keys;
    private final S3Calls calls;
    private final Slots slots;
    private final InstantSource clock = Clock.systemUTC();
    private final Watch watch;
    private volatile S3Conditions honoured = S3Conditions.UNKNOWN;
    private volatile long sweeper = -1;

    private S3Blobs(Vertx vertx, S3Config config) {
        this.vertx = vertx;
        this.config = config;
        this.bucket = Objects.requireNonNull(config.bucket());
        this.keys = new S3Keys(config.prefix());
        this.watch = new Watch(vertx, () -> trial().answers(), this::works);
        this.calls = new S3Calls(vertx, config, watch::heard);
        this.slots = new Slots(config.transfers());
    }

    /** Not yet to be used. Blocks for a moment. */
    static S3Blobs client(Vertx vertx, S3Config config) {
        return new S3Blobs(vertx, config);
    }

    /** Ready to be used, if the bucket is; closed otherwise. If it may be away, a server that gives no answer is asked again until it does. */
    Future<S3Blobs> ready(Blobs.Start start) {
        return probe().map(this)
                .recover(cause -> {
                    if (start == Blobs.Start.MAY_BE_AWAY && S3Faults.passing(cause)) {
                        log.atError()
                                .addKeyValue("bucket", bucket)
                                .setCause(cause)
                                .log("blobs cannot be had yet; asking again");
                        watch.heard(cause);
                        return Future.succeededFuture(this);
                    }
                    return close().transform(
                                    _ -> Future.failedFuture(calls.faults().atStart(cause)));
                })
                .onSuccess(_ -> watch.begin());
    }

    private S3Probe trial() {
        return new S3Probe(calls, bucket, config.prefix());
    }

    /** What a server that was away at the start can do is still to be found out. */
    private Future<?> works() {
        return honoured.tried() ? trial().writes() : probe();
    }

    private Future<S3Conditions> probe() {
        return trial().run().onSuccess(found -> {
            honoured = found;
            sweeper = vertx.setPeriodic(FIRST_SWEEP.toMillis(), SWEEP.toMillis(), _ -> sweep());
        });
    }

    private void sweep() {
        var before = clock.instant().minus(config.unfinished());
        new S3Sweep(calls, bucket, config.prefix())
                .run(before)
                .onSuccess(count -> {
                    if (count > 0) {
                        log.atInfo().addKeyValue("uploads", count).log("what killed nodes left unfinished is removed");
                    }
                })
                .onFailure(cause -> log.atWarn()
                        .addKeyValue("bucket", bucket)
                        .addKeyValue("cause", cause.getMessage())
                        .log("what killed nodes left unfinished stays until the bucket's lifecycle rule removes it"));
    }

    @Override
    public Future<Blob> put(BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        return Faults.in(() -> {
            BlobNames.check(key);
            return slots.during(() -> {
                var upload = new S3Upload(calls, bucket, keys.key(key), key, condition, honoured, clock);
                var terms = new Intake.Terms(config.partBytes(), most, config.patience());
                return Intake.run(vertx, content, terms, upload)
                        .map(_ -> upload.blob())
                        .recover(cause -> upload.abort().compose(_ -> Future.failedFuture(cause)));
            });
        });
    }

    @Override
    public Future<Optional<Reading>> get(BlobKey key, Range range) {
        return Faults.in(() -> {
            BlobNames.check(key);
            slots.take();
            return fetch(key, range, null)
                    .map(found -> Optional.of(reading(key, range, found)))
                    .recover(cause -> notRead(key, range, cause))
                    .onComplete(answer -> {
                        if (answer.failed() || answer.result().isEmpty()) {
                            slots.release();
                        }
                    });
        });
    }

    private Future<S3Body> fetch(BlobKey key, Range range, @Nullable String etag) {
        var bytes = range.equals(Range.ALL)
                ? null
                : "bytes=" + range.from() + "-" + (range.to() == Long.MAX_VALUE ? "" : range.to() - 1);
        return calls.raw(s3 -> s3.getObject(
                request -> request.bucket(bucket)
                        .key(keys.key(key))
                        .range(bytes)
                        .ifMatch(etag == null ? null : "\"" + etag + "\""),
                new S3Body.Transformer()));
    }

    private Reading reading(BlobKey key, Range range, S3Body found) {
        var head = found.head();
        if (head.contentLength() == null || head.eTag() == null) {
            found.subscribe(new Unread(), _ -> {});
            throw calls.faults().unavailable("GetObject", "the server did not say how long the object is, or which");
        }
        var total = total(head);
        var to = Math.min(range.to(), total);
        var length = Math.max(0, to - range.from());
        if (head.contentLength() != length) {
            found.subscribe(new Unread(), _ -> {});
            throw calls.faults()
                    .unavailable(
                            "GetObject", "the server sent " + head.contentLength() + " bytes of a range of " + length);
        }
        var blob = new Blob(key.name(), total, S3Conditions.bare(head.eTag()), null, head.lastModified());
        var source = new S3Source(
                vertx.getOrCreateContext(),
                length,
                config.attempts(),
                received -> fetch(key, new Range(range.from() + received, to), blob.etag()),
                cause -> broken(key, cause));
        source.begin(found);
        return reading(blob, range, source);
    }

    private Reading reading(Blob blob, Range range, PulledStream.Source source) {
        var holder = new PulledStream[1];
        var stream = new PulledStream(vertx, source, config.patience(), () -> slots.ended(holder[0]));
        holder[0] = stream;
        slots.began(stream);
        return new Reading(blob, range, stream, stream::cancel);
    }

    /** Of the whole object: {@code bytes 0-9/10} for a range (RFC 9110 §14.4). */
    private static long total(GetObjectResponse head) {
        var range = head.contentRange();
        return range == null ? head.contentLength() : Long.parseLong(range.substring(range.indexOf('/') + 1));
    }

    private Fault broken(BlobKey key, Throwable cause) {
        return S3Faults.status(cause, 412) || S3Faults.missing(cause)
                ? new Fault(
                        Fault.Kind.CONFLICT,
                        "blob " + Text.shown(key.name()) + " was replaced or deleted while it was being read")
                : calls.faults().of("GetObject", cause);
    }

    /** 416 is also what an empty object answers to any range (RFC 9110 §15.5.17). */
    private Future<Optional<Reading>> notRead(BlobKey key, Range range, Throwable cause) {
        if (S3Faults.missing(cause)) {
            return Future.succeededFuture(Optional.empty());
        }
        if (!S3Faults.status(cause, 416)) {
            return Future.failedFuture(calls.faults().of("GetObject", cause));
        }
        return head(key)
                .map(found -> found.map(blob -> {
                    if (range.from() > 0) {
                        throw BlobNames.beyond(key, range.from(), blob.bytes());
                    }
                    return reading(blob, range, new Nothing());
                }));
    }

    @Override
    public Future<Optional<Blob>> head(BlobKey key) {
        return Faults.in(() -> {
            BlobNames.check(key);
            return calls.raw(s3 ->
                            s3.headObject(request -> request.bucket(bucket).key(keys.key(key))))
                    .map(found -> Optional.of(new Blob(
                            key.name(),
                            found.contentLength(),
                            S3Conditions.bare(found.eTag()),
                            null,
                            found.lastModified())))
                    .recover(cause -> S3Faults.missing(cause)
                            ? Future.succeededFuture(Optional.empty())
                            : Future.failedFuture(calls.faults().of("GetObject", cause)));
        });
    }

    @Override
    public Future<Boolean> delete(BlobKey key) {
        // S3 does not say whether there was one
        return head(key)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(false)
                        : remove(keys.key(key)).map(true));
    }

    private Future<?> remove(String key) {
        return calls.call(
                "DeleteObject",
                s3 -> s3.deleteObject(request -> request.bucket(bucket).key(key)));
    }

    @Override
    public Future<Page> list(String space, String prefix, @Nullable String after, int most) {
        return Faults.in(() -> {
            BlobNames.space(space);
            BlobNames.part("prefix", prefix);
            BlobNames.page(most);
            if (after != null) {
                BlobNames.name("cursor", after);
            }
            var from = after == null || Utf8.compare(after, prefix) < 0
                    ? keys.before(space, prefix)
                    : keys.key(new BlobKey(space, after));
            return collect(new Listing(space, prefix, most, new ArrayList<>()), from);
        });
    }

    private record Listing(String space, String prefix, int most, List<Blob> found) {
        Page page(boolean more) {
            return new Page(List.copyOf(found), more ? found.getLast().name() : null);
        }
    }

    private Future<Page> collect(Listing listing, String from) {
        return objects(keys.beginning(listing.space(), listing.prefix()), from, listing.most())
                .compose(answer -> {
                    for (var object : answer.contents()) {
                        var name = keys.name(listing.space(), object.key());
                        if (name.isEmpty()) {
                            continue; // somebody else's: it is not ours to read or to remove
                        }
                        if (!name.get().startsWith(listing.prefix())) {
                            return Future.succeededFuture(listing.page(false)); // names with one prefix stand together
                        }
                        if (listing.found().size() == listing.most()) {
                            return Future.succeededFuture(listing.page(true));
                        }
                        listing.found().add(blob(name.get(), object));
                    }
                    var more = Boolean.TRUE.equals(answer.isTruncated());
                    return !more || listing.found().size() == listing.most()
                            ? Future.succeededFuture(listing.page(more))
                            : collect(listing, answer.contents().getLast().key());
                });
    }

    private static Blob blob(String name, S3Object object) {
        var modified = Objects.requireNonNullElse(object.lastModified(), Instant.EPOCH);
        return new Blob(name, object.size(), S3Conditions.bare(object.eTag()), null, modified);
    }

    private Future<ListObjectsV2Response> objects(String prefix, String after, int most) {
        return calls.call(
                "ListBucket",
                s3 -> s3.listObjectsV2(request ->
                        request.bucket(bucket).prefix(prefix).startAfter(after).maxKeys(most)));
    }

    @Override
    public Future<Void> drop(String space) {
        return Faults.in(() -> {
            BlobNames.space(space);
            return dropAfter(keys.space(space), keys.space(space));
        });
    }

    /** Is there an object below our prefix? Those of the probe do not count. */
    Future<Boolean> hasAny() {
        return objects(keys.all(), keys.all(), MOST_NAMES)
                .map(answer ->
                        answer.contents().stream().anyMatch(object -> !S3Probe.made(config.prefix(), object.key())));
    }

    /** Removes every object below our prefix. */
    Future<Void> removeAll() {
        return dropAfter(keys.all(), keys.all());
    }

    /** One request for each object, a few at once: DeleteObjects would need less, but not every server has it, and each its own idea of its checksum. */
    private Future<Void> dropAfter(String prefix, String after) {
        return objects(prefix, after, MOST_NAMES).compose(answer -> {
            var names = answer.contents().stream().map(S3Object::key).toList();
            Future<?> done = Future.succeededFuture();
            for (var from = 0; from < names.size(); from += DELETES_AT_ONCE) {
                var some = names.subList(from, Math.min(names.size(), from + DELETES_AT_ONCE));
                done = done.compose(
                        _ -> Future.join(some.stream().map(this::remove).toList()));
            }
            return Boolean.TRUE.equals(answer.isTruncated())
                    ? done.compose(_ -> dropAfter(prefix, names.getLast()))
                    : done.mapEmpty();
        });
    }

    @Override
    public Optional<URI> presign(BlobKey key, Duration life) {
        BlobNames.check(key);
        if (!life.isPositive() || life.compareTo(LONGEST_LIFE) > 0) {
            throw new Fault(
                    Fault.Kind.INVALID_INPUT,
                    "life of a signed URL must be more than nothing and at most 7 days, got " + life);
        }
        try {
            var signed = calls.presigner()
                    .presignGetObject(signing -> signing.signatureDuration(life)
                            .getObjectRequest(request -> request.bucket(bucket).key(keys.key(key))));
            return Optional.of(URI.create(signed.url().toString()));
        } catch (RuntimeException e) {
            throw calls.faults().of("GetObject", e);
        }
    }

    @Override
    public BlobStore blobs() {
        return this;
    }

    @Override
    public Durability durability() {
        return new Durability(
                Durability.Level.DISK,
                Durability.Fencing.COMPARED,
                "what the S3 service can lose; on AWS that takes the loss of several sites");
    }

    @Override
    public List<Health> health() {
        return List.of(watch.health());
    }

    @Override
    public Future<Void> close() {
        watch.close();
        var _ = vertx.cancelTimer(sweeper);
        return slots.close(vertx).eventually(calls::close);
    }

    /** The content of an empty blob. */
    private static final class Nothing implements PulledStream.Source {
        @Override
        public Future<Optional<Buffer>> next() {
            return Future.succeededFuture(Optional.empty());
        }

        @Override
        public void close() {}
    }

    /** Gives back the connection of a body that nobody wants. */
    private static final class Unread implements Subscriber<ByteBuffer> {
        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.cancel();
        }

        @Override
        public void onNext(ByteBuffer bytes) {}

        @Override
        public void onError(Throwable cause) {}

        @Override
        public void onComplete() {}
    }
}
