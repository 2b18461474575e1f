package smcp.store.quorum;

import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.get;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;
import smcp.store.RegistryStore.Change;
import smcp.store.RegistryStore.Stored;
import smcp.store.quorum.QuorumConfig.Limits;
import smcp.testing.TcpProxy;

/** Members in this process. The link from each to each other may go through a proxy of its own, so that a split is one as in life. */
final class Group implements AutoCloseable {
    static final Limits QUICK = new Limits(300, 5_000, 1_500, 4_096, 256L << 20, 1L << 20);

    private final Path root;
    private final Limits limits;
    QuorumConfig.@Nullable Tls tls;
    private final Map<String, Integer> ports = new LinkedHashMap<>();
    private final Map<String, TcpProxy> links = new LinkedHashMap<>();
    final Map<String, Node> nodes = new LinkedHashMap<>();

    Group(Path root, int size, Limits limits, QuorumConfig.@Nullable Tls tls) {
        this.root = root;
        this.limits = limits;
        this.tls = tls;
        for (var i = 1; i <= size; i++) {
            add("n" + i);
        }
    }

    static Group of(Path root, int size) {
        return new Group(root, size, QUICK, null);
    }

    /** Such as nobody has started yet. */
    void add(String name) {
        try (var probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ports.put(name, probe.getLocalPort());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void forget(String name) {
        ports.remove(name);
    }

    /** Puts a proxy on each link. */
    Group proxied() {
        for (var from : ports.keySet()) {
            ports.forEach((to, port) -> {
                if (!from.equals(to)) {
                    links.put(from + ">" + to, TcpProxy.to(port));
                }
            });
        }
        return this;
    }

    QuorumConfig config(String name) {
        var members = new LinkedHashMap<String, String>();
        ports.forEach((each, port) -> {
            var link = links.get(name + ">" + each);
            members.put(each, "127.0.0.1:" + (link == null ? port : link.port()));
        });
        return new QuorumConfig(members, null, tls, limits);
    }

    Path directory(String name) {
        return root.resolve(name);
    }

    @CanIgnoreReturnValue
    Group start() {
        return start(List.copyOf(ports.keySet()));
    }

    @CanIgnoreReturnValue
    Group start(String... names) {
        return start(List.of(names));
    }

    @CanIgnoreReturnValue
    private Group start(List<String> names) {
        open(names.toArray(String[]::new));
        if (nodes.size() > ports.size() / 2) {
            names.forEach(name -> touched(node(name)));
        }
        return this;
    }

    /** Starts without waiting for a majority any longer than the nodes themselves do. */
    void open(String... names) {
        var opening = new ArrayList<Future<?>>();
        for (var name : names) {
            var node = new Node(name, QuorumRegistryStore.of(config(name), name, directory(name)));
            nodes.put(name, node);
            opening.add(node.open());
        }
        get(Future.all(opening));
    }

    /** A busy machine may need longer than an opening waits. */
    private static void touched(Node node) {
        await().atMost(Duration.ofSeconds(20)).until(node.store::inTouch);
    }

    Node node(String name) {
        var node = nodes.get(name);
        if (node == null) {
            throw new AssertionError(name + " does not run");
        }
        return node;
    }

    Node leader() {
        return nodes.values().stream()
                .filter(each -> each.store.leads())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody leads"));
    }

    Node follower() {
        return nodes.values().stream()
                .filter(each -> !each.store.leads())
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody follows"));
    }

    void stop(String name) {
        get(node(name).store.close());
        nodes.remove(name);
    }

    void stopAll() {
        get(Future.join(nodes.values().stream().map(each -> each.store.close()).toList()));
        nodes.clear();
    }

    /** Between {@code name} and the others nothing passes, in either way. */
    void isolate(String name) {
        links.forEach((link, proxy) -> {
            if (link.startsWith(name + ">") || link.endsWith(">" + name)) {
                proxy.refuse();
            }
        });
    }

    /** The same, but nobody is told. */
    void silence(String name) {
        links.forEach((link, proxy) -> {
            if (link.startsWith(name + ">") || link.endsWith(">" + name)) {
                proxy.stall();
            }
        });
    }

    void heal() {
        links.values().forEach(TcpProxy::flow);
    }

    @Override
    public void close() {
        stopAll();
        links.values().forEach(TcpProxy::close);
    }

    /** What a node knows. */
    static final class Node {
        final String name;
        final QuorumRegistryStore store;
        final Map<String, Stored> live = new ConcurrentHashMap<>();
        final List<List<Stored>> heard = new CopyOnWriteArrayList<>();
        volatile Consumer<List<Stored>> tap = _ -> {};

        Node(String name, QuorumRegistryStore store) {
            this.name = name;
            this.store = store;
        }

        Future<Void> open() {
            return store.open(commit -> {
                heard.add(commit);
                tap.accept(commit);
                commit.forEach(each -> {
                    if (each.json() == null) {
                        live.remove(each.path());
                    } else {
                        live.put(each.path(), each);
                    }
                });
            });
        }

        Future<Void> create(String path, String json) {
            return store.commit(List.of(new Change(path, 0, Json.of(json))));
        }

        Future<Void> delete(String path) {
            return store.commit(List.of(new Change(path, revision(path), null)));
        }

        long revision(String path) {
            var found = live.get(path);
            return found == null ? 0 : found.revision();
        }
    }
}
