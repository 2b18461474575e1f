package smcp.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.TimeUnit;
import smcp.contract.StoreReport;
import smcp.control.Endpoint.Access;

/** What the stores promise, and how they are doing. */
final class StoreEndpoints {
    private final StoreReport report;

    StoreEndpoints(StoreReport report) {
        this.report = report;
    }

    List<Endpoint> table() {
        return List.of(Endpoint.get("/stores", Access.OPERATOR, this::stores));
    }

    private Future<Answer> stores(AdminRequest request) {
        request.onlyQueries();
        return report.check().map(ways -> {
            var view = Views.object();
            view.set("stores", Views.array(report.stores(), StoreEndpoints::store));
            view.set("checks", Views.array(ways, StoreEndpoints::way));
            return Answer.json(view);
        });
    }

    private static ObjectNode store(StoreReport.Store store) {
        return Views.object()
                .put("name", store.name())
                .put("kind", store.kind())
                .put("durability", store.durability())
                .put("fencing", store.fencing())
                .put("loss", store.loss());
    }

    private static ObjectNode way(StoreReport.Way way) {
        var view = Views.object()
                .put("name", way.name())
                .put("micros", TimeUnit.NANOSECONDS.toMicros(way.took().toNanos()));
        if (way.trouble() != null) {
            view.put("trouble", way.trouble());
        }
        return view;
    }
}
