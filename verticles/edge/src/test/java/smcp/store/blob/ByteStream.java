package smcp.store.blob;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A paused stream that makes its buffers when they are wanted, and ends or fails after them. Not faster than its delay. */
public final class ByteStream implements ReadStream<Buffer> {
    private final Vertx vertx;
    private final Context context;
    private final int count;
    private final IntFunction<Buffer> maker;
    private final long delayMillis;
    private final @Nullable Throwable failure;

    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private long demand;
    private int made;
    private boolean busy;
    private boolean over;

    private ByteStream(
            Vertx vertx, int count, IntFunction<Buffer> maker, long delayMillis, @Nullable Throwable failure) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.count = count;
        this.maker = maker;
        this.delayMillis = delayMillis;
        this.failure = failure;
    }

    public static ByteStream of(Vertx vertx, byte[] bytes) {
        return of(vertx, bytes.length == 0 ? 0 : 1, _ -> Buffer.buffer(bytes));
    }

    public static ByteStream of(Vertx vertx, int count, IntFunction<Buffer> maker) {
        return new ByteStream(vertx, count, maker, 0, null);
    }

    public ByteStream slow(long millis) {
        return new ByteStream(vertx, count, maker, millis, failure);
    }

    public ByteStream failing(Throwable cause) {
        return new ByteStream(vertx, count, maker, delayMillis, cause);
    }

    /** How many buffers were asked for so far. */
    public synchronized int made() {
        return made;
    }

    @Override
    public synchronized ByteStream exceptionHandler(@Nullable Handler<Throwable> given) {
        exceptionHandler = given;
        return this;
    }

    @Override
    public synchronized ByteStream handler(@Nullable Handler<Buffer> given) {
        handler = given;
        return this;
    }

    @Override
    public synchronized ByteStream endHandler(@Nullable Handler<Void> given) {
        endHandler = given;
        return this;
    }

    @Override
    public synchronized ByteStream pause() {
        demand = 0;
        return this;
    }

    @Override
    public ByteStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public synchronized ByteStream fetch(long amount) {
        demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        schedule();
        return this;
    }

    private synchronized void schedule() {
        if (busy || over || demand == 0) {
            return;
        }
        busy = true;
        if (delayMillis > 0) {
            var _ = vertx.setTimer(delayMillis, _ -> context.runOnContext(_ -> step()));
        } else {
            context.runOnContext(_ -> step());
        }
    }

    private void step() {
        Runnable event;
        synchronized (this) {
            busy = false;
            if (demand == 0 || over) {
                return;
            }
            event = next();
        }
        event.run();
        schedule();
    }

    private Runnable next() {
        if (made < count) {
            demand -= demand == Long.MAX_VALUE ? 0 : 1;
            var buffer = maker.apply(made++);
            var to = handler;
            return () -> {
                if (to != null) {
                    to.handle(buffer);
                }
            };
        }
        over = true;
        var onFailure = exceptionHandler;
        var onEnd = endHandler;
        return () -> {
            if (failure != null && onFailure != null) {
                onFailure.handle(failure);
            } else if (failure == null && onEnd != null) {
                onEnd.handle(null);
            }
        };
    }
}
