package smcp.ingress;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.contract.Era;
import smcp.contract.Gate;
import smcp.contract.Readiness;
import smcp.contract.SessionRequests;
import smcp.contract.TenantDirectory;

/** Listens on the data plane. Several instances share the port; each has its own event loop and shares nothing. */
public final class IngressVerticle extends VerticleBase {
    private static final String TENANTS = "/t/";
    private static final String ENDPOINT = "/mcp";
    /** Vert.x gives the instances of one deployment one free port for a negative number, and each its own for 0. */
    private static final int FREE_AND_SHARED = -1;

    private final IngressConfig config;
    private final TenantDirectory tenants;
    private final Gate gate;
    private final Supplier<Readiness> readiness;
    private final Function<Vertx, Eras> eras;
    private @Nullable McpEndpoint endpoint;
    private @Nullable HttpServer server;
    private volatile boolean leaving;

    /** What serves an event loop's messages. */
    public record Eras(Era legacy, Era modern, SessionRequests sessions) {}

    /**
     * @param readiness is this node to be given requests?
     * @param eras makes what serves this instance's messages; called on its context
     */
    public IngressVerticle(
            IngressConfig config,
            TenantDirectory tenants,
            Gate gate,
            Supplier<Readiness> readiness,
            Function<Vertx, Eras> eras) {
        this.config = config;
        this.tenants = tenants;
        this.gate = gate;
        this.readiness = readiness;
        this.eras = eras;
    }

    @Override
    public Future<?> start() {
        var own = eras.apply(vertx);
        endpoint = new McpEndpoint(
                new McpEndpoint.Steps(tenants, gate, own.legacy(), own.modern(), own.sessions()),
                config,
                new BodyReader(vertx, config),
                new StreamKeeper(vertx, config),
                context);
        var created = vertx.createHttpServer(new HttpServerOptions()
                        .setHost(config.host())
                        .setPort(config.port() == 0 ? FREE_AND_SHARED : config.port())
                        .setMaxHeaderSize(config.maxHeaderBytes())
                        .setMaxInitialLineLength(8192)
                        .setDecompressionSupported(false)
                        .setTcpNoDelay(true))
                .requestHandler(this::handle);
        server = created;
        return created.listen().recover(cause -> Future.failedFuture(cannotListen(cause)));
    }

    private BindException cannotListen(Throwable cause) {
        return new BindException(
                "the data plane cannot listen on " + config.host() + ":" + config.port() + ": " + cause.getMessage()
                        + "; --port or ingress.port gives it another port, --host or ingress.host another address");
    }

    /** The port that was given, once started. */
    public int port() {
        var running = server;
        if (running == null) {
            throw new IllegalStateException("not listening");
        }
        return running.actualPort();
    }

    /** Takes no more connections and lets the requests under way end, for so long at most. Any thread. */
    public Future<Void> shutdown(Duration within) {
        var running = server;
        return running == null ? Future.succeededFuture() : running.shutdown(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Asks clients to make their next requests on connections to other nodes; this one goes on serving. Any thread. */
    public void leaving() {
        leaving = true;
    }

    private void handle(HttpServerRequest request) {
        if (leaving && request.version() != HttpVersion.HTTP_2) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        var path = request.path();
        var running = endpoint;
        if (running != null && path != null && path.startsWith(TENANTS) && path.endsWith(ENDPOINT)) {
            var name = path.substring(TENANTS.length(), Math.max(TENANTS.length(), path.length() - ENDPOINT.length()));
            if (name.indexOf('/') < 0) {
                running.handle(request, name);
                return;
            }
        }
        plain(request, path == null ? "" : path);
    }

    private void plain(HttpServerRequest request, String path) {
        var response = request.response().putHeader("Content-Type", "text/plain; charset=utf-8");
        var answered = switch (path) {
            case "/health/live" -> response.end("live\n");
            case "/health/ready" -> health(response, "ready", readiness.get().whole());
            case "/health/serving" ->
                health(response, "serving", readiness.get().serving());
            default -> response.setStatusCode(404).end("nothing here; a tenant's endpoint is /t/{tenant}/mcp\n");
        };
        var _ = answered;
    }

    /** A word for machines, and what is wrong for people, a line each. */
    private Future<Void> health(HttpServerResponse response, String word, boolean good) {
        var now = readiness.get();
        var text = new StringBuilder(!now.serving() ? "draining" : good ? word : "not " + word).append('\n');
        now.troubles().forEach(trouble -> text.append(trouble).append('\n'));
        return response.setStatusCode(good ? 200 : 503).end(text.toString());
    }
}
