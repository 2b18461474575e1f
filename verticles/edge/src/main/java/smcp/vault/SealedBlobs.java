package smcp.vault;

import com.google.crypto.tink.subtle.StreamSegmentDecrypter;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore;

/**
 * Seals blobs before a store sees them, and opens any range of them without reading the rest. Names stay readable; etags and conditions are the store's own; a hash of the content is not kept, since the store's would be that of
 * the sealed bytes.
 */
final class SealedBlobs implements BlobStore {
    /** A range that begins in a later segment needs the head first, and the blob may be replaced in between. */
    private static final int MOST_TRIES = 5;

    private final BlobStore raw;
    private final DataKeys keys;
    private final Sealing.Mode mode;

    SealedBlobs(BlobStore raw, DataKeys keys, Sealing.Mode mode) {
        this.raw = raw;
        this.keys = keys;
        this.mode = mode;
    }

    @Override
    public Future<Blob> put(BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        if (!mode.seals()) {
            return raw.put(key, content, condition, most);
        }
        return seal(key, content, condition, most);
    }

    /** Stores {@code content} sealed, whatever the mode. */
    Future<Blob> seal(BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        return keys.use(Contexts.owner(key.space()))
                .compose(use -> Future.succeededFuture(use.keys())
                        .compose(with -> write(with, key, content, condition, most))
                        .eventually(use::close));
    }

    private Future<Blob> write(Keys with, BlobKey key, ReadStream<Buffer> content, Condition condition, long most) {
        var sealing = new SealingStream(content, with, Contexts.blob(key), most);
        return raw.put(key, sealing, condition, BlobLayout.stored(most))
                .map(stored -> plain(stored, sealing.plain()))
                .recover(cause -> Future.failedFuture(sealing.failure() instanceof Fault fault ? fault : cause));
    }

    private static Blob plain(Blob stored, long bytes) {
        return new Blob(stored.name(), bytes, stored.etag(), null, stored.modified());
    }

    @Override
    public Future<Optional<Reading>> get(BlobKey key, Range range) {
        return range.from() < BlobLayout.FIRST ? fromStart(key, range) : fromWithin(key, range, MOST_TRIES);
    }

    private Future<Optional<Reading>> fromStart(BlobKey key, Range range) {
        return raw.get(key, new Range(0, storedEnd(range.to()))).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(found);
            }
            var reading = found.get();
            var cancel = once(reading.cancel());
            var stored = reading.blob().bytes();
            var bytes = BlobLayout.plain(stored);
            var to = Math.min(range.to(), Math.max(0, bytes));
            var opening = new OpeningStream(
                    reading.content(), new OpeningStream.Part(what(key), stored, 0, range.from(), to));
            return opening.head()
                    .compose(head -> {
                        if (!BlobLayout.isSealed(head)) {
                            cancel.run();
                            return mode.readsUnsealed() ? raw.get(key, range) : Future.failedFuture(unsealed(key));
                        }
                        check(range, stored, bytes);
                        opening.begin(cipher(key, head));
                        return Future.succeededFuture(
                                Optional.of(new Reading(plain(reading.blob(), bytes), range, opening, cancel)));
                    })
                    .onFailure(_ -> cancel.run());
        });
    }

    private static Runnable once(Runnable cancel) {
        var done = new AtomicBoolean();
        return () -> {
            if (done.compareAndSet(false, true)) {
                cancel.run();
            }
        };
    }

    private Future<Optional<Reading>> fromWithin(BlobKey key, Range range, int tries) {
        return head(key, BlobLayout.HEAD).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.<Reading>empty());
            }
            var blob = found.get().blob();
            var head = found.get().bytes();
            if (!BlobLayout.isSealed(head)) {
                return mode.readsUnsealed() ? raw.get(key, range) : Future.failedFuture(unsealed(key));
            }
            var bytes = BlobLayout.plain(blob.bytes());
            check(range, blob.bytes(), bytes);
            var cipher = cipher(key, head);
            var first = BlobLayout.segmentOf(range.from());
            var stored = new Range(first * BlobLayout.SEGMENT, storedEnd(Math.min(range.to(), bytes)));
            return raw.get(key, stored).compose(again -> {
                if (again.isEmpty() || !again.get().blob().etag().equals(blob.etag())) {
                    again.ifPresent(reading -> reading.cancel().run());
                    return tries > 1
                            ? fromWithin(key, range, tries - 1)
                            : Future.failedFuture(new Fault(
                                    Kind.OVERLOADED,
                                    what(key) + " is being replaced again and again; try again later"));
                }
                var reading = again.get();
                var part = new OpeningStream.Part(
                        what(key), blob.bytes(), first, range.from(), Math.min(range.to(), bytes));
                var opening = new OpeningStream(reading.content(), part);
                opening.begin(cipher);
                return Future.succeededFuture(
                        Optional.of(new Reading(plain(reading.blob(), bytes), range, opening, reading.cancel())));
            });
        });
    }

    /** Where the segment ends that holds the last plain byte before {@code to}. */
    private static long storedEnd(long to) {
        return to > Long.MAX_VALUE >> 2 ? Long.MAX_VALUE : (BlobLayout.segmentOf(to - 1) + 1) * BlobLayout.SEGMENT;
    }

    private static void check(Range range, long stored, long bytes) {
        if (bytes < 0) {
            throw BlobLayout.impossible(stored);
        }
        if (range.from() > 0 && range.from() >= bytes) {
            throw new Fault(
                    Kind.INVALID_INPUT, "range begins at " + range.from() + ", the blob has " + bytes + " bytes");
        }
    }

    private StreamSegmentDecrypter cipher(BlobKey key, Buffer head) {
        if (head.length() < BlobLayout.HEAD) {
            throw BlobLayout.impossible(head.length());
        }
        var context = Contexts.blob(key);
        var owner = keys.opening(Contexts.owner(key.space()), context);
        var own = owner.open(context, head.getBytes(BlobLayout.MARK_BYTES, BlobLayout.PREFIX));
        try {
            StreamSegmentDecrypter cipher = BlobLayout.cipher(own).newStreamSegmentDecrypter();
            cipher.init(ByteBuffer.wrap(head.getBytes(BlobLayout.PREFIX, BlobLayout.HEAD)), owner.associated(context));
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.SEALED, what(key) + " does not open: it was changed where it is stored");
        }
    }

    /** The beginning of a blob as it is stored. */
    private record Head(Blob blob, Buffer bytes) {}

    private Future<Optional<Head>> head(BlobKey key, int most) {
        return raw.get(key, new Range(0, most))
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(Optional.empty())
                        : Collected.of(found.get().content())
                                .onFailure(_ -> found.get().cancel().run())
                                .map(bytes -> Optional.of(new Head(found.get().blob(), bytes))));
    }

    /** Id of the key that seals a blob, and its etag; no key if it is not sealed. */
    Future<Optional<SealedWith>> sealedWith(BlobKey key) {
        return head(key, BlobLayout.PREFIX)
                .map(found -> found.map(head -> {
                    var bytes = head.bytes();
                    var known = BlobLayout.isSealed(bytes) && bytes.length() >= BlobLayout.PREFIX;
                    return new SealedWith(
                            known ? Keysets.keyOf(bytes.getBytes(BlobLayout.MARK_BYTES, BlobLayout.PREFIX), 0) : null,
                            head.blob().etag());
                }));
    }

    /** What a blob is sealed with. */
    record SealedWith(@Nullable Integer key, String etag) {}

    private static String what(BlobKey key) {
        return Contexts.shown(Contexts.owner(key.space()), Contexts.blob(key));
    }

    private static Fault unsealed(BlobKey key) {
        return new Fault(
                Kind.SEALED,
                what(key)
                        + " is stored unsealed; vault.acceptUnsealed: true reads it, smcp vault rotate-data-keys seals it");
    }

    @Override
    public Future<Optional<Blob>> head(BlobKey key) {
        return mode.readsUnsealed()
                ? head(key, BlobLayout.MARK_BYTES)
                        .map(found ->
                                found.map(head -> BlobLayout.isSealed(head.bytes()) ? shown(head.blob()) : head.blob()))
                : raw.head(key).map(found -> found.map(SealedBlobs::shown));
    }

    /** What has a length that no sealed blob has is shown as it is; reading it fails. */
    private static Blob shown(Blob stored) {
        var bytes = BlobLayout.plain(stored.bytes());
        return plain(stored, bytes < 0 ? stored.bytes() : bytes);
    }

    @Override
    public Future<Boolean> delete(BlobKey key) {
        return raw.delete(key);
    }

    /** Lengths of blobs that were stored unsealed are shown too small: a list does not look into blobs. */
    @Override
    public Future<Page> list(String space, String prefix, @Nullable String after, int most) {
        var page = raw.list(space, prefix, after, most);
        return mode.seals()
                ? page.map(found ->
                        new Page(found.blobs().stream().map(SealedBlobs::shown).toList(), found.next()))
                : page;
    }

    @Override
    public Future<Void> drop(String space) {
        return raw.drop(space);
    }

    /** None where blobs are sealed: the store would hand out what nobody can read. */
    @Override
    public Optional<URI> presign(BlobKey key, Duration life) {
        return mode.seals() ? Optional.empty() : raw.presign(key, life);
    }
}
