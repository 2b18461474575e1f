package smcp.node.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.UnaryOperator;
import smcp.ingress.IngressConfig;
import smcp.node.Node;
import smcp.node.NodeConfig;

/** A whole node inside the test's process, on ports of its own. */
public final class LocalNode implements AutoCloseable {
    public final Node node;

    private LocalNode(Node node) {
        this.node = node;
    }

    public static LocalNode start(Path data) throws IOException {
        return start(data, config -> config);
    }

    public static LocalNode start(Path data, UnaryOperator<NodeConfig> change) throws IOException {
        var defaults = NodeConfig.defaults(data, runner());
        var config = defaults.with(
                freePort(defaults.ingress()),
                new smcp.control.ControlConfig(
                        "127.0.0.1",
                        0,
                        false,
                        defaults.control().allowedHosts(),
                        defaults.control().uploads(),
                        defaults.control().maxUploadBytes(),
                        defaults.control().maxUploads()));
        return new LocalNode(Node.start(change.apply(config)));
    }

    private static IngressConfig freePort(IngressConfig like) {
        return new IngressConfig(
                like.host(),
                0,
                like.instances(),
                like.publicUrl(),
                like.hosts(),
                like.origins(),
                like.maxBodyBytes(),
                like.maxDepth(),
                like.maxHeaderBytes(),
                like.bodyTimeout(),
                like.keepAlive(),
                like.maxStreamBytes());
    }

    private static Path runner() {
        return Path.of("../verticles/tenant-js/runner.mjs").toAbsolutePath().normalize();
    }

    public int port() {
        return node.port();
    }

    public Admin admin() throws IOException {
        return new Admin(node.adminPort(), Files.readString(node.operatorTokenFile()));
    }

    @Override
    public void close() {
        node.close();
    }
}
