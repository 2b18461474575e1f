package smcp.store.blob;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A package that the other nodes are reading, as far as they are. Any thread. */
final class Giving {
    /** A node that has read it so often keeps none. */
    private static final int TIMES = 3;

    private final String name;
    private final long most;
    private final long began = System.nanoTime();
    private final AtomicLong sent = new AtomicLong();

    Giving(String name, long bytes, int nodes) {
        this.name = name;
        this.most = TIMES * bytes * Math.max(1, nodes);
    }

    String name() {
        return name;
    }

    void more(long bytes) {
        var _ = sent.addAndGet(bytes);
    }

    long sent() {
        return sent.get();
    }

    boolean plausible() {
        return sent.get() <= most;
    }

    Duration since() {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
