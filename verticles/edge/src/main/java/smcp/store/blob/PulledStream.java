package smcp.store.blob;

import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;

/** A stream that takes the next buffer from its source when its reader wants one, and holds at most one. Paused at first. Events come on the context it was made on; its methods may be called on any thread. */
final class PulledStream implements ReadStream<Buffer> {
    private static final Logger log = LoggerFactory.getLogger(PulledStream.class);

    /** Where the buffers come from. Called on the stream's context. */
    interface Source {
        /** The next buffer, not empty; nothing at the end. Not called again before it has completed. */
        Future<Optional<Buffer>> next();

        /** Once, whatever became of it; {@link #next} may still be under way. */
        void close();
    }

    private final Vertx vertx;
    private final Context context;
    private final Source source;
    private final Duration patience;
    private final Runnable ended;
    private final long watch;

    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;
    private long demand;

    // below: of the context
    private @Nullable Buffer pending;
    private boolean pulling;
    private boolean delivering;
    private boolean over;
    private long active = System.nanoTime();

    /**
     * @param patience how long it may lie unread
     * @param ended runs once, when nothing more comes
     */
    PulledStream(Vertx vertx, Source source, Duration patience, Runnable ended) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.source = source;
        this.patience = patience;
        this.ended = ended;
        this.watch = vertx.setPeriodic(Math.max(1, patience.toMillis() / 4), _ -> context.runOnContext(_ -> watch()));
    }

    @Override
    public PulledStream exceptionHandler(@Nullable Handler<Throwable> given) {
        synchronized (this) {
            exceptionHandler = given;
        }
        return this;
    }

    @Override
    public PulledStream handler(@Nullable Handler<Buffer> given) {
        synchronized (this) {
            handler = given;
        }
        context.runOnContext(_ -> pump());
        return this;
    }

    @Override
    public PulledStream endHandler(@Nullable Handler<Void> given) {
        synchronized (this) {
            endHandler = given;
        }
        return this;
    }

    @Override
    public PulledStream pause() {
        synchronized (this) {
            demand = 0;
        }
        return this;
    }

    @Override
    public PulledStream resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public PulledStream fetch(long amount) {
        synchronized (this) {
            demand = demand + amount < 0 ? Long.MAX_VALUE : demand + amount;
        }
        context.runOnContext(_ -> pump());
        return this;
    }

    /** Nothing comes any more, not even the end. */
    void cancel() {
        context.runOnContext(_ -> finish());
    }

    /** As if what it reads from had failed. */
    void fail(Throwable cause) {
        context.runOnContext(_ -> failed(cause));
    }

    private void pump() {
        if (delivering) {
            return; // the loop below goes on by itself
        }
        delivering = true;
        try {
            while (!over && pending != null && take()) {
                var buffer = pending;
                pending = null;
                emit(buffer);
            }
        } finally {
            delivering = false;
        }
        if (!over && !pulling && pending == null && wanted()) {
            pulling = true;
            source.next().onComplete(answer -> context.runOnContext(_ -> pulled(answer)));
        }
    }

    private void pulled(AsyncResult<Optional<Buffer>> answer) {
        pulling = false;
        active = System.nanoTime();
        if (over) {
            return;
        }
        if (answer.failed()) {
            failed(answer.cause());
        } else if (answer.result().isEmpty()) {
            finish();
            Handler<Void> end;
            synchronized (this) {
                end = endHandler;
            }
            if (end != null) {
                end.handle(null);
            }
        } else {
            pending = answer.result().get();
            pump();
        }
    }

    private void emit(Buffer buffer) {
        active = System.nanoTime();
        Handler<Buffer> to;
        synchronized (this) {
            to = handler;
        }
        if (to != null) {
            to.handle(buffer);
        }
    }

    private void failed(Throwable cause) {
        if (over) {
            return;
        }
        finish();
        Handler<Throwable> to;
        synchronized (this) {
            to = exceptionHandler;
        }
        if (to != null) {
            to.handle(cause);
        } else {
            log.atWarn().setCause(cause).log("a blob broke off and nobody heard");
        }
    }

    private void watch() {
        if (!over && !pulling && System.nanoTime() - active > patience.toNanos()) {
            failed(new Fault(Fault.Kind.TIMEOUT, "nobody read on in the blob for " + patience.toSeconds() + " s"));
        }
    }

    private void finish() {
        if (!over) {
            over = true;
            pending = null;
            var _ = vertx.cancelTimer(watch);
            source.close();
            ended.run();
        }
    }

    private synchronized boolean wanted() {
        return demand > 0 && handler != null;
    }

    private synchronized boolean take() {
        if (!wanted()) {
            return false;
        }
        if (demand != Long.MAX_VALUE) {
            demand--;
        }
        return true;
    }
}
