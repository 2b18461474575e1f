package smcp.peer;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the peer link, block {@code peer:} of the node's configuration.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param instances event loops that take calls of other nodes; 0 for one a core
 * @param tls null: cleartext, which whoever wires the node must forbid outside the loopback
 * @param connections to each other node
 * @param connectTimeout how long making one may take, its first question and answer included
 * @param pingEvery how often the way to another node is measured
 * @param pingWithin a connection whose ping is not answered within it is closed
 * @param reconnectWithin longest pause between two attempts to connect
 * @param maxFrameBytes longest message; longer than any request body and any answer of a tenant
 * @param maxQueuedBytes bytes of one call that may wait for the other node to take them
 */
public record PeerConfig(
        @JsonProperty("host") String host,
        @JsonProperty("port") int port,
        @JsonProperty("instances") int instances,
        @JsonProperty("tls") @Nullable Tls tls,
        @JsonProperty("connections") int connections,
        @JsonProperty("connectTimeout") Duration connectTimeout,
        @JsonProperty("pingEvery") Duration pingEvery,
        @JsonProperty("pingWithin") Duration pingWithin,
        @JsonProperty("reconnectWithin") Duration reconnectWithin,
        @JsonProperty("maxFrameBytes") int maxFrameBytes,
        @JsonProperty("maxQueuedBytes") int maxQueuedBytes) {
    /** A tenant's frames may have 64 MiB at most ({@link smcp.tenant.Limits}); what stands around them is small. */
    public static final PeerConfig DEFAULT = new PeerConfig(
            "127.0.0.1",
            0,
            0,
            null,
            2,
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(2),
            72 << 20,
            16 << 20);

    /**
     * Mutual TLS. Whoever shows a certificate that the cluster's own authority has signed is a member; names in it are not looked at, so a node may change its address.
     *
     * @param caFile PEM, the authority of the cluster; no other is trusted
     * @param certFile PEM, this node's certificate
     * @param keyFile PEM, the key of {@code certFile}
     */
    public record Tls(
            @JsonProperty(value = "caFile", required = true) Path caFile,

            @JsonProperty(value = "certFile", required = true)
            Path certFile,

            @JsonProperty(value = "keyFile", required = true)
            Path keyFile) {}

    public PeerConfig {
        between("peer.port", port, 0, 65_535);
        between("peer.instances", instances, 0, 1_024);
        between("peer.connections", connections, 1, 64);
        between("peer.connectTimeout", connectTimeout, Duration.ofMillis(10), Duration.ofMinutes(1));
        between("peer.pingEvery", pingEvery, Duration.ofMillis(10), Duration.ofMinutes(1));
        between("peer.pingWithin", pingWithin, Duration.ofMillis(50), Duration.ofMinutes(1));
        between("peer.reconnectWithin", reconnectWithin, Duration.ofMillis(10), Duration.ofMinutes(1));
        between("peer.maxFrameBytes", maxFrameBytes, 64 << 10, 512 << 20);
        between("peer.maxQueuedBytes", maxQueuedBytes, 64 << 10, 1 << 30);
    }

    /** The same on this address. */
    public PeerConfig at(String onHost, int onPort) {
        return new PeerConfig(
                onHost,
                onPort,
                instances,
                tls,
                connections,
                connectTimeout,
                pingEvery,
                pingWithin,
                reconnectWithin,
                maxFrameBytes,
                maxQueuedBytes);
    }

    /** The same with this trust. */
    public PeerConfig with(@Nullable Tls trust) {
        return new PeerConfig(
                host,
                port,
                instances,
                trust,
                connections,
                connectTimeout,
                pingEvery,
                pingWithin,
                reconnectWithin,
                maxFrameBytes,
                maxQueuedBytes);
    }

    private static <T extends Comparable<T>> void between(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
        }
    }
}
