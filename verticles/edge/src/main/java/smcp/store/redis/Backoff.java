package smcp.store.redis;

import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: twice as long each time, up to a bound, and never the same for two nodes. Of one context. */
final class Backoff {
    private static final long FIRST_MILLIS = 50;
    private static final long LAST_MILLIS = 1_000;

    private long next = FIRST_MILLIS;

    long millis() {
        var now = next;
        next = Math.min(2 * now, LAST_MILLIS);
        return now / 2 + ThreadLocalRandom.current().nextLong(now / 2 + 1);
    }

    void reset() {
        next = FIRST_MILLIS;
    }
}
