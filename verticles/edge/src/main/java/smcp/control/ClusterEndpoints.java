package smcp.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import smcp.contract.NodeReport;
import smcp.contract.Nodes;
import smcp.control.Endpoint.Access;
import smcp.control.Endpoint.Body;

/** The nodes of the cluster. */
final class ClusterEndpoints {
    private final Nodes nodes;

    ClusterEndpoints(Nodes nodes) {
        this.nodes = nodes;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.get("/nodes", Access.OPERATOR, this::nodes),
                Endpoint.post("/nodes/:node/drain", Access.OPERATOR, Body.OPTIONAL_JSON, this::drain));
    }

    private Future<Answer> nodes(AdminRequest request) {
        request.onlyQueries();
        var view = Views.object();
        var all = nodes.all();
        var self = all.getFirst().member();
        view.set(
                "nodes", Views.array(all, report -> node(report, report.member().is(self))));
        return Future.succeededFuture(Answer.json(view));
    }

    private static ObjectNode node(NodeReport report, boolean self) {
        var member = report.member();
        var view = Views.object()
                .put("id", member.id())
                .put("name", member.name())
                .put("self", self)
                .put("region", member.region())
                .put("zone", member.zone())
                .put("program", member.program())
                .put("state", report.state());
        var roundTrip = report.roundTrip();
        if (roundTrip != null) {
            view.put("roundTripMicros", TimeUnit.NANOSECONDS.toMicros(roundTrip.toNanos()));
        }
        return view.put("silentMillis", report.silence().toMillis())
                .put("ejections", report.ejections())
                .put("awake", report.awake())
                .put("running", report.running())
                .put("waiting", report.waiting());
    }

    /** What comes with a request that needs nothing. */
    private record Nothing() {}

    private Future<Answer> drain(AdminRequest request) {
        request.onlyQueries();
        if (request.hasBody()) {
            var _ = request.body(Nothing.class);
        }
        return nodes.drain(request.node())
                .map(_ -> Answer.json(202, Views.object().put("draining", request.node())));
    }
}
