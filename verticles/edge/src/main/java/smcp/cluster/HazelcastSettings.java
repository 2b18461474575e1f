package smcp.cluster;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.KubernetesConfig;
import com.hazelcast.config.MemberAddressProviderConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.spi.MemberAddressProvider;
import com.hazelcast.spi.properties.ClusterProperty;
import com.hazelcast.spi.properties.HazelcastProperty;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * Hazelcast as this platform has it: quick to notice a lost node, silent towards the outside, and nothing on its port but members. Thread counts stay as they are: with fewer, a hung node made healthy ones remove each other.
 */
final class HazelcastSettings {
    /** Attribute of a Hazelcast member: the node, as JSON. */
    static final String MEMBER = "smcp.member";
    /** Attribute by which vertx-hazelcast knows a node. */
    static final String VERTX_NODE = "__vertx.nodeId";

    static final String LOGGING = "slf4j";
    private static final String SUBSCRIPTIONS = "__vertx.subs";
    /** Of one address that is tried while joining. The default of 5 s is a pause of 5 s at the start of a whole cluster. */
    private static final int CONNECT_SECONDS = 1;
    /** After it, a node that neither found nor founded a cluster gives up. A member that hangs can hold a newcomer up until it is removed. */
    private static final Duration JOIN_WITHIN = Duration.ofSeconds(60);

    /**
     * Where this member listens and what it tells the others. By itself Hazelcast would look at the machine's interfaces and choose.
     *
     * @param address one and no other
     */
    private record Here(InetSocketAddress address) implements MemberAddressProvider {
        @Override
        public InetSocketAddress getBindAddress() {
            return address;
        }

        @Override
        public InetSocketAddress getBindAddress(EndpointQualifier qualifier) {
            return address;
        }

        @Override
        public InetSocketAddress getPublicAddress() {
            return address;
        }

        @Override
        public InetSocketAddress getPublicAddress(EndpointQualifier qualifier) {
            return address;
        }
    }

    private final ClusterConfig config;
    private final InetAddress address;
    private final DnsDiscovery.Resolver resolver;

    HazelcastSettings(ClusterConfig config, InetAddress address, DnsDiscovery.Resolver resolver) {
        this.config = config;
        this.address = address;
        this.resolver = resolver;
    }

    /**
     * @param name made of the secret
     * @param run of the node, by which Vert.x knows it
     * @param member as JSON
     */
    Config with(String name, String run, String member) {
        var hazelcast = new Config().setClusterName(name).setClassLoader(HazelcastSettings.class.getClassLoader());
        hazelcast.getMemberAttributeConfig().setAttribute(MEMBER, member).setAttribute(VERTX_NODE, run);
        // as in the file that vertx-hazelcast brings
        hazelcast.addMultiMapConfig(new MultiMapConfig(SUBSCRIPTIONS)
                .setBackupCount(1)
                .setValueCollectionType(MultiMapConfig.ValueCollectionType.SET));
        network(hazelcast);
        closed(hazelcast);
        timing(hazelcast);
        return hazelcast;
    }

    private void network(Config hazelcast) {
        // sockets apart for each protocol, and only members get one: no clients, REST, memcache or management on any
        // port
        hazelcast
                .getAdvancedNetworkConfig()
                .setEnabled(true)
                .setJoin(join())
                .setMemberEndpointConfig(new ServerSocketEndpointConfig()
                        .setPort(config.hazelcastPort())
                        .setPortAutoIncrement(false))
                .setMemberAddressProviderConfig(new MemberAddressProviderConfig()
                        .setEnabled(true)
                        .setImplementation(new Here(new InetSocketAddress(address, config.hazelcastPort()))));
        set(hazelcast, ClusterProperty.SOCKET_SERVER_BIND_ANY, false);
        set(hazelcast, ClusterProperty.SOCKET_CLIENT_BIND_ANY, false);
        set(hazelcast, ClusterProperty.PREFER_IPv4_STACK, false);
        set(hazelcast, ClusterProperty.DISCOVERY_SPI_ENABLED, config.discovery().dns() != null);
    }

    private JoinConfig join() {
        var join = new JoinConfig();
        join.getMulticastConfig().setEnabled(false);
        join.getAutoDetectionConfig().setEnabled(false);
        join.getTcpIpConfig().setConnectionTimeoutSeconds(CONNECT_SECONDS);
        var discovery = config.discovery();
        if (discovery.kubernetes() != null) {
            join.setKubernetesConfig(kubernetes(discovery.kubernetes()));
        } else if (discovery.dns() != null) {
            var at = HostPort.parse("cluster.discovery.dns", discovery.dns(), config.hazelcastPort());
            join.getDiscoveryConfig().addDiscoveryStrategyConfig(DnsDiscovery.looking(at, resolver));
        } else {
            join.getTcpIpConfig().setEnabled(true);
            for (var member : discovery.members()) {
                var at = HostPort.parse("cluster.discovery.members", member, config.hazelcastPort());
                join.getTcpIpConfig().addMember(at.toString());
            }
        }
        return join;
    }

    private KubernetesConfig kubernetes(ClusterConfig.Kubernetes pods) {
        var kubernetes = new KubernetesConfig();
        kubernetes.setEnabled(true).setProperty("service-port", Integer.toString(config.hazelcastPort()));
        if (pods.serviceDns() != null) {
            kubernetes.setProperty("service-dns", pods.serviceDns());
        } else if (pods.service() != null) {
            kubernetes.setProperty("service-name", pods.service());
            if (pods.namespace() != null) {
                kubernetes.setProperty("namespace", pods.namespace());
            }
        }
        return kubernetes;
    }

    private static void closed(Config hazelcast) {
        hazelcast.getJetConfig().setEnabled(false);
        hazelcast.getMetricsConfig().setEnabled(false);
        hazelcast.getManagementCenterConfig().setConsoleEnabled(false).setScriptingEnabled(false);
        hazelcast.getSerializationConfig().setJavaSerializationFilterConfig(deserialized());
        set(hazelcast, ClusterProperty.PHONE_HOME_ENABLED, false);
        set(hazelcast, ClusterProperty.SHUTDOWNHOOK_ENABLED, false);
        set(hazelcast, ClusterProperty.LOGGING_TYPE, LOGGING);
        // each line would begin with the name of the cluster, which is as good as its secret
        set(hazelcast, ClusterProperty.LOGGING_ENABLE_DETAILS, false);
        set(hazelcast, ClusterProperty.LOG_EMOJI_ENABLED, false);
        set(hazelcast, ClusterProperty.HEALTH_MONITORING_LEVEL, "OFF");
    }

    /** Members send each other failures in Java's serialization, and nothing else that way. */
    private static JavaSerializationFilterConfig deserialized() {
        return new JavaSerializationFilterConfig()
                .setDefaultsDisabled(true)
                .setWhitelist(new ClassFilter()
                        .addPackages("java.lang", "java.io", "java.util", "java.util.concurrent")
                        .addClasses(
                                "[Ljava.lang.StackTraceElement;",
                                "[Ljava.lang.Throwable;",
                                "java.util.Collections$EmptyList")
                        .addPrefixes("com.hazelcast.", "io.vertx.spi.cluster.hazelcast."))
                .setBlacklist(
                        new ClassFilter().addClasses("java.util.PriorityQueue", "java.util.PropertyResourceBundle"));
    }

    private void timing(Config hazelcast) {
        var heartbeat = config.heartbeat();
        set(
                hazelcast,
                ClusterProperty.HEARTBEAT_INTERVAL_SECONDS,
                heartbeat.interval().toSeconds());
        set(
                hazelcast,
                ClusterProperty.MAX_NO_HEARTBEAT_SECONDS,
                heartbeat.lost().toSeconds());
        set(
                hazelcast,
                ClusterProperty.CONNECTION_MONITOR_INTERVAL,
                heartbeat.faultInterval().toMillis());
        set(hazelcast, ClusterProperty.CONNECTION_MONITOR_MAX_FAULTS, heartbeat.faults());
        set(
                hazelcast,
                ClusterProperty.MERGE_FIRST_RUN_DELAY_SECONDS,
                heartbeat.merge().toSeconds());
        set(
                hazelcast,
                ClusterProperty.MERGE_NEXT_RUN_DELAY_SECONDS,
                heartbeat.merge().toSeconds());
        set(hazelcast, ClusterProperty.MAX_JOIN_SECONDS, JOIN_WITHIN.toSeconds());
        set(
                hazelcast,
                ClusterProperty.GRACEFUL_SHUTDOWN_MAX_WAIT,
                config.leaveWithin().toSeconds());
    }

    private static void set(Config hazelcast, HazelcastProperty property, Object value) {
        hazelcast.setProperty(property.getName(), value.toString());
    }
}
