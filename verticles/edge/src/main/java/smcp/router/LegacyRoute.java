package smcp.router;

import org.jspecify.annotations.Nullable;
import smcp.contract.LegacyHost;
import smcp.contract.LegacyRequest;
import smcp.contract.Reply;

/** Picks the node that executes a legacy call. */
public final class LegacyRoute implements LegacyHost {
    private final Ways ways;
    private final LegacyHost here;

    LegacyRoute(Ways ways, LegacyHost here) {
        this.ways = ways;
        this.here = here;
    }

    @Override
    public void serve(LegacyRequest request, @Nullable Reply reply) {
        request.call().used().addAttempt();
        if (ways.table().alone()) {
            here.serve(request, reply);
            return;
        }
        var node = ways.table().choose(request.call().version());
        if (ways.table().isHere(node)) {
            here.serve(request, reply);
        } else {
            new LegacyJourney(ways, here, request, reply).to(node);
        }
    }
}
