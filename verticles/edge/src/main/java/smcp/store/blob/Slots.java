package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/** How many blobs may be under way at once. Each holds memory, a file or a connection, so what comes beyond is refused at once. */
final class Slots {
    private static final Duration GOODBYE = Duration.ofSeconds(10);

    private final int most;
    private final Set<PulledStream> readings = ConcurrentHashMap.newKeySet();
    private final Promise<Void> empty = Promise.promise();
    private int used;
    private boolean closed;

    Slots(int most) {
        this.most = most;
    }

    /** Does {@code work} in a place of its own; one that is held until the future completes. */
    <T extends @Nullable Object> Future<T> during(Supplier<Future<T>> work) {
        take();
        try {
            return work.get().onComplete(_ -> release());
        } catch (RuntimeException e) {
            release();
            return Future.failedFuture(e);
        }
    }

    /** A place for as long as a stream is read: the caller {@link #release}s it. */
    synchronized void take() {
        if (closed) {
            throw closing();
        }
        if (used == most) {
            throw new Fault(Fault.Kind.OVERLOADED, most + " blobs are being read and written already");
        }
        used++;
    }

    synchronized void release() {
        used--;
        if (closed && used == 0) {
            var _ = empty.tryComplete();
        }
    }

    /** Remembers a reading, so that closing ends it. */
    void began(PulledStream reading) {
        var _ = readings.add(reading);
    }

    void ended(PulledStream reading) {
        var _ = readings.remove(reading);
        release();
    }

    /** Refuses what comes, ends what is being read and waits a bounded time for what is being written. */
    Future<Void> close(Vertx vertx) {
        synchronized (this) {
            closed = true;
            if (used == 0) {
                var _ = empty.tryComplete();
            }
        }
        readings.forEach(reading -> reading.fail(closing()));
        var late = vertx.setTimer(GOODBYE.toMillis(), _ -> empty.tryComplete());
        return empty.future().onComplete(_ -> vertx.cancelTimer(late));
    }

    private static Fault closing() {
        return new Fault(Fault.Kind.STORE_UNAVAILABLE, "the blob store is closed");
    }
}
