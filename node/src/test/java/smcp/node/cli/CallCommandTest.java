package smcp.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** {@code smcp call} and {@code smcp tools} against a small MCP server of revision 2026-07-28. */
@ExtendWith(VertxExtension.class)
class CallCommandTest {
    private static final JsonObject ADD = new JsonObject("""
            {"name": "add", "description": "Adds.\\nTwo numbers.", "inputSchema": {"type": "object", "required": ["a"], "properties": {
                "a": {"type": "integer", "x-mcp-header": "First"}, "b": {"type": "number"}, "name": {"type": "string", "x-mcp-header": "Name"}, "on": {"type": "boolean"}}}}
            """);
    private static final JsonObject ASK =
            new JsonObject("{\"name\": \"ask\", \"inputSchema\": {\"type\": \"object\"}}");
    private static final JsonObject FAIL =
            new JsonObject("{\"name\": \"fail\", \"inputSchema\": {\"type\": \"object\"}}");

    @TempDir
    Path directory = Path.of("");

    private final List<JsonObject> calls = new CopyOnWriteArrayList<>();
    private final List<HttpServerRequest> requests = new CopyOnWriteArrayList<>();
    private Shell shell = new Shell(Path.of(""));

    @BeforeEach
    void aServer(Vertx vertx) throws TimeoutException {
        var server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body.toJsonObject())))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS);
        shell = new Shell(directory).with("SMCP_URL", "http://127.0.0.1:" + server.actualPort());
    }

    private void answer(HttpServerRequest request, JsonObject message) {
        if (!"Bearer smcp_k_s".equals(request.getHeader("Authorization"))) {
            var _ = request.response()
                    .setStatusCode(401)
                    .putHeader("Content-Type", "application/json")
                    .end("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32000,\"message\":\"this tenant is private\"}}");
            return;
        }
        requests.add(request);
        var params = message.getJsonObject("params");
        if (message.getString("method").equals("tools/list")) {
            var first = params.getString("cursor") == null;
            var page = new JsonObject()
                    .put(
                            "tools",
                            first
                                    ? new JsonArray().add(ADD)
                                    : new JsonArray().add(ASK).add(FAIL));
            json(request, message, first ? page.put("nextCursor", "two") : page);
            return;
        }
        calls.add(params);
        switch (params.getString("name")) {
            case "add" -> stream(request, message);
            case "ask" -> json(request, message, params.containsKey("inputResponses") ? thanks(params) : question());
            default -> json(request, message, text("it went wrong").put("isError", true));
        }
    }

    private static JsonObject text(String text) {
        return new JsonObject()
                .put("resultType", "complete")
                .put(
                        "content",
                        new JsonArray().add(new JsonObject().put("type", "text").put("text", text)));
    }

    private static JsonObject question() {
        return new JsonObject("""
                {"resultType": "input_required", "requestState": "sealed", "inputRequests": {"who": {"method": "elicitation/create", "params": {
                    "message": "Who are you?", "requestedSchema": {"type": "object", "required": ["name"], "properties": {
                        "name": {"type": "string"}, "age": {"type": "integer"}, "colour": {"type": "string", "default": "red"}}}}}}}
                """);
    }

    private static JsonObject thanks(JsonObject params) {
        return text(params.getString("requestState") + " "
                + params.getJsonObject("inputResponses").encode());
    }

    private static void json(HttpServerRequest request, JsonObject message, JsonObject result) {
        var _ = request.response()
                .putHeader("Content-Type", "application/json")
                .end(new JsonObject()
                        .put("jsonrpc", "2.0")
                        .put("id", message.getValue("id"))
                        .put("result", result)
                        .encode());
    }

    private static void stream(HttpServerRequest request, JsonObject message) {
        var token = message.getJsonObject("params").getJsonObject("_meta").getValue("progressToken");
        var progress = new JsonObject()
                .put("jsonrpc", "2.0")
                .put("method", "notifications/progress")
                .put(
                        "params",
                        new JsonObject()
                                .put("progressToken", token)
                                .put("progress", 1)
                                .put("total", 2)
                                .put("message", "half"));
        var answer = new JsonObject()
                .put("jsonrpc", "2.0")
                .put("id", message.getValue("id"))
                .put("result", text("5\u001b[2J"));
        var _ = request.response()
                .putHeader("Content-Type", "text/event-stream")
                .end(": hello\n\ndata: " + progress.encode() + "\n\nevent: message\ndata: " + answer.encode() + "\n\n");
    }

    @Test
    void argumentsGetTheTypesOfTheSchemaAndTheirHeaders() {
        var ended = withKey()
                .run("call", "demo", "add", "--arg", "a=2", "--arg", "b=2.5", "--arg", "name=Zoë", "--arg", "on=true");

        assertThat(ended.err()).isEqualTo("… 1 of 2 half\n");
        assertThat(ended.out()).isEqualTo("5\ufffd[2J\n");
        assertThat(ended.code()).isZero();
        var arguments = calls.getFirst().getJsonObject("arguments");
        assertThat(arguments.getMap())
                .containsEntry("a", 2)
                .containsEntry("b", 2.5)
                .containsEntry("on", true);
        var request = requests.getLast();
        assertThat(request.path()).isEqualTo("/t/demo/mcp");
        assertThat(request.getHeader("MCP-Protocol-Version")).isEqualTo("2026-07-28");
        assertThat(request.getHeader("Mcp-Method")).isEqualTo("tools/call");
        assertThat(request.getHeader("Mcp-Name")).isEqualTo("add");
        assertThat(request.getHeader("Mcp-Param-First")).isEqualTo("2");
        assertThat(request.getHeader("Mcp-Param-Name")).isEqualTo("=?base64?Wm/Dqw==?=");
        assertThat(calls.getFirst().getJsonObject("_meta").fieldNames())
                .contains(
                        "io.modelcontextprotocol/protocolVersion",
                        "io.modelcontextprotocol/clientCapabilities",
                        "progressToken");
    }

    @Test
    void aQuestionOfTheToolIsAskedAtTheTerminal() {
        var ended = withKey().typing("y", "Ada", "old", "36", "").run("call", "demo", "ask");

        assertThat(ended.err()).contains("Who are you?", "age (integer, Enter: none)", "colour (string, Enter: red)");
        assertThat(ended.out())
                .isEqualTo(
                        "sealed {\"who\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\",\"age\":36,\"colour\":\"red\"}}}\n");
        assertThat(calls).hasSize(2);
    }

    @Test
    void aQuestionCanBeDeclinedAndFailsWithoutATerminal() {
        assertThat(withKey().run("call", "demo", "ask").err()).contains("no terminal");
        assertThat(withKey().typing("n").run("call", "demo", "ask").out()).contains("\"action\":\"decline\"");
    }

    @Test
    void anErrorOfTheToolEndsWithOne() {
        var ended = withKey().run("call", "demo", "fail", "--json", "{}");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.out()).isEqualTo("it went wrong\n");
    }

    @Test
    void theRawResultIsPrintedAsJson() {
        assertThat(withKey().run("call", "demo", "fail", "--raw").out()).contains("\"isError\" : true");
    }

    @Test
    void wrongCallsSayWhatIsRight() {
        assertThat(withKey().run("call", "demo", "nothing").err()).contains("it has: add, ask, fail");
        assertThat(withKey().run("call", "demo", "add", "--arg", "a=two").err())
                .contains("--arg a must be a whole number, got \"two\"");
        assertThat(withKey().run("call", "demo", "add", "--json", "[1]").err()).contains("--json must be an object");
        assertThat(withKey()
                        .run("call", "demo", "add", "--json", "{}", "--arg", "a=1")
                        .code())
                .isEqualTo(2);
    }

    @Test
    void aPrivateTenantSaysHowToGetAKey() {
        var ended = new Shell(directory).with("SMCP_URL", "http://127.0.0.1:1").run("tools", "demo");
        var keyless = shell.run("tools", "demo");

        assertThat(ended.err()).contains("is the node running?");
        assertThat(shell.run("tools", "demo", "--key-file", "none.key").err())
                .startsWith("smcp: cannot read the key file ")
                .contains("there is no such file");
        assertThat(keyless.err()).contains("this tenant is private", "smcp key create demo <client>");
        var strange = shell.with("SMCP_KEY", "smcp_of_another").run("tools", "demo");
        assertThat(strange.err())
                .contains("The key that was given is not good for tenant demo", "An open tenant needs none")
                .doesNotContain("wants a key");
    }

    @Test
    void toolsOfAllPagesAreListed() {
        var ended = withKey().run("tools", "demo");

        assertThat(ended.out())
                .containsPattern("add +a \\[b] \\[name] \\[on] +Adds\\.")
                .contains("ask", "fail");
    }

    private Shell withKey() {
        return shell.with("SMCP_KEY", "smcp_k_s");
    }
}
