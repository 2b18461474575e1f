package smcp.node;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to start a node, as both commands that start one take it. Options win over the file. */
final class NodeOptions {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "YAML; every key with its default is in conf/node.yaml.")
    @Nullable
    Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Directory of this node alone: registry, sessions, packages, keys. Default: .smcp")
    @Nullable
    Path data;

    @Option(names = "--host", paramLabel = "HOST", description = "Address of the data plane. Default: 127.0.0.1")
    @Nullable
    String host;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Port of the data plane; 0 takes a free one. Default: 8080")
    @Nullable
    Integer port;

    @Option(
            names = "--admin-port",
            paramLabel = "PORT",
            description = "Port of the control plane; 0 takes a free one. Default: 9080")
    @Nullable
    Integer adminPort;

    NodeConfig read() throws ConfigFile.Wrong {
        var dir = (data == null ? Path.of(".smcp") : data).toAbsolutePath().normalize();
        var defaults = NodeConfig.defaults(dir, Distribution.runner());
        if (config == null) {
            return ConfigFile.over(defaults, options());
        }
        var from = ConfigFile.read(config, defaults);
        var moved = from.store().dataDir();
        if (data == null && !moved.equals(dir)) {
            // what lies in the data directory by default follows it
            from = ConfigFile.read(config, NodeConfig.defaults(moved, Distribution.runner()));
        }
        return ConfigFile.over(from, options());
    }

    private ObjectNode options() {
        var said = new ObjectMapper().createObjectNode();
        if (host != null) {
            said.withObject("/ingress").put("host", host);
        }
        if (port != null) {
            said.withObject("/ingress").put("port", port);
        }
        if (adminPort != null) {
            said.withObject("/control").put("port", adminPort);
        }
        if (data != null) {
            var dir = data.toAbsolutePath().normalize();
            said.withObject("/store").put("dataDir", dir.toString());
            said.withObject("/control").put("uploads", dir.resolve("uploads").toString());
        }
        return said;
    }
}
