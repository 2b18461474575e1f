package smcp.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import smcp.contract.Everywhere;
import smcp.contract.Member;
import smcp.contract.Members;

/** What a node runs on: its Vert.x, and the other nodes if there are any. Any thread. */
public interface Cluster {
    /**
     * Who this node is.
     *
     * @param id of the node, for as long as its data directory
     * @param run of this start
     * @param region where it stands
     * @param zone within the region
     * @param program version of the program
     */
    record Identity(String id, String run, String region, String zone, String program) {}

    /** Clustered, if the node is in a cluster. Nothing is registered with it yet, no codec either. */
    Vertx vertx();

    Members members();

    Everywhere everywhere();

    /** With what nodes show each other that they are nodes; null if the node is alone, or all is to travel unencrypted. */
    @Nullable
    NodeTls tls();

    /** Completes if membership ended without {@link #leave}, with the reason: the node must be started again. */
    Future<String> ended();

    /** Leaves in order and closes {@link #vertx}: the others need not find out. Takes {@link ClusterConfig#leaveWithin} and a few seconds at most, and may be called again. */
    Future<Void> leave();

    /**
     * Joins the cluster, or is alone if {@code config} says so; then nothing of Hazelcast is started (Vert.x, by its service loader, makes its cluster manager all the same, and drops it).
     *
     * @param peerPort on which the peer link will listen; the others are told it, so it is taken before ({@link PeerPort})
     * @param options of the Vert.x; those of its event bus are set here
     * @return fails with what is wrong in words, if this node cannot be in the cluster
     */
    static Future<Cluster> join(ClusterConfig config, Identity identity, int peerPort, VertxOptions options) {
        return config.enabled()
                ? HazelcastCluster.join(config, identity, peerPort, options)
                : Future.succeededFuture(alone(config, identity, options));
    }

    private static Cluster alone(ClusterConfig config, Identity identity, VertxOptions options) {
        var name = Objects.requireNonNullElse(config.nodeName(), identity.id());
        var self = new Member(
                identity.id(),
                identity.run(),
                name,
                identity.region(),
                identity.zone(),
                "127.0.0.1",
                0,
                identity.program());
        var vertx = Vertx.vertx(options);
        return new Cluster() {
            @Override
            public Vertx vertx() {
                return vertx;
            }

            @Override
            public Members members() {
                return Members.alone(self);
            }

            @Override
            public Everywhere everywhere() {
                return Everywhere.HERE_ONLY;
            }

            @Override
            public @Nullable NodeTls tls() {
                return null;
            }

            @Override
            public Future<String> ended() {
                return Future.future(_ -> {});
            }

            @Override
            public Future<Void> leave() {
                return vertx.close();
            }
        };
    }
}
