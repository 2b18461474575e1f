package smcp.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.cluster.Cluster;
import smcp.cluster.PeerPort;
import smcp.contract.LegacyHost;
import smcp.contract.NodeReport;
import smcp.contract.TenantCall;
import smcp.contract.TenantDirectory;
import smcp.peer.PeerConfig;
import smcp.peer.PeerLinks;
import smcp.peer.PeerServer;
import smcp.router.LegacyRoute;
import smcp.router.Router;
import smcp.runtime.LocalTenants;

/** The way to the other nodes and from them: who serves a call, the links to them, and what takes theirs. A node that is alone has nothing of it but the router, which then always says "here". */
final class Neighbours {
    private final NodeConfig config;
    private final Cluster cluster;
    private final Vertx vertx;
    private final @Nullable PeerPort port;
    private final PeerConfig link;
    private final PeerLinks links;
    private final Router router;
    private @Nullable PeerServer server;

    /** @param port that the others were told, held until {@link #open}; null if the node is alone */
    Neighbours(
            NodeConfig config,
            Cluster cluster,
            @Nullable PeerPort port,
            LocalTenants tenants,
            TenantDirectory directory,
            MeterRegistry meters) {
        this.config = config;
        this.cluster = cluster;
        this.vertx = cluster.vertx();
        this.port = port;
        var self = cluster.members().self();
        this.link = PeerConfig.DEFAULT
                .at(self.host(), self.peerPort())
                .with(trust(config.cluster().tls()));
        this.links = PeerLinks.open(vertx, link, List.of());
        this.router = Router.of(config.router(), cluster.members(), links, tenants, directory, tenants, meters);
    }

    private static PeerConfig.@Nullable Tls trust(@Nullable Path directory) {
        return directory == null
                ? null
                : new PeerConfig.Tls(
                        directory.resolve("ca.pem"), directory.resolve("node.pem"), directory.resolve("node.key"));
    }

    /** Serves modern calls, here or elsewhere. */
    TenantCall route() {
        return router.route();
    }

    /** Serves legacy calls, by {@code here} or elsewhere. */
    LegacyRoute route(LegacyHost here) {
        return router.route(here);
    }

    /** Takes calls of the others, and tells them of this node: from now on it is one of those that are chosen. */
    Future<Void> open(LegacyHost here) {
        if (!config.cluster().enabled()) {
            return Future.succeededFuture();
        }
        var arrivals = router.arrivals(here);
        return PeerServer.listen(vertx, link, cluster.members().self().run(), arrivals, _ -> arrivals)
                .compose(listening -> {
                    server = listening;
                    release();
                    links.follow(cluster.members());
                    return vertx.deployVerticle(router).mapEmpty();
                });
    }

    private void release() {
        try {
            if (port != null) {
                port.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All nodes as this one knows them, itself first. */
    List<NodeReport> nodes() {
        return router.nodes();
    }

    /** From now on the others get new calls. */
    void drain() {
        if (server != null) {
            router.drain();
        }
    }

    /** Takes no more calls of the others and lets those under way end, for so long at most. */
    Future<Void> shutdown(Duration within) {
        return server == null ? Future.succeededFuture() : server.shutdown(within);
    }

    Future<Void> close() {
        release();
        return links.close();
    }
}
