package smcp.engine;

import java.util.concurrent.TimeUnit;

/** Counts the frames that belong to nothing. A few are normal: answers cross with cancellations. For one thread. */
final class Strays {
    private final int most;
    private long second = now();
    private int inSecond;
    private long all;

    /** @param most a second */
    Strays(int most) {
        this.most = most;
    }

    /** One more; false if that is a flood. */
    boolean count() {
        all++;
        if (++inSecond <= most) {
            return true;
        }
        var now = now();
        if (now == second) {
            return false;
        }
        second = now;
        inSecond = 1;
        return true;
    }

    int most() {
        return most;
    }

    long all() {
        return all;
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    }
}
