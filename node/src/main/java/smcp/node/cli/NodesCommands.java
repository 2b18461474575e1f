package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code smcp nodes} and {@code smcp drain} */
final class NodesCommands {
    private NodesCommands() {}

    @Command(
            name = "nodes",
            description = "List the live nodes of the cluster, as the node that is asked knows them.",
            mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        final Remote remote;

        ListAll(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(api.get("/admin/v1/nodes"), ListAll::shown));
        }

        private static String shown(JsonNode found) {
            var table = new Table(
                    "NAME", "REGION", "ZONE", "STATE", "ROUND TRIP", "TENANTS", "RUNNING", "WAITING", "PROGRAM", "ID");
            found.path("nodes")
                    .forEach(node -> table.row(
                            node.path("name").asText(),
                            node.path("region").asText(),
                            node.path("zone").asText(),
                            node.path("state").asText(),
                            roundTrip(node),
                            node.path("awake").asText(),
                            node.path("running").asText(),
                            node.path("waiting").asText(),
                            node.path("program").asText(),
                            node.path("id").asText()));
            return table.toString();
        }

        private static String roundTrip(JsonNode node) {
            if (node.path("self").asBoolean()) {
                return "this one";
            }
            return node.has("roundTripMicros")
                    ? String.format(
                            Locale.ROOT, "%.1f ms", node.path("roundTripMicros").asLong() / 1_000.0)
                    : "no link";
        }
    }

    @Command(
            name = "drain",
            description = {
                "Stop a node in order: others get its new calls, those in flight end, and its process ends.",
                "The same as SIGTERM to its process."
            },
            mixinStandardHelpOptions = true)
    static final class Drain implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "NODE", description = "Name or id, as smcp nodes shows them")
        String node = "";

        Drain(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(
                    api.post(
                            "/admin/v1/nodes/" + AdminApi.segment(node) + "/drain",
                            JsonNodeFactory.instance.objectNode()),
                    _ -> "Node " + node + " is stopping; smcp nodes shows it until it has left."));
        }
    }
}
