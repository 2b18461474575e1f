package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp tools} */
@Command(
        name = "tools",
        description = "List the tools a tenant offers to the key that is used.",
        mixinStandardHelpOptions = true)
final class ToolsCommand implements Callable<Integer> {
    @Mixin
    final Caller caller;

    @Parameters(paramLabel = "TENANT")
    String tenant = "";

    @Option(names = "--json", description = "Print the tools as the tenant describes them")
    boolean json;

    ToolsCommand(Surroundings around) {
        caller = new Caller(around);
    }

    @Override
    public Integer call() {
        return Remote.ends(caller.spec, () -> {
            try (var endpoint = caller.endpoint(tenant)) {
                var tools = endpoint.tools();
                caller.spec.commandLine().getOut().println(json ? Remote.pretty(tools) : table(tools));
                return 0;
            }
        });
    }

    private static String table(JsonNode tools) {
        var table = new Table("TOOL", "ARGUMENTS", "WHAT IT DOES");
        tools.forEach(tool -> table.row(
                tool.path("name").asText(),
                arguments(tool.path("inputSchema")),
                tool.path("description")
                        .asText(tool.path("title").asText(""))
                        .lines()
                        .findFirst()
                        .orElse("")));
        return table.isEmpty() ? "it offers no tools" : table.toString();
    }

    private static String arguments(JsonNode schema) {
        var required = StreamSupport.stream(schema.path("required").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.toSet());
        return schema.path("properties").properties().stream()
                .map(property ->
                        required.contains(property.getKey()) ? property.getKey() : "[" + property.getKey() + "]")
                .collect(Collectors.joining(" "));
    }
}
