package smcp.vault;

import com.google.crypto.tink.subtle.StreamSegmentDecrypter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/**
 * Content on its way out of a store. Reads the head by itself, if it begins there, and waits for {@link #begin}; then opens segment after segment and lets through what of them was asked for. What it lets through is
 * genuine; a reader who does not reach the end does not have all of it.
 */
final class OpeningStream extends Piped {
    private final Part part;
    private final Promise<Buffer> head = Promise.promise();
    private Buffer pending = Buffer.buffer();
    private long segment;
    private volatile @Nullable StreamSegmentDecrypter cipher;
    private volatile boolean sourceEnded;

    /**
     * What of a blob arrives, and what of that goes on.
     *
     * @param what for messages
     * @param stored length of the whole blob as it is stored
     * @param first segment that arrives; 0 comes with the head
     * @param from plain position
     * @param to plain position, not included; at most the blob's end
     */
    record Part(String what, long stored, long first, long from, long to) {
        long last() {
            return to <= from ? first : BlobLayout.segmentOf(to - 1);
        }
    }

    OpeningStream(ReadStream<Buffer> source, Part part) {
        super(source);
        this.part = part;
        this.segment = part.first();
        attach();
        if (segment == 0) {
            look();
        } else {
            head.complete(Buffer.buffer());
        }
    }

    /** The head, or less if the blob is shorter. */
    Future<Buffer> head() {
        return head.future();
    }

    /** Goes on behind the head. */
    void begin(StreamSegmentDecrypter with) {
        cipher = with;
        try {
            open();
            if (sourceEnded) {
                complete();
            }
        } catch (RuntimeException e) {
            fail(e);
        }
        look();
    }

    @Override
    boolean wants() {
        return !head.future().isComplete();
    }

    @Override
    void accept(Buffer piece) {
        pending.appendBuffer(piece);
        if (cipher != null) {
            open();
        } else if (!head.future().isComplete() && pending.length() >= BlobLayout.HEAD) {
            var bytes = pending.getBuffer(0, BlobLayout.HEAD);
            pending = pending.getBuffer(BlobLayout.HEAD, pending.length());
            head.complete(bytes);
        }
    }

    private void open() {
        var at = 0;
        while (segment <= part.last()) {
            var length = length(segment);
            if (pending.length() - at < length) {
                break;
            }
            emit(opened(pending.getBytes(at, at + length)));
            at += length;
            segment++;
        }
        pending = pending.getBuffer(at, pending.length());
    }

    /** Of a segment as it is stored, without the head. */
    private int length(long number) {
        var whole = (int) Math.min(BlobLayout.SEGMENT, part.stored() - number * BlobLayout.SEGMENT);
        return number == 0 ? whole - BlobLayout.HEAD : whole;
    }

    private Buffer opened(byte[] sealedBytes) {
        var last = (segment + 1) * BlobLayout.SEGMENT >= part.stored();
        var plain = ByteBuffer.allocate(BlobLayout.OTHER);
        try {
            java.util.Objects.requireNonNull(cipher)
                    .decryptSegment(ByteBuffer.wrap(sealedBytes), Math.toIntExact(segment), last, plain);
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.SEALED, part.what() + " does not open: it was changed or cut where it is stored");
        }
        var start = BlobLayout.plainStart(segment);
        var from = (int) Math.max(0, part.from() - start);
        var to = (int) Math.min(plain.position(), part.to() - start);
        return to <= from ? Buffer.buffer() : Buffer.buffer(to - from).appendBytes(plain.array(), from, to - from);
    }

    @Override
    void finish() {
        sourceEnded = true;
        if (!head.future().isComplete()) {
            var bytes = pending;
            pending = Buffer.buffer();
            head.complete(bytes);
        } else if (cipher != null) {
            complete();
        }
    }

    private void complete() {
        if (segment <= part.last()) {
            throw new Fault(Kind.SEALED, part.what() + " does not open: the store gave less of it than it has");
        }
    }

    @Override
    void failed(Throwable cause) {
        head.tryFail(cause);
    }
}
