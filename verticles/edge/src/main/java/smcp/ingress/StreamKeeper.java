package smcp.ingress;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** Keeps the open streams of one event loop alive, and lets no client make an answer wait for ever: one timer for all of them. Confined to that event loop. */
final class StreamKeeper {
    private final Set<SseStream> open = new LinkedHashSet<>();
    private final Set<Outflow> owing = new LinkedHashSet<>();
    private final int maxBytes;

    StreamKeeper(Vertx vertx, IngressConfig config) {
        maxBytes = config.maxStreamBytes();
        var silence = config.keepAlive().toNanos();
        var patience = config.bodyTimeout().toNanos();
        vertx.setPeriodic(Math.max(1, config.keepAlive().toMillis() / 4), _ -> {
            var now = System.nanoTime();
            // a stream that turns out to be closed leaves the sets while they are walked
            new ArrayList<>(owing).forEach(late -> late.cutIfStalled(now, patience));
            new ArrayList<>(open).forEach(stream -> stream.keepAlive(now, silence));
        });
    }

    void add(SseStream stream) {
        open.add(stream);
    }

    void remove(SseStream stream) {
        open.remove(stream);
    }

    /** Something was written that its client has not taken yet. */
    void owes(Outflow late) {
        owing.add(late);
    }

    void paid(Outflow late) {
        owing.remove(late);
    }

    int maxBytes() {
        return maxBytes;
    }
}
