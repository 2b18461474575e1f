package smcp.store;

import java.time.Instant;

/** Instants as numbers that sort the same way. */
public final class Times {
    private static final long NANOS = 1_000_000_000L;

    private Times() {}

    /** The instant that {@link #nanos} made this of. */
    public static Instant instant(long nanos) {
        return nanos == Long.MAX_VALUE
                ? Instant.MAX
                : Instant.ofEpochSecond(Math.floorDiv(nanos, NANOS), Math.floorMod(nanos, NANOS));
    }

    /** Nanoseconds of the epoch; what lies outside 1677 to 2262 stands at the nearer end. */
    public static long nanos(Instant instant) {
        try {
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NANOS), instant.getNano());
        } catch (ArithmeticException _) {
            return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
