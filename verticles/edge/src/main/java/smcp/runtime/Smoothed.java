package smcp.runtime;

/** An exponentially weighted mean: the last eight samples are most of it. Confined by its owner. */
final class Smoothed {
    private static final int WEIGHT = 8;

    private long value;
    private long last;

    void add(long sample, long nowNanos) {
        value = value == 0 ? sample : value + (sample - value) / WEIGHT;
        last = nowNanos;
    }

    /** 0 if there was no sample yet. */
    long value() {
        return value;
    }

    /** 0 if the last sample is older than {@code fresh}. */
    long since(long nowNanos, long fresh) {
        return nowNanos - last > fresh ? 0 : value;
    }
}
