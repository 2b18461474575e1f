package smcp.peer;

import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Holds back for a moment the word that a call has begun: nearly always the answer comes within it and nobody needs to be told, which saves every second frame. One timer for all, and none while nothing waits. Confined to
 * its event loop.
 */
final class Lingering {
    /** Short beside the 300 ms after which a silent answer becomes a stream. */
    private static final long MILLIS = 20;

    private final Vertx vertx;
    private Queue<IncomingCall> waiting = new ArrayDeque<>();
    private boolean armed;

    Lingering(Vertx vertx) {
        this.vertx = vertx;
    }

    void add(IncomingCall call) {
        waiting.add(call);
        if (!armed) {
            armed = true;
            vertx.setTimer(MILLIS, _ -> tell());
        }
    }

    private void tell() {
        var all = waiting;
        waiting = new ArrayDeque<>();
        armed = false;
        all.forEach(IncomingCall::lingered);
    }
}
