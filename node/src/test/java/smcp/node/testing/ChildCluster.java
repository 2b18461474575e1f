package smcp.node.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import smcp.cluster.Authority;

/** A cluster of real processes on this machine, with certificates of its own, one key-encryption key, and a store that the test provides. Nodes are counted from 0. */
public final class ChildCluster implements AutoCloseable {
    private final Path folder;
    private final String shared;
    private final List<Integer> ports;
    private final List<ChildNode> nodes = new CopyOnWriteArrayList<>();

    private ChildCluster(Path folder, int size, String shared) throws IOException {
        this.folder = folder;
        this.shared = shared;
        this.ports = freePorts(size);
        var authority = Authority.create(folder.resolve("trust"), "test", Instant.now());
        for (var number = 0; number < size; number++) {
            var node = new Authority.Node("n" + number, List.of("127.0.0.1"));
            var _ = authority.issue(node, Duration.ofDays(1), Instant.now());
        }
    }

    /**
     * Starts all nodes at once and waits until each sees all others. Blocks.
     *
     * @param shared blocks {@code store:} and {@code blobs:} of every node's configuration
     */
    public static ChildCluster start(Path folder, int size, String shared) throws IOException {
        var cluster = new ChildCluster(folder, size, shared);
        try {
            // whoever is first makes the key-encryption key
            cluster.nodes.add(cluster.node(0));
            var others = new ArrayList<CompletableFuture<ChildNode>>();
            for (var number = 1; number < size; number++) {
                var which = number;
                others.add(CompletableFuture.supplyAsync(() -> cluster.nodeUnchecked(which)));
            }
            others.forEach(other -> cluster.nodes.add(other.join()));
            return cluster;
        } catch (IOException | CompletionException e) {
            cluster.close();
            throw e;
        }
    }

    private ChildNode nodeUnchecked(int number) {
        try {
            return node(number);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private ChildNode node(int number) throws IOException {
        var trust = folder.resolve("trust/n" + number);
        var members = ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").collect(Collectors.joining(", "));
        var config = Files.writeString(folder.resolve("n" + number + ".yaml"), """
                node: {region: here, zone: z%d}
                cluster:
                  enabled: true
                  nodeName: n%d
                  hazelcastPort: %d
                  discovery: {members: [%s]}
                  tls: %s
                  secret: %s
                vault: {file: %s}
                %s
                """.formatted(
                        number,
                        number,
                        ports.get(number),
                        members,
                        trust,
                        trust.resolve("cluster.secret"),
                        folder.resolve("shared.key"),
                        shared));
        return ChildNode.start(folder.resolve("n" + number), "--config", config.toString());
    }

    /** Starts a node again, which was stopped or killed. */
    public void restart(int number) throws IOException {
        nodes.get(number).close();
        nodes.set(number, node(number));
    }

    public ChildNode get(int number) {
        return nodes.get(number);
    }

    /** The control plane of a node, with the one operator's token that the cluster has: the first node made it. */
    public Admin admin(int number) throws IOException {
        return new Admin(nodes.get(number).adminPort(), nodes.get(0).token());
    }

    public int size() {
        return nodes.size();
    }

    public Path folder() {
        return folder;
    }

    private static List<Integer> freePorts(int count) throws IOException {
        var held = new ArrayList<ServerSocket>();
        try {
            for (var number = 0; number < count; number++) {
                held.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            var ports = held.stream().map(ServerSocket::getLocalPort).toList();
            assertThat(ports).doesNotHaveDuplicates();
            return ports;
        } finally {
            for (var socket : held) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        nodes.forEach(ChildNode::close);
    }
}
