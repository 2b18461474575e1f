package smcp.router;

import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.LegacyHost;
import smcp.contract.LegacyRequest;
import smcp.contract.Reply;
import smcp.contract.TenantCall;

/** Where the calls of other nodes arrive. They are executed here or refused, and never go further: whoever sent them chooses again (design §5, one hop at most). */
public final class Arrivals implements TenantCall, LegacyHost {
    private final RoutingTable table;
    private final TenantCall here;
    private final LegacyHost legacyHere;

    Arrivals(RoutingTable table, TenantCall here, LegacyHost legacyHere) {
        this.table = table;
        this.here = here;
        this.legacyHere = legacyHere;
    }

    @Override
    public Running start(Call call, CallSink sink) {
        if (table.situation().here().fitness() == Fitness.LEAVING) {
            sink.accept(new CallEvent.Broken(leaving()));
            return Running.ENDED;
        }
        return here.start(call, sink);
    }

    @Override
    public void serve(LegacyRequest request, @Nullable Reply reply) {
        // a round without a connection has nobody who could be told, so it is executed while there is time
        if (reply != null && table.situation().here().fitness() == Fitness.LEAVING) {
            reply.fault(request.requestId(), leaving());
            return;
        }
        legacyHere.serve(request, reply);
    }

    private static Fault leaving() {
        return new Fault(Kind.DRAINING, "the node that was to execute this is being stopped");
    }
}
