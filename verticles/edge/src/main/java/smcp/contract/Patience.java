package smcp.contract;

import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long an answer may stay silent before it becomes a stream. One list and one timer for each event loop instead of a timer a call: all wait equally long, so the oldest is always first, and a call that
 * was answered in time (nearly all are) costs two pointer changes. Confined to its context.
 */
public final class Patience {
    /** Something that waits. */
    public abstract static class Waiting {
        private @Nullable Waiting before;
        private @Nullable Waiting after;
        private long until;
        private @Nullable Patience list;

        /** The time is over. */
        protected abstract void overdue();

        /** Waits no longer, in whichever list it did. */
        public void stopWaiting() {
            if (list != null) {
                list.forget(this);
            }
        }
    }

    private final long nanos;
    private @Nullable Waiting oldest;
    private @Nullable Waiting newest;

    /** @param howLong the same for all; looked at every tenth of it */
    public Patience(Vertx vertx, Duration howLong) {
        nanos = howLong.toNanos();
        vertx.setPeriodic(Math.max(1, howLong.toMillis() / 10), _ -> sweep(System.nanoTime()));
    }

    /** Begins, or begins anew: one waits in one list at a time. */
    public void await(Waiting waiting) {
        waiting.stopWaiting();
        waiting.until = System.nanoTime() + nanos;
        waiting.list = this;
        waiting.before = newest;
        if (newest == null) {
            oldest = waiting;
        } else {
            newest.after = waiting;
        }
        newest = waiting;
    }

    private void forget(Waiting waiting) {
        waiting.list = null;
        if (waiting.before == null) {
            oldest = waiting.after;
        } else {
            waiting.before.after = waiting.after;
        }
        if (waiting.after == null) {
            newest = waiting.before;
        } else {
            waiting.after.before = waiting.before;
        }
        waiting.before = null;
        waiting.after = null;
    }

    private void sweep(long now) {
        while (oldest != null && now - oldest.until >= 0) {
            var overdue = oldest;
            forget(overdue);
            overdue.overdue();
        }
    }
}
