package smcp.store.blob;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.store.Health;

/**
 * Knows how a store of blobs is doing, also when nobody needs one: it is looked at every few seconds, and while it is in trouble tried out each second. A blob that is damaged is no trouble of the store: who reads it hears of it, and it can be
 * written again.
 */
final class Watch {
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_OF_A_LOOK = 5;

    private final Vertx vertx;
    private final Health health;
    private final Supplier<? extends Future<?>> look;
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile long timer = -1;
    private volatile boolean closed;
    private int ticks;

    /**
     * @param look something that costs little and needs the store
     * @param probe something small that shows that blobs can be written; with a deadline, as {@code look}
     */
    Watch(Vertx vertx, Supplier<? extends Future<?>> look, Supplier<Future<?>> probe) {
        this.vertx = vertx;
        this.look = look;
        this.health = new Health("blobs", probe);
    }

    void begin() {
        timer = vertx.setPeriodic(TICK.toMillis(), _ -> tick());
    }

    private void tick() {
        health.tick();
        ticks = (ticks + 1) % TICKS_OF_A_LOOK;
        if (ticks == 0 && health.trouble() == null && looking.compareAndSet(false, true)) {
            look.get().onFailure(this::heard).onComplete(_ -> looking.set(false));
        }
    }

    Health health() {
        return health;
    }

    /** @param failure of anything that was done with the store */
    void heard(@Nullable Throwable failure) {
        if (!closed && failure instanceof Fault fault && fault.kind() == Fault.Kind.STORE_UNAVAILABLE) {
            health.ended(fault);
        }
    }

    /** From now on failures are the closing's. */
    void close() {
        closed = true;
        var _ = vertx.cancelTimer(timer);
    }
}
