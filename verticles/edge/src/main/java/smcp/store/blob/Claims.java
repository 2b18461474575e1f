package smcp.store.blob;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which nodes may be about to make a version of a package: it was stored there, and no version names it yet. Told by messages that may be lost, so a claim ends by itself. Any thread. */
final class Claims {
    /** Beyond any deploy: what starts and is looked at in it has minutes. */
    static final Duration LIFE = Duration.ofHours(1);

    private static final int MOST = 10_000;

    /** By package, the oldest first. */
    private final Map<String, Map<String, Instant>> claims = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Map<String, Instant>> eldest) {
            return size() > MOST;
        }
    };

    synchronized void add(String name, String node, Instant now) {
        claims.computeIfAbsent(name, _ -> new HashMap<>()).put(node, now);
    }

    synchronized void remove(String name, String node) {
        claims.computeIfPresent(name, (_, nodes) -> {
            nodes.remove(node);
            return nodes.isEmpty() ? null : nodes;
        });
    }

    synchronized boolean any(String name, Instant now) {
        claims.computeIfPresent(name, (_, nodes) -> {
            nodes.values().removeIf(since -> old(since, now));
            return nodes.isEmpty() ? null : nodes;
        });
        return claims.containsKey(name);
    }

    static boolean old(Instant since, Instant now) {
        return since.plus(LIFE).isBefore(now);
    }
}
