package smcp.cluster;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import smcp.tenant.Shown;

/**
 * The cluster this node is in, block {@code cluster:} of the node's configuration.
 *
 * @param enabled false: the node is alone, and nothing else of this block is used
 * @param name of the cluster; clusters of different names or secrets do not see each other
 * @param nodeName of this node, for people; null: host name and {@code hazelcastPort}
 * @param host where the other nodes reach this one: an address, a name, or a network ({@code 10.0.0.0/8}) in which this machine has an address
 * @param hazelcastPort of membership
 * @param busPort of the event bus; 0: any free one
 * @param peerPort of the link that carries calls; 0: any free one
 * @param discovery how the first other node is found
 * @param secret file that all nodes have; null only if not enabled
 * @param tls directory with {@code ca.pem}, {@code node.pem} and {@code node.key}
 * @param insecurePlaintext true, in place of {@code tls}: bus and calls travel unencrypted, and whoever reaches the ports is a node
 * @param insecurePublicHazelcast true: {@code host} may be an address that is neither private nor loopback
 * @param acknowledgeWithin how long something that must hold on all nodes is waited for
 * @param leaveWithin how long leaving in order may take
 * @param heartbeat how lost nodes are found
 */
public record ClusterConfig(
        @JsonProperty("enabled") boolean enabled,
        @JsonProperty("name") String name,
        @JsonProperty("nodeName") @Nullable String nodeName,
        @JsonProperty("host") String host,
        @JsonProperty("hazelcastPort") int hazelcastPort,
        @JsonProperty("busPort") int busPort,
        @JsonProperty("peerPort") int peerPort,
        @JsonProperty("discovery") Discovery discovery,
        @JsonProperty("secret") @Nullable Path secret,
        @JsonProperty("tls") @Nullable Path tls,
        @JsonProperty("insecurePlaintext") boolean insecurePlaintext,
        @JsonProperty("insecurePublicHazelcast") boolean insecurePublicHazelcast,
        @JsonProperty("acknowledgeWithin") Duration acknowledgeWithin,
        @JsonProperty("leaveWithin") Duration leaveWithin,
        @JsonProperty("heartbeat") Heartbeat heartbeat) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");
    private static final Pattern NODE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,63}");
    private static final Pattern DNS_NAME = Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");

    public static final ClusterConfig DEFAULT = new ClusterConfig(
            false,
            "smcp",
            null,
            "127.0.0.1",
            5701,
            0,
            0,
            new Discovery(List.of(), null, null),
            null,
            null,
            false,
            false,
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            Heartbeat.DEFAULT);

    /**
     * How the first other node is found; exactly one of the three. Looked at again for as long as a node runs, so that two halves of a cluster find each other.
     *
     * @param members {@code host} or {@code host:port} of some nodes, better all; this one may be among them
     * @param dns {@code name} or {@code name:port}, whose A and AAAA records are the nodes
     * @param kubernetes the pods of a service
     */
    public record Discovery(
            @JsonProperty("members") List<String> members,
            @JsonProperty("dns") @Nullable String dns,
            @JsonProperty("kubernetes") @Nullable Kubernetes kubernetes) {
        private static final int MOST_MEMBERS = 256;

        public Discovery {
            members = List.copyOf(members);
            if (members.size() > MOST_MEMBERS) {
                throw new IllegalArgumentException(
                        "cluster.discovery.members must be at most " + MOST_MEMBERS + ", got " + members.size());
            }
            for (var member : members) {
                var _ = HostPort.parse("cluster.discovery.members", member, 1); // or throws
            }
            if (dns != null) {
                var at = HostPort.parse("cluster.discovery.dns", dns, 1);
                matching("cluster.discovery.dns", DNS_NAME, at.host());
            }
            if (Stream.of(members.isEmpty() ? null : members, dns, kubernetes)
                            .filter(Objects::nonNull)
                            .count()
                    > 1) {
                throw new IllegalArgumentException(
                        "cluster.discovery must have one of members, dns and kubernetes, got more");
            }
        }

        boolean isNone() {
            return members.isEmpty() && dns == null && kubernetes == null;
        }
    }

    /**
     * The pods of a service of Kubernetes; one of the first two.
     *
     * @param serviceDns name of a headless service, such as {@code smcp.prod.svc.cluster.local}; needs no rights
     * @param service name of a service, asked of Kubernetes' API: the pod's account must be allowed to get endpoints and pods
     * @param namespace of {@code service}; null: the pod's own
     */
    public record Kubernetes(
            @JsonProperty("serviceDns") @Nullable String serviceDns,
            @JsonProperty("service") @Nullable String service,
            @JsonProperty("namespace") @Nullable String namespace) {
        public Kubernetes {
            if ((serviceDns == null) == (service == null)) {
                throw new IllegalArgumentException(
                        "cluster.discovery.kubernetes must have either serviceDns or service, got "
                                + (service == null ? "neither" : "both"));
            }
            if (namespace != null && service == null) {
                throw new IllegalArgumentException(
                        "cluster.discovery.kubernetes.namespace must stand with service, got it alone");
            }
            for (var name : new @Nullable String[] {serviceDns, service, namespace}) {
                if (name != null) {
                    matching("cluster.discovery.kubernetes", DNS_NAME, name);
                }
            }
        }
    }

    /**
     * How lost nodes are found. A killed process is found by its closed connections, a hung one or a cut cable by the silence.
     *
     * @param interval between two signs of life; whole seconds
     * @param lost silence after which a node is removed; whole seconds
     * @param faultInterval how far apart failures of a connection must be to count
     * @param faults failures of a connection that are put up with before the node is removed
     * @param merge between two looks for another half of the cluster; whole seconds
     */
    public record Heartbeat(
            @JsonProperty("interval") Duration interval,
            @JsonProperty("lost") Duration lost,
            @JsonProperty("faultInterval") Duration faultInterval,
            @JsonProperty("faults") int faults,
            @JsonProperty("merge") Duration merge) {
        public static final Heartbeat DEFAULT = new Heartbeat(
                Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofMillis(50), 1, Duration.ofSeconds(10));

        public Heartbeat {
            seconds("cluster.heartbeat.interval", interval, 1, 60);
            seconds("cluster.heartbeat.lost", lost, 3, 600);
            seconds("cluster.heartbeat.merge", merge, 1, 3_600);
            within("cluster.heartbeat.faultInterval", faultInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
            between("cluster.heartbeat.faults", faults, 0, 100);
            if (lost.compareTo(interval.multipliedBy(3)) < 0) {
                throw new IllegalArgumentException(
                        "cluster.heartbeat.lost must be at least three times cluster.heartbeat.interval (" + interval
                                + "), got " + lost);
            }
        }
    }

    public ClusterConfig {
        matching("cluster.name", NAME, name);
        if (nodeName != null) {
            matching("cluster.nodeName", NODE_NAME, nodeName);
        }
        BindHost.check(host);
        between("cluster.hazelcastPort", hazelcastPort, 1, 65_535);
        between("cluster.busPort", busPort, 0, 65_535);
        between("cluster.peerPort", peerPort, 0, 65_535);
        if (busPort == hazelcastPort || peerPort == hazelcastPort || (busPort == peerPort && busPort != 0)) {
            throw new IllegalArgumentException(
                    "cluster.hazelcastPort, cluster.busPort and cluster.peerPort must differ, got " + hazelcastPort
                            + ", " + busPort + " and " + peerPort);
        }
        within("cluster.acknowledgeWithin", acknowledgeWithin, Duration.ofMillis(100), Duration.ofMinutes(10));
        within("cluster.leaveWithin", leaveWithin, Duration.ofSeconds(1), Duration.ofMinutes(10));
        if (acknowledgeWithin.compareTo(heartbeat.lost()) <= 0) {
            // otherwise whoever revokes a key while a node hangs gets an error, where waiting a little would do
            throw new IllegalArgumentException("cluster.acknowledgeWithin must be longer than cluster.heartbeat.lost ("
                    + heartbeat.lost() + "), got " + acknowledgeWithin);
        }
        if (tls != null && insecurePlaintext) {
            throw new IllegalArgumentException(
                    "cluster.insecurePlaintext must be false where cluster.tls is given, got true");
        }
        if (enabled) {
            if (discovery.isNone()) {
                throw new IllegalArgumentException(
                        "cluster.discovery must have members, dns or kubernetes when cluster.enabled is true, got none");
            }
            if (secret == null) {
                throw new IllegalArgumentException(
                        "cluster.secret must name the file that smcp cluster init makes when cluster.enabled is true, got null");
            }
            if (tls == null && !insecurePlaintext) {
                throw new IllegalArgumentException(
                        "cluster.tls must name the directory that smcp cluster init makes when cluster.enabled is true, got null; cluster.insecurePlaintext: true goes without");
            }
        }
    }

    private static void matching(String field, Pattern pattern, String value) {
        if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(field + " must match " + pattern + ", got \"" + Shown.of(value) + "\"");
        }
    }

    private static void between(String field, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(field + " must be " + least + " to " + most + ", got " + value);
        }
    }

    private static void within(String field, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(field + " must be " + least + " to " + most + ", got " + value);
        }
    }

    private static void seconds(String field, Duration value, int least, int most) {
        within(field, value, Duration.ofSeconds(least), Duration.ofSeconds(most));
        if (value.toNanosPart() != 0) {
            throw new IllegalArgumentException(field + " must be whole seconds, got " + value);
        }
    }
}
