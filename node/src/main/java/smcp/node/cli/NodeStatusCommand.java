package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code smcp node status} */
@Command(
        name = "status",
        description = "Show the node's version, uptime, and which engines can run on it.",
        mixinStandardHelpOptions = true)
final class NodeStatusCommand implements Callable<Integer> {
    @Mixin
    final Remote remote;

    NodeStatusCommand(Surroundings around) {
        remote = new Remote(around);
    }

    @Override
    public Integer call() {
        return remote.run(api -> remote.print(api.get("/admin/v1/node"), NodeStatusCommand::status));
    }

    private static String status(JsonNode node) {
        var table = new Table("version", node.path("version").asText());
        var up = Duration.ofSeconds(node.path("uptimeSeconds").asLong());
        table.row("up", up.toString().substring(2).toLowerCase(Locale.ROOT));
        table.row("tenants", node.path("tenants").asText());
        node.path("engines")
                .forEach(engine -> table.row("engine " + engine.path("kind").asText(), engine(engine)));
        return table.toString();
    }

    private static String engine(JsonNode engine) {
        if (!engine.path("available").asBoolean()) {
            return "off: " + engine.path("missing").asText();
        }
        return engine.path("boxed").asBoolean()
                ? "on, in a box"
                : "on, without a box: only for tenants with --trust operator";
    }
}
