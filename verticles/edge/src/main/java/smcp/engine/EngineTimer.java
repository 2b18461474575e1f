package smcp.engine;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadlines of all engines, on one thread of their own. Not Vert.x timers: those belong to the context that set them, which may be some verticle's that is undeployed before the call it began has ended.
 */
final class EngineTimer {
    private static final Logger log = LoggerFactory.getLogger(EngineTimer.class);
    private static final ScheduledThreadPoolExecutor TIMER = timer();

    private EngineTimer() {}

    private static ScheduledThreadPoolExecutor timer() {
        var timer = new ScheduledThreadPoolExecutor(
                1,
                task -> Thread.ofPlatform().name("smcp-engine-timer").daemon().unstarted(task));
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }

    /** Runs {@code task} once, unless it is cancelled before; it must be short. */
    @CanIgnoreReturnValue
    static Future<?> after(Duration delay, Runnable task) {
        return TIMER.schedule(() -> guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a deadline could not be enforced");
        }
    }
}
