package smcp.router;

import java.util.Comparator;
import java.util.PriorityQueue;

/** Time that passes only when something is due. Things due at the same moment happen in the order in which they were asked for, so a run with the same seed is the same run. */
final class VirtualTime {
    private final PriorityQueue<Due> due =
            new PriorityQueue<>(Comparator.comparingLong(Due::at).thenComparingLong(Due::order));
    private long now;
    private long asked;

    private record Due(long at, long order, Runnable what) {}

    long now() {
        return now;
    }

    void in(long nanos, Runnable what) {
        due.add(new Due(now + Math.max(0, nanos), asked++, what));
    }

    void until(long end) {
        while (!due.isEmpty() && due.peek().at() <= end) {
            var next = due.remove();
            now = next.at();
            next.what().run();
        }
        now = end;
    }
}
