package smcp.peer;

import java.util.OptionalLong;

/** The time there and back over all connections of a link, smoothed as TCP does it (RFC 6298 §2). Any thread. */
final class RoundTrip {
    private static final int ALPHA = 8;

    private long smoothed;
    private int connections;

    synchronized void opened() {
        connections++;
    }

    /** Without a connection nothing is known any more. */
    synchronized void closed() {
        if (--connections == 0) {
            smoothed = 0;
        }
    }

    synchronized void measured(long nanos) {
        if (connections > 0) {
            smoothed = smoothed == 0 ? nanos : smoothed + (nanos - smoothed) / ALPHA;
        }
    }

    synchronized OptionalLong nanos() {
        return smoothed == 0 ? OptionalLong.empty() : OptionalLong.of(smoothed);
    }
}
