package smcp.peer;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.net.BindException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.contract.LegacyHost;
import smcp.contract.PeerBlobs;
import smcp.contract.TenantCall;

/** One event loop of the server. */
final class PeerVerticle extends VerticleBase {
    /** Vert.x gives the instances of one deployment one free port for a negative number, and each its own for 0. */
    private static final int FREE_AND_SHARED = -1;

    private final PeerConfig config;
    private final String run;
    private final Versions versions;
    private final TenantCall here;
    private final Function<Vertx, LegacyHost> legacy;
    private final PeerBlobs.Source packages;
    private @Nullable HttpServer server;

    PeerVerticle(
            PeerConfig config,
            String run,
            Versions versions,
            TenantCall here,
            Function<Vertx, LegacyHost> legacy,
            PeerBlobs.Source packages) {
        this.config = config;
        this.run = run;
        this.versions = versions;
        this.here = here;
        this.legacy = legacy;
        this.packages = packages;
    }

    @Override
    public Future<?> start() {
        var serving = new Serving(config, here, legacy.apply(vertx), new Lingering(vertx));
        var listening = vertx.createHttpServer(
                        Carriage.server(config, config.port() == 0 ? FREE_AND_SHARED : config.port()))
                .requestHandler(request -> handle(request, serving));
        server = listening;
        return listening.listen().recover(cause -> Future.failedFuture(cannotListen(cause)));
    }

    private Exception cannotListen(Throwable cause) {
        var what = "the peer link cannot listen on " + config.host() + ":" + config.port() + ": " + cause.getMessage();
        return cause instanceof BindException
                ? new BindException(what + "; peer.port gives it another port, peer.host another address")
                : new IllegalStateException(
                        config.tls() == null ? what : what + "; peer.tls has " + config.tls(), cause);
    }

    int port() {
        return running().actualPort();
    }

    Future<Void> shutdown(Duration within) {
        return running().shutdown(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private HttpServer running() {
        var listening = server;
        if (listening == null) {
            throw new IllegalStateException("not listening");
        }
        return listening;
    }

    private void handle(HttpServerRequest request, Serving serving) {
        if (request.version() != HttpVersion.HTTP_2) {
            Incoming.refuse(request, 505, "the peer link is HTTP/2");
        } else if (Wire.CALLS.equals(request.path())) {
            var version = request.getHeader(Wire.VERSION);
            if (versions.has(version)) {
                new Incoming(request, serving).begin();
            } else {
                Incoming.refuse(request, 505, "this node talks smcp-peer " + versions + ", asked for " + version);
            }
        } else if (request.path() != null && request.path().startsWith(Wire.PACKAGES)) {
            new IncomingFetch(vertx, request, versions, packages).begin();
        } else if (Wire.HELLO.equals(request.path())) {
            var _ = request.response()
                    .putHeader(Wire.VERSION, versions.toString())
                    .putHeader(Wire.RUN, run)
                    .end();
        } else {
            Incoming.refuse(request, 404, "nothing here");
        }
    }

    /** What the calls of one event loop are served with. */
    record Serving(PeerConfig config, TenantCall here, LegacyHost legacy, Lingering lingering) {}
}
