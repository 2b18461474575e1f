package smcp.ingress;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of the data plane, block {@code ingress:} of the node's configuration.
 *
 * @param host address to listen on
 * @param port 0 for any free one
 * @param instances event loops that accept connections; 0 for one a core
 * @param publicUrl what clients call this node from outside; null if nobody does
 * @param hosts further names that requests may carry in {@code Host}, besides loopback and {@code publicUrl}'s
 * @param origins web origins that may call, besides a page of this very host
 * @param maxBodyBytes longest request body
 * @param maxDepth deepest nesting of a body
 * @param maxHeaderBytes longest request head
 * @param bodyTimeout how long a body may take to arrive, and how long a client may take nothing of what is written to it
 * @param keepAlive silence on a stream before a comment is sent; proxies cut silent connections (digest §3.4)
 * @param maxStreamBytes bytes that may wait for a client that does not read, and as many again before its connection is cut
 */
public record IngressConfig(
        String host,
        int port,
        int instances,
        @Nullable URI publicUrl,
        List<String> hosts,
        List<String> origins,
        int maxBodyBytes,
        int maxDepth,
        int maxHeaderBytes,
        Duration bodyTimeout,
        Duration keepAlive,
        int maxStreamBytes) {
    public static final IngressConfig DEFAULT = new IngressConfig(
            "127.0.0.1",
            8080,
            0,
            null,
            List.of(),
            List.of(),
            4 << 20,
            64,
            32 << 10,
            Duration.ofSeconds(30),
            Duration.ofSeconds(15),
            1 << 20);

    public IngressConfig {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
        between("ingress.port", port, 0, 65_535);
        between("ingress.instances", instances, 0, 1_024);
        between("ingress.maxBodyBytes", maxBodyBytes, 1_024, 256 << 20);
        between("ingress.maxDepth", maxDepth, 8, 1_000);
        between("ingress.maxHeaderBytes", maxHeaderBytes, 16 << 10, 1 << 20);
        between("ingress.maxStreamBytes", maxStreamBytes, 16 << 10, 256 << 20);
        if (!bodyTimeout.isPositive()) {
            throw new IllegalArgumentException("ingress.bodyTimeout must be positive, got " + bodyTimeout);
        }
        if (keepAlive.compareTo(Duration.ofMillis(100)) < 0 || keepAlive.compareTo(Duration.ofSeconds(25)) > 0) {
            throw new IllegalArgumentException("ingress.keepAlive must be 100 ms to 25 s, got " + keepAlive);
        }
    }

    private static void between(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
        }
    }
}
