package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.AuditTrail;

/** Puts the table of endpoints on a router. A request goes: host → caller → may he → body → endpoint → answer and log; each step may refuse. */
final class AdminRoutes {
    private static final String REQUEST_ID = "smcp.requestId";
    private static final long LINGER_MS = 1_000;

    private final Vertx vertx;
    private final ControlConfig config;
    private final Doorkeeper doorkeeper;
    private final Bodies bodies;
    private final AdminLog log;
    private final List<Endpoint> endpoints;

    AdminRoutes(Vertx vertx, ControlConfig config, Doorkeeper doorkeeper, AuditTrail trail, List<Endpoint> endpoints) {
        this.vertx = vertx;
        this.config = config;
        this.doorkeeper = doorkeeper;
        this.bodies = new Bodies(vertx, config);
        this.log = new AdminLog(trail);
        this.endpoints = List.copyOf(endpoints);
    }

    Router router() {
        var router = Router.router(vertx);
        router.route().order(-1).handler(this::arrive);
        for (var endpoint : endpoints) {
            router.route(endpoint.method(), endpoint.path()).handler(http -> serve(http, endpoint));
        }
        router.errorHandler(404, http -> refuse(http, new Fault(Kind.NOT_FOUND, "there is nothing at this path")));
        router.errorHandler(405, this::wrongMethod);
        router.errorHandler(400, http -> refuse(http, new Fault(Kind.INVALID_INPUT, "the path is malformed")));
        router.errorHandler(500, http -> refuse(http, causeOf(http)));
        return router;
    }

    /** Every answer has an id, and none may be stored: tokens are among them. The host is checked for every path, so that a page of another site finds nothing here. */
    private void arrive(RoutingContext http) {
        http.put(REQUEST_ID, UUID.randomUUID().toString().substring(0, 13));
        var response = http.response();
        response.putHeader("X-Request-Id", requestId(http));
        response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        var authority = http.request().authority();
        if (HostNames.allowed(authority == null ? null : authority.host(), config)) {
            http.next();
        } else {
            refuse(
                    http,
                    new Fault(
                            Kind.HOST_REFUSED,
                            "the Host header names a host this port does not serve; "
                                    + "control.allowedHosts adds one"));
        }
    }

    private void serve(RoutingContext http, Endpoint endpoint) {
        @Nullable Caller caller = null;
        try {
            caller = doorkeeper.identify(http.request());
            doorkeeper.admit(caller, endpoint.access(), http);
            log.admit(endpoint);
            var by = caller;
            run(http, endpoint, by)
                    .onSuccess(answer -> log.done(http, endpoint, by, requestId(http))
                            .onSuccess(_ -> send(http, answer))
                            .onFailure(cause -> {
                                discard(answer);
                                refuse(http, cause);
                            }))
                    .onFailure(cause -> failed(http, endpoint, by, cause));
        } catch (RuntimeException e) {
            failed(http, endpoint, caller, e);
        }
    }

    private Future<Answer> run(RoutingContext http, Endpoint endpoint, @Nullable Caller caller) {
        return switch (endpoint.body()) {
            case NONE -> endpoint.action().apply(new AdminRequest(http, caller, new byte[0], null));
            case JSON, OPTIONAL_JSON ->
                bodies.json(http.request(), endpoint.body() == Endpoint.Body.OPTIONAL_JSON)
                        .compose(body -> endpoint.action().apply(new AdminRequest(http, caller, body, null)));
            case BYTES ->
                bodies.bytes(
                        http.request(), body -> endpoint.action().apply(new AdminRequest(http, caller, body, null)));
            case STREAM ->
                bodies.stream(
                        http.request(), content -> endpoint.action().apply(new AdminRequest(http, caller, content)));
            case PACKAGE ->
                bodies.upload(
                        http.request(),
                        path -> endpoint.action().apply(new AdminRequest(http, caller, new byte[0], path)));
        };
    }

    private void failed(RoutingContext http, Endpoint endpoint, @Nullable Caller caller, Throwable cause) {
        var fault = FaultWriter.shown(cause, requestId(http));
        // it was not done, so the answer is the same whether or not that could be recorded
        log.refused(http, endpoint, caller, fault, requestId(http))
                .onComplete(_ -> send(http, FaultWriter.answer(fault, http.request(), requestId(http))));
    }

    private void refuse(RoutingContext http, Throwable cause) {
        var fault = FaultWriter.shown(cause, requestId(http));
        send(http, FaultWriter.answer(fault, http.request(), requestId(http)));
    }

    private static Throwable causeOf(RoutingContext http) {
        var cause = http.failure();
        return cause == null ? new Fault(Kind.INTERNAL, "internal error") : cause;
    }

    private void wrongMethod(RoutingContext http) {
        var path = http.normalizedPath().split("/", -1);
        var allowed = endpoints.stream()
                .filter(endpoint -> matches(endpoint.path().split("/", -1), path))
                .map(endpoint -> endpoint.method().name())
                .sorted()
                .collect(Collectors.joining(", "));
        http.response().putHeader(HttpHeaders.ALLOW, allowed);
        refuse(http, new Fault(Kind.HTTP_METHOD, "this path takes " + allowed));
    }

    private static boolean matches(String[] pattern, String[] path) {
        if (pattern.length != path.length) {
            return false;
        }
        for (var i = 0; i < path.length; i++) {
            if (!pattern[i].startsWith(":") && !pattern[i].equals(path[i])) {
                return false;
            }
        }
        return true;
    }

    private void send(RoutingContext http, Answer answer) {
        var response = http.response();
        if (response.ended() || response.closed()) {
            discard(answer);
            return;
        }
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::putHeader);
        var stream = answer.stream();
        if (stream != null) {
            stream.send(response);
            return;
        }
        var body = answer.body();
        // a caller who is gone hears nothing; what was done is in the log
        var _ = body == null ? response.end() : response.end(body);
        if (!http.request().isEnded()) {
            linger(http.request());
        }
    }

    private static void discard(Answer answer) {
        var stream = answer.stream();
        if (stream != null) {
            stream.discard();
        }
    }

    /** Some of the body is still to come, and nobody wants it. It is read for a moment all the same: closing at once would reset the connection, and the answer with it (RFC 9112 §9.6). */
    private void linger(HttpServerRequest request) {
        request.handler(_ -> {}).resume();
        vertx.setTimer(LINGER_MS, _ -> {
            if (!request.isEnded()) {
                var _ = request.connection().close();
            }
        });
    }

    private static String requestId(RoutingContext http) {
        return String.valueOf(http.<Object>get(REQUEST_ID));
    }
}
