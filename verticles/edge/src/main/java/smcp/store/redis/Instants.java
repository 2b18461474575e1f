package smcp.store.redis;

import java.time.Instant;
import smcp.store.Times;

/** Instants as the scripts take them (see {@code state.lua}). */
final class Instants {
    private static final int DIGITS = 19;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private Instants() {}

    /** 19 digits of nanoseconds: they compare as text as they do as numbers. What lies outside 1970 to 2262 stands at the nearer end. */
    static String text(Instant instant) {
        var digits = Long.toString(nanos(instant));
        return "0".repeat(DIGITS - digits.length()) + digits;
    }

    /** Milliseconds, rounded down. */
    static long floor(Instant instant) {
        return nanos(instant) / NANOS_PER_MILLI;
    }

    /** Milliseconds, rounded up. */
    static long ceil(Instant instant) {
        return Math.ceilDiv(nanos(instant), NANOS_PER_MILLI);
    }

    private static long nanos(Instant instant) {
        return Math.max(0, Times.nanos(instant));
    }
}
