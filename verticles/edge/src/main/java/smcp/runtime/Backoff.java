package smcp.runtime;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a version that keeps breaking is left alone. The first restart is free, since most crashes are one bad call; from then on the pause doubles, so that a tenant that cannot start does not cost the
 * node a process every second.
 *
 * @param failures in a row
 * @param until no start before
 */
record Backoff(int failures, Instant until) {
    static final Backoff NONE = new Backoff(0, Instant.MIN);
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    Backoff after(Instant now) {
        if (failures == 0) {
            return new Backoff(1, Instant.MIN);
        }
        var pause = FIRST.multipliedBy(1L << Math.min(failures - 1, 16));
        return new Backoff(failures + 1, now.plus(pause.compareTo(LONGEST) < 0 ? pause : LONGEST));
    }

    boolean open(Instant now) {
        return !now.isBefore(until);
    }
}
