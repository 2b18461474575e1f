package smcp.node;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes what has expired, again and again, one sweep at a time. That it fails is said once, and that it works again, too: a store that is away for an hour must not fill the log. */
final class Sweep {
    private static final Logger log = LoggerFactory.getLogger(Sweep.class);

    private final List<Supplier<Future<?>>> parts;
    private final AtomicBoolean running = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();

    Sweep(List<Supplier<Future<?>>> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Sweeps once, unless the last sweep is still under way. */
    void run() {
        if (running.compareAndSet(false, true)) {
            Future.join(parts.stream().<Future<?>>map(Supplier::get).toList()).onComplete(done -> {
                running.set(false);
                tell(done.cause());
            });
        }
    }

    private void tell(@Nullable Throwable failure) {
        if (failure == null) {
            if (failing.compareAndSet(true, false)) {
                log.atInfo().log("what has expired is removed again");
            }
        } else if (failing.compareAndSet(false, true)) {
            log.atWarn().setCause(failure).log("what has expired could not be removed; it is tried again each second");
        }
    }
}
