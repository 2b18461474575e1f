package smcp.peer;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import smcp.contract.LegacyHost;
import smcp.contract.PeerBlobs;
import smcp.contract.TenantCall;

/** Takes calls that other nodes send here. A few event loops share its port. */
public final class PeerServer {
    private final Vertx vertx;
    private final Queue<PeerVerticle> verticles = new ConcurrentLinkedQueue<>();
    private String deployment = "";

    private PeerServer(Vertx vertx) {
        this.vertx = vertx;
    }

    /**
     * Listens. The port is known when it completes, before the node joins its cluster.
     *
     * @param run of this node, as its {@link smcp.contract.Member} will say: whoever looks for another run is not served
     * @param here serves calls on this node
     * @param legacy makes what serves the legacy calls of one event loop; called on its context, which is that of the replies
     */
    public static Future<PeerServer> listen(
            Vertx vertx, PeerConfig config, String run, TenantCall here, Function<Vertx, LegacyHost> legacy) {
        return listen(vertx, config, run, here, legacy, PeerBlobs.Source.NONE);
    }

    /**
     * The same, and gives packages to other nodes.
     *
     * @param packages as they are stored here
     */
    public static Future<PeerServer> listen(
            Vertx vertx,
            PeerConfig config,
            String run,
            TenantCall here,
            Function<Vertx, LegacyHost> legacy,
            PeerBlobs.Source packages) {
        return listen(vertx, config, run, Versions.OURS, here, legacy, packages);
    }

    static Future<PeerServer> listen(
            Vertx vertx,
            PeerConfig config,
            String run,
            Versions versions,
            TenantCall here,
            Function<Vertx, LegacyHost> legacy) {
        return listen(vertx, config, run, versions, here, legacy, PeerBlobs.Source.NONE);
    }

    private static Future<PeerServer> listen(
            Vertx vertx,
            PeerConfig config,
            String run,
            Versions versions,
            TenantCall here,
            Function<Vertx, LegacyHost> legacy,
            PeerBlobs.Source packages) {
        var server = new PeerServer(vertx);
        var instances = config.instances() == 0 ? Runtime.getRuntime().availableProcessors() : config.instances();
        return vertx.deployVerticle(
                        () -> {
                            var verticle = new PeerVerticle(config, run, versions, here, legacy, packages);
                            server.verticles.add(verticle);
                            return verticle;
                        },
                        new DeploymentOptions().setInstances(instances))
                .map(id -> {
                    server.deployment = id;
                    return server;
                });
    }

    public int port() {
        return verticles.element().port();
    }

    /** Takes no more calls and lets those under way end, for so long at most. Any thread. */
    public Future<Void> shutdown(Duration within) {
        List<Future<Void>> all =
                verticles.stream().map(verticle -> verticle.shutdown(within)).toList();
        return Future.join(all).mapEmpty();
    }

    /** Closes all connections at once. */
    public Future<Void> close() {
        return vertx.undeploy(deployment);
    }
}
