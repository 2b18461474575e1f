package smcp.vault;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A stream made of another one, piece by piece, at the reader's pace: the source is asked for a buffer only when the reader wants one and none is ready, so what waits here is never more than one buffer of the source makes.
 * Paused at first. The source delivers one at a time; the reader may ask from any thread, and hears one event at a time.
 */
abstract class Piped implements ReadStream<Buffer> {
    private final ReadStream<Buffer> source;
    private final AtomicLong demand = new AtomicLong();
    private final Queue<Buffer> ready = new ConcurrentLinkedQueue<>();
    /** Events that are to be looked at; whoever raises it from 0 looks at all of them. */
    private final AtomicInteger events = new AtomicInteger();

    private volatile boolean asked;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;
    private volatile @Nullable Handler<Buffer> handler;
    private volatile @Nullable Handler<Throwable> exceptionHandler;
    private volatile @Nullable Handler<Void> endHandler;
    /** Of whoever looks at events. */
    private boolean told;

    Piped(ReadStream<Buffer> source) {
        this.source = source;
    }

    /** Takes hold of the source; called once, when the object is made. */
    final void attach() {
        source.pause();
        source.exceptionHandler(this::fail);
        source.endHandler(_ -> {
            if (failure == null) {
                try {
                    finish();
                    ended = true;
                } catch (RuntimeException e) {
                    fail(e);
                }
            }
            look();
        });
        source.handler(piece -> {
            asked = false;
            if (failure == null) {
                try {
                    accept(piece);
                } catch (RuntimeException e) {
                    fail(e);
                }
            }
            look();
        });
    }

    /** A piece of the source. What throws ends the stream. */
    abstract void accept(Buffer piece);

    /** The source has ended. */
    abstract void finish();

    /** Is more of the source needed although the reader wants nothing? */
    boolean wants() {
        return false;
    }

    /** Hands a piece to the reader. */
    final void emit(Buffer piece) {
        if (piece.length() > 0) {
            ready.add(piece);
        }
    }

    final void fail(Throwable cause) {
        if (failure == null) {
            failure = cause;
            failed(cause);
        }
        look();
    }

    /** The stream has failed, here or at its source. */
    void failed(Throwable cause) {}

    final @Nullable Throwable failure() {
        return failure;
    }

    /** Looks what is to be done now; events that come while somebody looks are looked at by them. */
    final void look() {
        if (events.getAndIncrement() != 0) {
            return;
        }
        var seen = 1;
        do {
            deliver();
            seen = events.addAndGet(-seen);
        } while (seen != 0);
    }

    private void deliver() {
        var to = handler;
        while (to != null && failure == null && demand.get() > 0) {
            var piece = ready.poll();
            if (piece == null) {
                break;
            }
            var _ = demand.updateAndGet(left -> left == Long.MAX_VALUE ? left : left - 1);
            to.handle(piece);
            to = handler;
        }
        if (!told) {
            end();
        }
    }

    private void end() {
        var cause = failure;
        var onFailure = exceptionHandler;
        var onEnd = endHandler;
        if (cause != null) {
            if (onFailure != null) {
                told = true;
                ready.clear();
                onFailure.handle(cause);
            }
        } else if (ended) {
            if (ready.isEmpty() && demand.get() > 0 && onEnd != null) {
                told = true;
                onEnd.handle(null);
            }
        } else if (!asked && ready.isEmpty() && (demand.get() > 0 || wants())) {
            asked = true;
            source.fetch(1);
        }
    }

    @Override
    @CanIgnoreReturnValue
    public Piped handler(@Nullable Handler<Buffer> next) {
        handler = next;
        look();
        return this;
    }

    @Override
    @CanIgnoreReturnValue
    public Piped exceptionHandler(@Nullable Handler<Throwable> next) {
        exceptionHandler = next;
        look();
        return this;
    }

    @Override
    @CanIgnoreReturnValue
    public Piped endHandler(@Nullable Handler<Void> next) {
        endHandler = next;
        look();
        return this;
    }

    @Override
    @CanIgnoreReturnValue
    public Piped pause() {
        demand.set(0);
        return this;
    }

    @Override
    @CanIgnoreReturnValue
    public Piped resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    @CanIgnoreReturnValue
    public Piped fetch(long amount) {
        var _ = demand.updateAndGet(had -> had + amount < 0 ? Long.MAX_VALUE : had + amount);
        look();
        return this;
    }
}
