package smcp.runtime;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** The last lines that tenants printed on this node, a bounded number each. */
final class TenantLogs {
    private final int most;
    private final InstantSource clock;
    private final Map<TenantId, Deque<String>> lines = new ConcurrentHashMap<>();

    TenantLogs(int most, InstantSource clock) {
        this.most = most;
        this.clock = clock;
    }

    void add(VersionRef version, String line) {
        var kept = lines.computeIfAbsent(version.tenant(), _ -> new ArrayDeque<>());
        synchronized (kept) {
            if (kept.size() == most) {
                kept.removeFirst();
            }
            kept.addLast(clock.instant() + " v" + version.number() + " " + line);
        }
    }

    /** The last {@code count}, oldest first. */
    List<String> tail(TenantId tenant, int count) {
        var kept = lines.get(tenant);
        if (kept == null) {
            return List.of();
        }
        synchronized (kept) {
            var all = new ArrayList<>(kept);
            return List.copyOf(all.subList(Math.max(0, all.size() - count), all.size()));
        }
    }

    void forget(TenantId tenant) {
        lines.remove(tenant);
    }
}
