package smcp.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.control.Endpoint.Access;
import smcp.control.Endpoint.Body;
import smcp.tenant.EngineKind;

/** What the node says of itself. */
final class NodeEndpoints {
    private final NodeFacts facts;
    private final EngineCheck engines;
    private final Registry registry;
    private final Supplier<String> metrics;
    private final InstantSource clock;
    private final String description = read("openapi.json");

    NodeEndpoints(
            NodeFacts facts, EngineCheck engines, Registry registry, Supplier<String> metrics, InstantSource clock) {
        this.facts = facts;
        this.engines = engines;
        this.registry = registry;
        this.metrics = metrics;
        this.clock = clock;
    }

    List<Endpoint> table() {
        return List.of(
                Endpoint.get("/node", Access.OPERATOR, this::node),
                Endpoint.get(
                        "/openapi.json",
                        Access.ANYBODY,
                        _ -> Future.succeededFuture(Answer.text(200, "application/json", description))),
                // Prometheus text format 0.0.4
                new Endpoint(
                        HttpMethod.GET,
                        "/metrics",
                        Access.MACHINE,
                        Body.NONE,
                        _ -> Future.succeededFuture(
                                Answer.text(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()))));
    }

    private Future<Answer> node(AdminRequest request) {
        request.onlyQueries();
        var view = Views.object()
                .put("version", facts.version())
                .put("started", facts.started().toString())
                .put(
                        "uptimeSeconds",
                        Duration.between(facts.started(), clock.instant()).toSeconds())
                .put("tenants", registry.list(RegistryKey.TENANTS).size());
        view.set("engines", Views.array(Arrays.asList(EngineKind.values()), this::engine));
        return Future.succeededFuture(Answer.json(view));
    }

    private ObjectNode engine(EngineKind kind) {
        var missing = engines.missing(kind);
        var view = Views.object().put("kind", kind.word()).put("available", missing.isEmpty());
        missing.ifPresent(why -> view.put("missing", why));
        var factory = engines.engines().get(kind);
        return view.put("boxed", factory != null && !factory.unboxed());
    }

    private static String read(String resource) {
        try (var in = NodeEndpoints.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
