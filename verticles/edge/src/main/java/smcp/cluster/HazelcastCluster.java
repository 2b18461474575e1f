package smcp.cluster;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.spi.properties.ClusterProperty;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Everywhere;
import smcp.contract.Member;
import smcp.contract.Members;

/** A node among others. */
final class HazelcastCluster implements Cluster {
    private static final Logger log = LoggerFactory.getLogger(HazelcastCluster.class);
    private static final Duration VERTX_STARTS = Duration.ofSeconds(30);
    private static final Duration VERTX_ENDS = Duration.ofSeconds(5);
    /** For a former run of this node to be removed, beyond the silence after which it is. */
    private static final Duration NAMESAKE_GOES = Duration.ofSeconds(1);

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final ClusterConfig config;
    private final HazelcastInstance hazelcast;
    private final Vertx vertx;
    private final Roster roster;
    private final Everywhere everywhere;
    private final @Nullable NodeTls tls;
    private final Promise<String> ended = Promise.promise();
    private final AtomicReference<@Nullable Future<Void>> left = new AtomicReference<>();

    private HazelcastCluster(
            ClusterConfig config, HazelcastInstance hazelcast, Vertx vertx, Roster roster, @Nullable NodeTls tls) {
        this.config = config;
        this.hazelcast = hazelcast;
        this.vertx = vertx;
        this.roster = roster;
        this.everywhere = Acknowledgements.of(vertx, roster, config.acknowledgeWithin());
        this.tls = tls;
    }

    static Future<Cluster> join(ClusterConfig config, Identity identity, int peerPort, VertxOptions options) {
        return join(config, identity, peerPort, options, InetAddress::getAllByName)
                .map(cluster -> cluster);
    }

    static Future<HazelcastCluster> join(
            ClusterConfig config,
            Identity identity,
            int peerPort,
            VertxOptions options,
            DnsDiscovery.Resolver resolver) {
        var joined = Promise.<HazelcastCluster>promise();
        var _ = Thread.ofPlatform().name("smcp-cluster-join").start(() -> {
            try {
                joined.complete(joinHere(config, identity, peerPort, options, resolver));
            } catch (Exception e) {
                joined.fail(e);
            }
        });
        return joined.future();
    }

    private static HazelcastCluster joinHere(
            ClusterConfig config, Identity identity, int peerPort, VertxOptions options, DnsDiscovery.Resolver resolver)
            throws IOException, TimeoutException {
        if (config.secret() == null) {
            throw new IllegalArgumentException("cluster.secret must name a file, got null");
        }
        var address = BindHost.resolve(config);
        var secret = ClusterSecret.read(config.secret());
        var tls = config.tls() == null ? null : NodeTls.read(config.tls(), Instant.now());
        warn(config, tls);
        var self = new Member(
                identity.id(),
                identity.run(),
                name(config),
                identity.region(),
                identity.zone(),
                address.getHostAddress(),
                peerPort,
                identity.program());
        var settings = new HazelcastSettings(config, address, resolver)
                .with(secret.hazelcastName(config.name()), identity.run(), Roster.json(self));
        var hazelcast = started(settings, config, address);
        try {
            var roster = Roster.of(self, hazelcast);
            unique(roster, config);
            var vertx = Vertx.builder()
                    .with(new VertxOptions(options).setEventBusOptions(bus(config, address, tls)))
                    .withClusterManager(new HazelcastClusterManager(hazelcast))
                    .buildClustered()
                    .await(VERTX_STARTS.toSeconds(), TimeUnit.SECONDS);
            var cluster = new HazelcastCluster(config, hazelcast, vertx, roster, tls);
            cluster.watch();
            return cluster;
        } catch (RuntimeException | IOException | TimeoutException e) {
            hazelcast.getLifecycleService().terminate();
            throw e;
        }
    }

    private static HazelcastInstance started(
            com.hazelcast.config.Config settings, ClusterConfig config, InetAddress address) throws IOException {
        // its first words are said before it reads its settings
        if (System.getProperty(ClusterProperty.LOGGING_TYPE.getName()) == null) {
            System.setProperty(ClusterProperty.LOGGING_TYPE.getName(), HazelcastSettings.LOGGING);
        }
        try {
            return Hazelcast.newHazelcastInstance(settings);
        } catch (RuntimeException e) {
            throw new IOException(
                    "the cluster was not joined at " + new HostPort(address.getHostAddress(), config.hazelcastPort())
                            + " (cluster.hazelcastPort): " + e.getMessage(),
                    e);
        }
    }

    private static EventBusOptions bus(ClusterConfig config, InetAddress address, @Nullable NodeTls tls) {
        var bus = new EventBusOptions().setHost(address.getHostAddress()).setPort(config.busPort());
        return tls == null
                ? bus
                : bus.setSsl(true)
                        .setEnabledSecureTransportProtocols(Set.of("TLSv1.3"))
                        .setKeyCertOptions(tls.keyCert())
                        .setTrustOptions(tls.trust())
                        .setClientAuth(ClientAuth.REQUIRED);
    }

    private static void warn(ClusterConfig config, @Nullable NodeTls tls) {
        if (tls == null) {
            log.atWarn()
                    .log(
                            "cluster.insecurePlaintext: calls and messages between nodes are neither encrypted nor authenticated");
        } else if (Instant.now().plus(NodeTls.SOON).isAfter(tls.ends())) {
            log.atWarn()
                    .addKeyValue("certificate", tls.subject())
                    .addKeyValue("ends", tls.ends())
                    .log(
                            "the certificate of this node or of its authority runs out soon; smcp cluster cert makes a new one");
        }
        if (config.insecurePublicHazelcast()) {
            log.atWarn()
                    .log(
                            "cluster.insecurePublicHazelcast: whoever reads the network or reaches Hazelcast's port may become a member");
        }
    }

    /** A killed node that is started again may find its former run still in the list. */
    private static void unique(Roster roster, ClusterConfig config) throws IOException {
        var until = System.nanoTime()
                + config.heartbeat().lost().plus(NAMESAKE_GOES).toNanos();
        for (var other = roster.namesake(); other != null; other = roster.namesake()) {
            if (System.nanoTime() > until) {
                throw new IOException(
                        other.id().equals(roster.self().id())
                                ? "a node with the id " + other.id() + " is in the cluster already, as " + other.name()
                                        + " at " + other.host() + ": is the data directory a copy? Remove node.id in it"
                                : "cluster.nodeName must be unique, got " + other.name() + ", which is the node at "
                                        + other.host());
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static String name(ClusterConfig config) {
        if (config.nodeName() != null) {
            return config.nodeName();
        }
        String host;
        try {
            host = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            host = config.host();
        }
        return host + ":" + config.hazelcastPort();
    }

    /** Hazelcast ends itself when it cannot go on, for example after a merge that failed. */
    private void watch() {
        var _ = hazelcast.getLifecycleService().addLifecycleListener(event -> {
            if (event.getState() == LifecycleState.SHUTDOWN && left.get() == null) {
                log.atError().log("membership in the cluster ended by itself: the node must be started again");
                ended.tryComplete("Hazelcast ended by itself; its log says why");
            }
        });
    }

    @Override
    public Vertx vertx() {
        return vertx;
    }

    @Override
    public Members members() {
        return roster;
    }

    @Override
    public Everywhere everywhere() {
        return everywhere;
    }

    @Override
    public @Nullable NodeTls tls() {
        return tls;
    }

    @Override
    public Future<String> ended() {
        return ended.future();
    }

    /** First the bus, so that nobody is asked any more who does not answer; then membership. */
    @Override
    public Future<Void> leave() {
        var promise = Promise.<Void>promise();
        if (!left.compareAndSet(null, promise.future())) {
            return Objects.requireNonNull(left.get());
        }
        var _ = Thread.ofPlatform().name("smcp-cluster-leave").start(() -> {
            try {
                vertx.close().await(VERTX_ENDS.toSeconds(), TimeUnit.SECONDS);
            } catch (Exception e) {
                log.atWarn().setCause(e).log("the event bus did not close in order");
            }
            shutDown();
            promise.complete();
        });
        return promise.future();
    }

    private void shutDown() {
        var shutdown = Thread.ofPlatform()
                .name("smcp-cluster-shutdown")
                .daemon()
                .start(() -> hazelcast.getLifecycleService().shutdown());
        try {
            if (!shutdown.join(config.leaveWithin().plusSeconds(1))) {
                log.atWarn()
                        .addKeyValue("within", config.leaveWithin())
                        .log("leaving the cluster took too long; the others will find that this node is gone");
                hazelcast.getLifecycleService().terminate();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** As a killed process: nobody is told. For tests. */
    void kill() {
        var closed = Promise.<Void>promise();
        if (left.compareAndSet(null, closed.future())) {
            hazelcast.getLifecycleService().terminate();
            vertx.close().onComplete(closed);
        }
    }

    HazelcastInstance hazelcast() {
        return hazelcast;
    }
}
