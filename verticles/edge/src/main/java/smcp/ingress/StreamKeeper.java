package smcp.ingress;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/** Keeps the open streams of one event loop alive: one timer for all of them. Confined to that event loop. */
final class StreamKeeper {
    private final Set<SseStream> open = new LinkedHashSet<>();
    private final int maxBytes;

    StreamKeeper(Vertx vertx, IngressConfig config) {
        maxBytes = config.maxStreamBytes();
        var silence = config.keepAlive().toNanos();
        vertx.setPeriodic(Math.max(1, config.keepAlive().toMillis() / 4), _ -> {
            var now = System.nanoTime();
            // a stream that turns out to be closed leaves the set while it is walked
            new ArrayList<>(open).forEach(stream -> stream.keepAlive(now, silence));
        });
    }

    void add(SseStream stream) {
        open.add(stream);
    }

    void remove(SseStream stream) {
        open.remove(stream);
    }

    int maxBytes() {
        return maxBytes;
    }
}
