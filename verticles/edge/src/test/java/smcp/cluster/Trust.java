package smcp.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Authority, secret and settings of a cluster on the loopback, as an operator would make them. */
record Trust(Authority authority, Path directory) {
    static final Duration LOST = Duration.ofSeconds(3);

    static Trust in(Path directory) throws IOException {
        return new Trust(Authority.create(directory, "test", Instant.now()), directory);
    }

    /** What the node of this name gets. */
    Path node(String name) throws IOException {
        var made = directory.resolve(name);
        return made.toFile().exists()
                ? made
                : authority
                        .issue(new Authority.Node(name, List.of()), Duration.ofDays(2), Instant.now())
                        .directory();
    }

    ClusterConfig config(String name, int port, List<String> members) throws IOException {
        return config(name, "127.0.0.1", port, new ClusterConfig.Discovery(members, null, null));
    }

    ClusterConfig config(String name, String host, int port, ClusterConfig.Discovery discovery) throws IOException {
        return config(name, host, port, discovery, directory.resolve("cluster.secret"), node(name));
    }

    static ClusterConfig config(
            String name, String host, int port, ClusterConfig.Discovery discovery, Path secret, Path tls)
            throws IOException {
        return new ClusterConfig(
                true,
                "test",
                name,
                host,
                port,
                freePorts(1).getFirst(),
                0,
                discovery,
                secret,
                tls,
                false,
                false,
                Duration.ofSeconds(4),
                Duration.ofSeconds(2),
                new ClusterConfig.Heartbeat(
                        Duration.ofSeconds(1), LOST, Duration.ofMillis(50), 1, Duration.ofSeconds(10)));
    }

    static List<Integer> freePorts(int count) throws IOException {
        var held = new ArrayList<ServerSocket>();
        try {
            for (var i = 0; i < count; i++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return held.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (var socket : held) {
                socket.close();
            }
        }
    }
}
