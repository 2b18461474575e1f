package smcp.store.backup;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/** A stream that a thread feeds, which waits while nobody takes. Handlers run on one context. */
final class Fed implements ReadStream<Buffer> {
    private static final int PIECES = 16;
    private static final long LONGEST_SECONDS = 120;

    private final Context context;
    private final Semaphore room = new Semaphore(PIECES);
    private final Deque<Buffer> pieces = new ArrayDeque<>();
    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private long demand;
    private boolean fed;
    private boolean over;
    private volatile boolean abandoned;

    /** Begins paused. */
    Fed(Context context) {
        this.context = context;
    }

    /** Blocks until there is room. */
    void feed(Buffer piece) {
        try {
            if (!abandoned && !room.tryAcquire(LONGEST_SECONDS, TimeUnit.SECONDS)) {
                throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "nothing was taken for " + LONGEST_SECONDS + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Kind.CANCELLED, "interrupted", e);
        }
        context.runOnContext(_ -> {
            pieces.add(piece);
            give();
        });
    }

    void end() {
        context.runOnContext(_ -> {
            fed = true;
            give();
        });
    }

    /** Its reader hears that there is no more to come, and that it is not whole. */
    void fail(Throwable cause) {
        context.runOnContext(_ -> {
            over = true;
            if (exceptionHandler != null) {
                exceptionHandler.handle(cause);
            }
        });
    }

    /** Its reader has ended, well or not: what is fed from now on goes nowhere. */
    void abandon() {
        abandoned = true;
        room.release(PIECES);
    }

    private void give() {
        while (demand > 0 && !pieces.isEmpty() && !over && handler != null) {
            if (demand != Long.MAX_VALUE) {
                demand--;
            }
            var piece = pieces.remove();
            room.release();
            handler.handle(piece);
        }
        if (fed && pieces.isEmpty() && !over && demand > 0) {
            over = true;
            if (endHandler != null) {
                endHandler.handle(null);
            }
        }
    }

    private void later(Runnable change) {
        context.runOnContext(_ -> {
            change.run();
            give();
        });
    }

    @Override
    public ReadStream<Buffer> handler(@Nullable Handler<Buffer> to) {
        later(() -> handler = to);
        return this;
    }

    @Override
    public ReadStream<Buffer> endHandler(@Nullable Handler<Void> to) {
        later(() -> endHandler = to);
        return this;
    }

    @Override
    public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> to) {
        later(() -> exceptionHandler = to);
        return this;
    }

    @Override
    public ReadStream<Buffer> pause() {
        later(() -> demand = 0);
        return this;
    }

    @Override
    public ReadStream<Buffer> resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public ReadStream<Buffer> fetch(long amount) {
        later(() -> demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount);
        return this;
    }
}
