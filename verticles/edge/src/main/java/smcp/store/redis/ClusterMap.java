package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The masters of a Redis Cluster by slot, as {@code CLUSTER SLOTS} of one of them says. */
final class ClusterMap extends Topology {
    private final Dialer dialer;
    private final List<Endpoint> seeds;
    private @Nullable Endpoint[] slots = new @Nullable Endpoint[Slot.COUNT];
    private Set<Endpoint> masters = Set.of();

    ClusterMap(Vertx vertx, Dialer dialer, List<Endpoint> seeds, Runnable changed) {
        super(vertx, changed);
        this.dialer = dialer;
        this.seeds = seeds;
    }

    @Override
    Future<Boolean> look() {
        var all = new LinkedHashSet<>(masters);
        all.addAll(seeds);
        return ask(new ArrayList<>(all), 0);
    }

    private Future<Boolean> ask(List<Endpoint> all, int at) {
        var node = all.get(at);
        var answer = dialer.askServer(node, Request.cmd(Command.CLUSTER).arg("SLOTS"))
                .map(ranges -> take(node, ranges));
        return at + 1 == all.size() ? answer : answer.recover(_ -> ask(all, at + 1));
    }

    private boolean take(Endpoint asked, Response ranges) {
        var found = new @Nullable Endpoint[Slot.COUNT];
        for (var range : ranges) {
            var master = endpoint(asked, range.get(2));
            Arrays.fill(found, Reply.count(range, 0), Reply.count(range, 1) + 1, master);
        }
        var set = new LinkedHashSet<Endpoint>();
        for (var each : found) {
            if (each != null) {
                set.add(each);
            }
        }
        if (set.isEmpty()) {
            throw RedisFaults.unavailable("no server of the cluster has a slot");
        }
        var other = !Arrays.equals(found, slots);
        slots = found;
        masters = set;
        return other;
    }

    /** A node that does not know its own address leaves it out (CLUSTER SLOTS, preferred endpoint): it is the one that was asked. */
    private static Endpoint endpoint(Endpoint asked, Response node) {
        var host = node.get(0) == null ? "" : node.get(0).toString();
        return new Endpoint(host.isEmpty() || host.equals("?") ? asked.host() : host, Reply.count(node, 1));
    }

    @Override
    @Nullable
    Endpoint master(int slot) {
        return slots[slot];
    }

    @Override
    Set<Endpoint> masters() {
        return masters;
    }

    @Override
    Future<Dialer.Dialed> dial(Endpoint target) {
        return dialer.server(target);
    }
}
