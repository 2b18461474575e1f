package smcp.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The runner as a process of its own, over real pipes. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessTest {
    @TempDir
    private Path folder;

    private Process process;
    private OutputStream in;
    private BufferedReader out;

    @BeforeEach
    void launch() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .redirectError(folder.resolve("stderr").toFile())
                .start();
        in = process.getOutputStream();
        out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    @AfterEach
    void end() {
        process.destroyForcibly();
    }

    private void send(String line) throws IOException {
        in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
    }

    private JsonNode next() throws IOException {
        return Host.json(Objects.requireNonNull(out.readLine(), "the process ended"));
    }

    private void start(String entry) throws IOException {
        send("{\"jsonrpc\":\"2.0\",\"id\":\"start\",\"method\":\"smcp/start\",\"params\":{\"root\":\"/\",\"entry\":\""
                + entry + "\",\"serverInfo\":{\"name\":\"t\",\"version\":\"1\"},\"instructions\":\"Hi.\"}}");
    }

    private void started() throws IOException {
        start(ProcessTenant.class.getName());
        assertThat(next())
                .isEqualTo(Host.json("{\"jsonrpc\":\"2.0\",\"id\":\"start\",\"result\":{\"runner\":\"smcp-java/1\"}}"));
    }

    private static String call(String id, String tool, String arguments, String more) {
        return "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":%s%s,\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientCapabilities\":{\"elicitation\":{}},\"progressToken\":%s,\"io.modelcontextprotocol/logLevel\":\"info\"}}}"
                .formatted(id, tool, arguments, more, id);
    }

    @Test
    void startDiscoverListAndCall() throws Exception {
        started();
        send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{}}");
        assertThat(next().at("/result/instructions").asText()).isEqualTo("Hi.");
        send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}");
        assertThat(next().at("/result/tools/0/name").asText()).isEqualTo("echo");
        send(call("\"1\"", "echo", "{\"text\":\"ü\\n\"}", ""));
        assertThat(next())
                .isEqualTo(
                        Host.json(
                                "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"result\":{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"ü\\n\"}]}}"));
        send(call("3", "nope", "{}", ""));
        assertThat(next().at("/error/code").asInt()).isEqualTo(-32602);
        send("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"prompts/list\",\"params\":{}}");
        assertThat(next().at("/error/code").asInt()).isEqualTo(-32601);
        send("{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"resources/read\",\"params\":{\"uri\":\"test://none\"}}");
        assertThat(next().at("/error/data/uri").asText()).isEqualTo("test://none");
        start(ProcessTenant.class.getName());
        assertThat(next().at("/error/message").asText()).contains("never changes its tenant");
        assertThat(Files.readString(folder.resolve("stderr"))).contains("printed while starting", "printed by a tool");
    }

    @Test
    void aFailedStartSaysWhatIsWrong() throws Exception {
        send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}");
        assertThat(next().at("/error/message").asText()).contains("not started");
        start("no.Such");
        assertThat(next().path("error"))
                .isEqualTo(
                        Host.json("{\"code\":-32603,\"message\":\"entry no.Such: class not found in the package\"}"));
    }

    @Test
    void aCallReportsUnderItsOwnId() throws Exception {
        started();
        send(call("7", "report", "{}", ""));
        assertThat(next())
                .isEqualTo(
                        Host.json(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":7,\"progress\":0.5,\"total\":1,\"message\":\"half\"}}"));
        assertThat(next())
                .isEqualTo(
                        Host.json(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"error\",\"logger\":\"db\",\"data\":\"lost\",\"_meta\":{\"smcp/call\":7}}}"));
        assertThat(next())
                .isEqualTo(
                        Host.json(
                                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/smcp/closeStream\",\"params\":{\"_meta\":{\"smcp/call\":7},\"retryMs\":100}}"));
        assertThat(next().at("/result/content/0/text").asText()).isEqualTo("done");
        send(call("8", "change", "{}", ""));
        assertThat(next().path("method").asText()).isEqualTo("notifications/tools/list_changed");
        assertThat(next().path("id").asInt()).isEqualTo(8);
    }

    @Test
    void aQuestionGoesRoundWithItsState() throws Exception {
        started();
        send(call("1", "ask", "{}", ""));
        var asked = next().path("result");
        assertThat(asked.path("resultType").asText()).isEqualTo("input_required");
        assertThat(asked.at("/inputRequests/name/method").asText()).isEqualTo("elicitation/create");
        send(call(
                "2",
                "ask",
                "{}",
                ",\"requestState\":" + asked.path("requestState")
                        + ",\"inputResponses\":{\"name\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}}"));
        assertThat(next().at("/result/content/0/text").asText()).isEqualTo("7Ada");
    }

    @Test
    void aCancelledCallIsInterruptedAndNeverAnswered() throws Exception {
        started();
        send(call("1", "hang", "{}", ""));
        assertThat(next().path("method").asText()).isEqualTo("notifications/progress");
        send(
                "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1,\"reason\":\"bored\"}}");
        assertThat(next().at("/params/uri").asText()).isEqualTo("test://interrupted");
        send(call("2", "echo", "{\"text\":\"alive\"}", ""));
        assertThat(next().path("id").asInt()).isEqualTo(2);
    }

    @Test
    void linesThatCannotBeServedAreAnsweredAndSkipped() throws Exception {
        started();
        for (var bad : List.of("nonsense", "[]", "{\"id\":1}", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\"} {}")) {
            send(bad);
            var answer = next();
            assertThat(answer.has("id")).isFalse();
            assertThat(answer.at("/error/code").asInt()).as(bad).isEqualTo(-32700);
        }
        var chunk = new byte[1024 * 1024];
        java.util.Arrays.fill(chunk, (byte) 'x');
        for (int i = 0; i < 18; i++) in.write(chunk);
        send("");
        assertThat(next().at("/error/message").asText()).contains("16777216");
        send(call("2", "huge", "{}", ""));
        assertThat(next().at("/error/message").asText()).contains("16777216");
        send(call("3", "echo", "{\"text\":\"" + "y".repeat(1_000_000) + "\"}", ""));
        assertThat(next().at("/result/content/0/text").asText()).hasSize(1_000_000);
        send(call("4", "throws", "{}", ""));
        assertThat(next().at("/result/isError").asBoolean()).isTrue();
        assertThat(Files.readString(folder.resolve("stderr"))).contains("broken pipe organ", "ProcessTenant.java:");
    }

    @Test
    void manyCallsInOneWriteAreAllAnswered() throws Exception {
        started();
        var lines = new StringBuilder();
        for (int i = 0; i < 500; i++)
            lines.append(call("" + i, i % 3 == 0 ? "ask" : "echo", i % 3 == 0 ? "{}" : "{\"text\":\"" + i + "\"}", ""))
                    .append('\n');
        in.write(lines.toString().getBytes(StandardCharsets.UTF_8));
        in.flush();
        var ids = new ArrayList<Integer>();
        for (int i = 0; i < 500; i++) ids.add(next().path("id").asInt());
        assertThat(ids).doesNotHaveDuplicates().hasSize(500);
    }

    @Test
    void theEndOfInputEndsTheProcessWhateverRuns() throws Exception {
        started();
        send(call("1", "hang", "{}", ""));
        assertThat(next().path("method").asText()).isEqualTo("notifications/progress");
        in.close();
        assertThat(process.waitFor(10, SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }
}
