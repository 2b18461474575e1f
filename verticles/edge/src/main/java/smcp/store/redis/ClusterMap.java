package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
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
                .map(ranges -> take(node, Answer.of(ranges)));
        return at + 1 == all.size() ? answer : answer.recover(_ -> ask(all, at + 1));
    }

    private boolean take(Endpoint asked, Answer ranges) {
        var found = new @Nullable Endpoint[Slot.COUNT];
        for (var i = 0; i < ranges.size(); i++) {
            var range = ranges.at(i);
            var master = endpoint(asked, range.at(2));
            Arrays.fill(found, range.count(0), range.count(1) + 1, master);
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
    private static Endpoint endpoint(Endpoint asked, Answer node) {
        @Nullable Answer named = node.maybe(0);
        var host = named == null ? "" : named.text();
        return new Endpoint(host.isEmpty() || host.equals("?") ? asked.host() : host, node.count(1));
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
