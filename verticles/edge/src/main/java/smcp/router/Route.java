package smcp.router;

import org.jspecify.annotations.Nullable;
import smcp.contract.Call;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;

/** Picks the node that serves a modern call. Alone, a node is always the nearest one. */
public final class Route implements TenantCall {
    private final TenantCall here;
    private final @Nullable Ways ways;

    /** Of a node that is never in a cluster.
     *
     * @param here serves calls on this node
     */
    public Route(TenantCall here) {
        this.here = here;
        this.ways = null;
    }

    Route(Ways ways) {
        this.here = ways.here();
        this.ways = ways;
    }

    @Override
    public Running start(Call call, CallSink sink) {
        call.used().addAttempt();
        var known = ways;
        if (known == null || known.table().alone()) {
            return here.start(call, sink);
        }
        var node = known.table().choose(call.version());
        return known.table().isHere(node) ? here.start(call, sink) : new Journey(known, call, sink).to(node);
    }
}
