package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** {@code smcp call} */
@Command(
        name = "call",
        description = {
            "Call a tool of a tenant and print what it answers.",
            "",
            "smcp call hello greet --arg name=Ada",
            "",
            "Questions of the tool are asked on the terminal. Ends with 1 if the tool reports an error."
        },
        mixinStandardHelpOptions = true)
final class CallCommand implements Callable<Integer> {
    /** As many as the platform allows. */
    private static final int MOST_ROUNDS = 8;

    @Mixin
    final Caller caller;

    @Parameters(index = "0", paramLabel = "TENANT")
    String tenant = "";

    @Parameters(index = "1", paramLabel = "TOOL")
    String tool = "";

    @Option(
            names = "--arg",
            paramLabel = "NAME=VALUE",
            description = "An argument; the tool's schema says its type. Repeatable")
    Map<String, String> pairs = Map.of();

    @Option(names = "--json", paramLabel = "OBJECT", description = "All arguments as one JSON object")
    @Nullable
    String json;

    @Option(names = "--raw", description = "Print the whole result as JSON")
    boolean raw;

    CallCommand(Surroundings around) {
        caller = new Caller(around);
    }

    @Override
    public Integer call() {
        if (json != null && !pairs.isEmpty()) {
            throw new ParameterException(caller.spec.commandLine(), "--arg and --json exclude each other");
        }
        return Remote.ends(caller.spec, () -> {
            try (var endpoint = caller.endpoint(tenant)) {
                return print(called(endpoint));
            }
        });
    }

    /** The result of the last round. */
    private JsonNode called(McpEndpoint endpoint) {
        var described = find(endpoint.tools());
        var arguments = json == null ? Arguments.of(pairs, described.path("inputSchema")) : Arguments.parse(json);
        var headers = MirroredHeaders.of(described, arguments);
        var params = AdminApi.JSON.createObjectNode().put("name", tool);
        params.set("arguments", arguments);
        var next = params;
        for (var round = 0; round < MOST_ROUNDS; round++) {
            var result = endpoint.ask("tools/call", next, capabilities(), headers, this::notice);
            if (!"input_required".equals(result.path("resultType").asText())) {
                return result;
            }
            next = nextRound(params, result);
        }
        throw new Failure("the tool asked more than " + MOST_ROUNDS + " times");
    }

    private JsonNode find(JsonNode tools) {
        for (var described : tools) {
            if (described.path("name").asText().equals(tool)) {
                return described;
            }
        }
        var names = StreamSupport.stream(tools.spliterator(), false)
                .map(described -> described.path("name").asText())
                .collect(Collectors.joining(", "));
        throw new Failure("tenant " + tenant + " has no tool " + tool + " for this key; it has: "
                + (names.isEmpty() ? "none" : names));
    }

    private JsonNode capabilities() {
        var capabilities = AdminApi.JSON.createObjectNode();
        if (caller.around().interactive()) {
            capabilities.putObject("elicitation").putObject("form");
        }
        return capabilities;
    }

    /** The same request with the answers, and the state as it came (MCP 2026-07-28, multi round-trip requests). */
    private ObjectNode nextRound(ObjectNode params, JsonNode result) {
        var next = params.deepCopy();
        if (result.has("inputRequests")) {
            var prompt = caller.around().prompt();
            if (prompt == null) {
                throw new Failure("the tool asks a question, and there is no terminal to answer it at");
            }
            next.set("inputResponses", new Questions(prompt).answer(result.path("inputRequests")));
        }
        if (result.has("requestState")) {
            next.set("requestState", result.path("requestState"));
        }
        return next;
    }

    private void notice(JsonNode message) {
        if (!"notifications/progress".equals(message.path("method").asText())) {
            return;
        }
        var params = message.path("params");
        var of = params.has("total") ? " of " + params.path("total").asText() : "";
        var err = caller.spec.commandLine().getErr();
        err.println(Shown.line(("… " + params.path("progress").asText() + of + " "
                        + params.path("message").asText(""))
                .strip()));
        err.flush();
    }

    private int print(JsonNode result) {
        var out = caller.spec.commandLine().getOut();
        if (raw) {
            out.println(Remote.pretty(result));
        } else {
            result.path("content").forEach(block -> printBlock(out, block));
            if (result.path("content").isEmpty() && result.has("structuredContent")) {
                out.println(Remote.pretty(result.path("structuredContent")));
            }
        }
        return result.path("isError").asBoolean() ? 1 : 0;
    }

    private static void printBlock(PrintWriter out, JsonNode block) {
        switch (block.path("type").asText()) {
            case "text" -> out.println(Shown.text(block.path("text").asText()));
            case "resource_link" -> out.println(Shown.line(block.path("uri").asText()));
            case "resource" ->
                out.println(Shown.text(block.at("/resource/text")
                        .asText(block.at("/resource/uri").asText())));
            default ->
                out.println(Shown.line("[" + block.path("type").asText() + " "
                        + block.path("mimeType").asText("") + "; --raw prints it]"));
        }
    }
}
