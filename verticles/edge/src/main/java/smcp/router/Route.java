package smcp.router;

import smcp.contract.Call;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;

/** Picks the node that serves a call. Alone, a node is always the nearest one. */
public final class Route implements TenantCall {
    private final TenantCall here;

    /** @param here serves calls on this node */
    public Route(TenantCall here) {
        this.here = here;
    }

    @Override
    public Running start(Call call, CallSink sink) {
        call.used().addAttempt();
        return here.start(call, sink);
    }
}
