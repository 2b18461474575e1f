package smcp.node;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.cluster.Cluster;
import smcp.cluster.PeerPort;
import smcp.contract.Addresses;
import smcp.contract.Everywhere.Acknowledged;
import smcp.contract.LegacyHost;
import smcp.contract.Member;
import smcp.contract.NodeReport;
import smcp.contract.Nodes;
import smcp.contract.PeerBlobs;
import smcp.contract.TenantCall;
import smcp.contract.TenantDirectory;
import smcp.peer.PeerConfig;
import smcp.peer.PeerLinks;
import smcp.peer.PeerServer;
import smcp.router.LegacyRoute;
import smcp.router.Router;
import smcp.runtime.LocalTenants;
import smcp.tenant.Shown;

/** The way to the other nodes and from them: who serves a call, the links to them, and what takes theirs. A node that is alone has nothing of it but the router, which then always says "here". */
final class Neighbours implements Nodes {
    private static final Logger log = LoggerFactory.getLogger(Neighbours.class);
    private static final Duration ANSWER = Duration.ofSeconds(5);

    private final NodeConfig config;
    private final Cluster cluster;
    private final Vertx vertx;
    private final @Nullable PeerPort port;
    private final PeerConfig link;
    private final PeerLinks links;
    private final Router router;
    private final Promise<Void> toldToStop = Promise.promise();
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

    /**
     * Takes calls of the others, and tells them of this node: from now on it is one of those that are chosen.
     *
     * @param packages that they may copy
     */
    Future<Void> open(LegacyHost here, PeerBlobs.Source packages) {
        if (!config.cluster().enabled()) {
            return Future.succeededFuture();
        }
        var arrivals = router.arrivals(here);
        return PeerServer.listen(vertx, link, cluster.members().self().run(), arrivals, _ -> arrivals, packages)
                .compose(listening -> {
                    server = listening;
                    release();
                    links.follow(cluster.members());
                    var self = cluster.members().self().id();
                    return Future.join(
                                    vertx.deployVerticle(router),
                                    Addresses.DRAIN
                                            .on(self)
                                            .serve(vertx, this::toldBy)
                                            .completion())
                            .mapEmpty();
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

    /** Packages that the others have. */
    PeerBlobs packages() {
        return links;
    }

    @Override
    public List<NodeReport> all() {
        return router.nodes();
    }

    @Override
    public Future<Void> drain(String node) {
        var members = cluster.members();
        var self = members.self();
        if (called(self, node)) {
            toldToStop.tryComplete();
            return Future.succeededFuture();
        }
        return members.others().stream()
                .filter(member -> called(member, node))
                .findFirst()
                .map(member -> Addresses.DRAIN
                        .on(member.id())
                        .ask(vertx, new Addresses.Drain(self.name()), ANSWER)
                        .<Void>mapEmpty())
                .orElseGet(() -> Future.failedFuture(
                        new Fault(Kind.NOT_FOUND, "no live node has the id or name \"" + Shown.of(node) + "\"")));
    }

    private static boolean called(Member member, String node) {
        return member.id().equals(node) || member.name().equals(node);
    }

    private Future<Acknowledged> toldBy(Addresses.Drain drain) {
        log.atInfo().addKeyValue("by", drain.node()).log("told to stop");
        toldToStop.tryComplete();
        return Future.succeededFuture(Acknowledged.YES);
    }

    /** Completes when somebody wants this node to stop in order. */
    Future<Void> toldToStop() {
        return toldToStop.future();
    }

    /** From now on the others get new calls. Answers whether there are others. */
    boolean leaving() {
        if (server == null) {
            return false;
        }
        router.drain();
        return !cluster.members().others().isEmpty();
    }

    /** Calls of clients of this node that are under way on others. */
    int underWay() {
        return server == null ? 0 : router.underWay();
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
