package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.PriorityQueue;
import smcp.bus.Fault;

/** How far a feed has come, and who waits for it. Thread-safe. */
final class Reached {
    private static final int MOST_WAITING = 10_000;

    private record Waiting(long position, Promise<Void> promise) {}

    private final PriorityQueue<Waiting> waiting =
            new PriorityQueue<>((one, other) -> Long.compare(one.position(), other.position()));
    private volatile long position;

    long position() {
        return position;
    }

    /** It has come so far; one thread at a time. */
    void now(long to) {
        var done = new ArrayList<Promise<Void>>(0);
        synchronized (this) {
            if (to > position) {
                position = to;
            }
            while (!waiting.isEmpty() && waiting.peek().position() <= position) {
                done.add(waiting.remove().promise());
            }
        }
        done.forEach(promise -> promise.tryComplete());
    }

    synchronized Future<Void> until(long until) {
        if (until <= position) {
            return Future.succeededFuture();
        }
        if (waiting.size() >= MOST_WAITING) {
            return Future.failedFuture(new Fault(
                    Fault.Kind.OVERLOADED, MOST_WAITING + " already wait for this node's registry to catch up"));
        }
        var promise = Promise.<Void>promise();
        waiting.add(new Waiting(until, promise));
        return promise.future();
    }
}
