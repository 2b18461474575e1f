package smcp.store.blob;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/**
 * Reads a stream in pieces of one size, the last one shorter. Asks for the next buffer only when the piece before was taken, so at most one piece and one buffer are in memory. Confined to the context it was begun on; what the stream says on
 * other threads is brought there.
 */
final class Intake {
    private static final int FIRST = 16 << 10;

    /** Where the pieces go. */
    @FunctionalInterface
    interface Sink {
        /** Takes {@code bytes[0, length)}, which are the caller's again when the future completes; {@code last} comes once, possibly with nothing. */
        Future<?> take(byte[] bytes, int length, boolean last);
    }

    /**
     * How to read.
     *
     * @param piece bytes of a piece
     * @param most bytes altogether
     * @param patience longest silence of the stream
     */
    record Terms(int piece, long most, Duration patience) {}

    private final Vertx vertx;
    private final Context context;
    private final ReadStream<Buffer> content;
    private final Terms terms;
    private final Sink sink;
    private final Promise<Long> done = Promise.promise();
    private final long watch;

    private byte[] piece;
    private int filled;
    private Buffer rest = Buffer.buffer();
    private int restAt;
    private long total;
    private boolean ended;
    private boolean busy;
    private boolean over;
    private @Nullable Throwable failure;
    private long heard = System.nanoTime();

    private Intake(Vertx vertx, ReadStream<Buffer> content, Terms terms, Sink sink) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.content = content;
        this.terms = terms;
        this.sink = sink;
        this.piece = new byte[Math.min(FIRST, terms.piece())];
        this.watch = vertx.setPeriodic(Math.max(1, terms.patience().toMillis() / 4), _ -> home(this::watch));
    }

    /** Bytes read, when all was taken; fails with what the stream or the sink failed with, after the sink has come to rest. */
    static Future<Long> run(Vertx vertx, ReadStream<Buffer> content, Terms terms, Sink sink) {
        var intake = new Intake(vertx, content, terms, sink);
        intake.begin();
        return intake.done.future();
    }

    private void begin() {
        try {
            var _ = content.pause()
                    .exceptionHandler(cause -> home(() -> fail(cause)))
                    .endHandler(_ -> home(this::ended))
                    .handler(buffer -> home(() -> arrived(buffer)));
            var _ = content.fetch(1);
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private void home(Runnable event) {
        context.runOnContext(_ -> {
            if (!over) {
                event.run();
            }
        });
    }

    private void arrived(Buffer buffer) {
        heard = System.nanoTime();
        total += buffer.length();
        if (total > terms.most()) {
            fail(new Fault(Fault.Kind.QUOTA, "a blob may have " + terms.most() + " bytes here, this has more"));
            return;
        }
        rest = restAt == rest.length()
                ? buffer
                : rest.getBuffer(restAt, rest.length()).appendBuffer(buffer);
        restAt = 0;
        pour();
    }

    private void ended() {
        ended = true;
        pour();
    }

    private void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
        pour();
    }

    private void watch() {
        if (!busy && !ended && System.nanoTime() - heard > terms.patience().toNanos()) {
            fail(new Fault(
                    Fault.Kind.TIMEOUT,
                    "nothing of the blob arrived for " + terms.patience().toSeconds() + " s"));
        }
    }

    private void pour() {
        if (busy || over) {
            return;
        }
        if (failure != null) {
            finish();
            return;
        }
        fill();
        if (filled == terms.piece()) {
            send(false);
        } else if (ended) {
            send(true);
        } else {
            var _ = content.fetch(1);
        }
    }

    private void fill() {
        var length = Math.min(rest.length() - restAt, terms.piece() - filled);
        if (filled + length > piece.length) {
            piece = Arrays.copyOf(piece, Math.min(terms.piece(), Math.max(filled + length, 2 * piece.length)));
        }
        var _ = rest.getBytes(restAt, restAt + length, piece, filled);
        restAt += length;
        filled += length;
    }

    private void send(boolean last) {
        busy = true;
        var length = filled;
        filled = 0;
        taken(piece, length, last)
                .onComplete(taken -> home(() -> {
                    busy = false;
                    heard = System.nanoTime();
                    if (taken.failed()) {
                        fail(taken.cause());
                    } else if (last) {
                        finish();
                    } else {
                        pour();
                    }
                }));
    }

    private Future<?> taken(byte[] bytes, int length, boolean last) {
        try {
            return sink.take(bytes, length, last);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private void finish() {
        over = true;
        var _ = vertx.cancelTimer(watch);
        if (failure == null) {
            done.complete(total);
        } else {
            done.fail(failure);
        }
    }
}
