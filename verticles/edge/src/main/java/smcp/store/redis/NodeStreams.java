package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.EventLog.Unended;
import smcp.tenant.TenantId;

/**
 * The streams whose calls one node runs. Each tenant has a set of them, changed in one step with the stream ({@code runs} and {@code rests} in {@code state.lua}); which tenants the node has any in stands in a set of the node's own. When the node
 * comes back from a kill, these are the calls that died with it, and those of other nodes are not among them. A call that goes on after its client's answers is the taker's.
 */
final class NodeStreams {
    private static final int TENANTS = 64;
    private static final int AT_ONCE = 100;

    /** For nodes that never come back. */
    private static final Duration LEFT = Duration.ofDays(30);

    private final RedisLink link;
    private final StateKeys keys;
    private final String node;
    private final NotedTenants tenants;
    /** Another node may come back and note tenants again, of which this one knows nothing: it forgets none. */
    private final boolean own;

    /** @param node that asks, the same after each restart, and no other's */
    NodeStreams(RedisLink link, StateKeys keys, String node) {
        this(link, keys, node, true);
    }

    private NodeStreams(RedisLink link, StateKeys keys, String node, boolean own) {
        this.own = own;
        this.link = link;
        this.keys = keys;
        this.node = node;
        this.tenants = new NotedTenants(link, link.keys().platform("node-" + node, "running"), LEFT);
    }

    /** Those of another node. */
    NodeStreams of(String other) {
        return new NodeStreams(link, keys, other, false);
    }

    byte[] node() {
        return bytes(node);
    }

    /** To be completed before this node runs a call of the tenant. */
    Future<Void> in(TenantId tenant) {
        return tenants.note(tenant);
    }

    /** What stands there, at most {@code most}. */
    Future<List<Unended>> all(int most) {
        var found = new ArrayList<Unended>();
        return most <= 0 ? Future.succeededFuture(found) : from(0, most, found).map(found);
    }

    private Future<Void> from(int position, int most, List<Unended> found) {
        return tenants.some(position, TENANTS)
                .compose(page -> each(page, 0, most, found)
                        .compose(gone -> page.size() < TENANTS || found.size() >= most
                                ? Future.succeededFuture()
                                : from(position + page.size() - gone, most, found)));
    }

    /** Answers how many of the page were forgotten. */
    private Future<Integer> each(List<TenantId> page, int at, int most, List<Unended> found) {
        if (at == page.size() || found.size() >= most) {
            return Future.succeededFuture(0);
        }
        return of(page.get(at), most, found)
                .compose(forgotten -> each(page, at + 1, most, found).map(more -> forgotten ? more + 1 : more));
    }

    /** Answers whether the tenant had nothing and was forgotten. */
    private Future<Boolean> of(TenantId tenant, int most, List<Unended> found) {
        var args = List.of(node(), bytes(Math.min(AT_ONCE, most - found.size())));
        return link.run(StateScripts.STREAM_LOST, List.of(keys.base(tenant)), args)
                .map(Answer::of)
                .compose(answer -> {
                    for (var i = 2; i < answer.size(); i += 4) {
                        var key = new StreamKey(tenant, answer.text(i), answer.text(i + 1));
                        found.add(new Unended(key, answer.text(i + 2), answer.number(i + 3)));
                    }
                    if (answer.number(1) == 0) {
                        return own ? tenants.forget(tenant, tenants.born()) : Future.succeededFuture(false);
                    }
                    return answer.at(0).yes() && answer.size() == 2
                            ? of(tenant, most, found)
                            : Future.succeededFuture(false);
                });
    }
}
