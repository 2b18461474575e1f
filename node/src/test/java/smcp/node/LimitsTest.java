package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.ingress.IngressConfig;
import smcp.node.testing.Json;
import smcp.node.testing.LocalNode;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** Whoever goes over a limit is told which, and nobody else notices. */
class LimitsTest {
    private static final int BODY = 64 << 10;
    private static final int DEPTH = 16;
    private static final int STREAM = 64 << 10;

    @TempDir
    private static Path data;

    private static LocalNode node;

    @BeforeAll
    static void start() throws Exception {
        node = LocalNode.start(data.resolve("node"), LimitsTest::tight);
        try (var admin = node.admin()) {
            for (var engine : List.of("js", "java")) {
                admin.openTenant("few-" + engine, "{'concurrency':2,'queue':3,'callTimeoutMs':20000}");
                admin.openTenant("short-" + engine, "{'callTimeoutMs':400}");
                admin.openTenant("plain-" + engine, "{'notices':1000000}");
                admin.openTenant("quiet-" + engine, "{'notices':5,'responseBytes':10000}");
                for (var kind : List.of("few-", "short-", "plain-", "quiet-")) {
                    var _ = admin.deployed(kind + engine, Packages.probe(engine, "1"));
                }
            }
        }
    }

    private static NodeConfig tight(NodeConfig config) {
        var ingress = config.ingress();
        return config.with(
                new IngressConfig(
                        ingress.host(),
                        ingress.port(),
                        ingress.instances(),
                        ingress.publicUrl(),
                        ingress.hosts(),
                        ingress.origins(),
                        BODY,
                        DEPTH,
                        ingress.maxHeaderBytes(),
                        Duration.ofMillis(700),
                        ingress.keepAlive(),
                        STREAM),
                config.control());
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void aFullQueueAnswersWithTheLimitItHit(String engine) throws Exception {
        var tenant = "few-" + engine;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var admin = node.admin();
                var client = Mcp.modern(node.port(), tenant);
                var legacy = Mcp.legacy(node.port(), tenant)) {
            // asleep or awake it has the same number of places
            var busy = calls(threads, tenant, 5);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(admin.metrics())
                            .contains("smcp_calls_running 2.0")
                            .contains("smcp_calls_waiting 3.0"));
            var refused = client.post(client.toolCall("9", "mark", Json.object("{}"), null));
            var body = refused.json();
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("retry-after")).isEqualTo("1");
            assertThat(body.path("id").asInt()).isEqualTo(9);
            assertThat(body.at("/error/message").asText())
                    .contains("limits.concurrency: 2")
                    .contains("limits.queue: 3");
            assertThat(legacy.post(legacy.toolCall("9", "mark", Json.object("{}"), null))
                            .status())
                    .isEqualTo(503);
            // a neighbour has places of its own
            try (var neighbour = Mcp.modern(node.port(), "plain-" + engine)) {
                assertThat(neighbour.call("mark", Json.object("{}")).ok()).isTrue();
            }
            for (var call : busy) {
                assertThat(call.get(20, TimeUnit.SECONDS).ok()).isTrue();
            }
        }
    }

    private static List<Future<Mcp.Answer>> calls(ExecutorService threads, String tenant, int count) {
        var calls = new ArrayList<Future<Mcp.Answer>>();
        for (var i = 0; i < count; i++) {
            calls.add(threads.submit(() -> {
                try (var client = Mcp.modern(node.port(), tenant)) {
                    return client.call("wait", Json.object("{'ms':700}"));
                }
            }));
        }
        return calls;
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void aCallEndsAtItsTimeout(String engine) throws Exception {
        try (var modern = Mcp.modern(node.port(), "short-" + engine);
                var legacy = Mcp.legacy(node.port(), "short-" + engine)) {
            for (var client : List.of(modern, legacy)) {
                var answer = client.call("7", "wait", Json.object("{'ms':60000}"), null);
                assertThat(answer.last().path("id").asInt()).isEqualTo(7);
                assertThat(answer.last().at("/error/code").asInt()).isEqualTo(-32603);
                assertThat(answer.last().at("/error/message").asText()).contains("limits.callTimeoutMs (400 ms)");
            }
            assertThat(modern.call("mark", Json.object("{}")).ok()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void whoSaysTooMuchIsStopped(String engine) throws Exception {
        try (var modern = Mcp.modern(node.port(), "quiet-" + engine);
                var legacy = Mcp.legacy(node.port(), "quiet-" + engine)) {
            for (var client : List.of(modern, legacy)) {
                var many = client.call("1", "flood", Json.object("{'count':10,'bytes':1}"), "1");
                assertThat(many.notices()).hasSize(5);
                assertThat(many.last().at("/error/message").asText()).contains("limits.notices (5)");
                var wide = client.call("2", "flood", Json.object("{'count':1,'bytes':10000}"), "1");
                assertThat(wide.notices()).isEmpty();
                assertThat(wide.last().at("/error/message").asText()).contains("limits.responseBytes (10000)");
                var answer = client.call("3", "echo", Json.object("{}").put("payload", "x".repeat(10_000)), null);
                assertThat(answer.last().at("/error/message").asText()).contains("limits.responseBytes (10000)");
                assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
            }
        }
    }

    /** In a process of its own; a thread of the node's could not be ended. */
    @Test
    void aBusyLoopEndsAtItsTimeoutAndTheTenantServesOn() throws Exception {
        try (var client = Mcp.modern(node.port(), "short-js")) {
            var answer = client.call("spin", Json.object("{}"));
            assertThat(answer.last().at("/error/message").asText()).contains("limits.callTimeoutMs (400 ms)");
            try (var admin = node.admin()) {
                await().atMost(Duration.ofSeconds(15))
                        .untilAsserted(() -> assertThat(admin.get("/tenants/short-js/logs")
                                        .body()
                                        .toString())
                                .contains("(smcp) the tenant's server did not react for 2 s"));
            }
            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(
                                    client.call("mark", Json.object("{}")).ok())
                            .isTrue());
        }
    }

    @Test
    void aLongBodyIsRefusedByItsLengthOrWhenItGetsTooLong() throws Exception {
        try (var client = Mcp.modern(node.port(), "plain-js")) {
            var refused =
                    client.post(client.toolCall("1", "echo", Json.object("{}").put("payload", "x".repeat(BODY)), null));
            assertThat(refused.status()).isEqualTo(413);
            assertThat(refused.json().at("/error/message").asText())
                    .contains("ingress.maxBodyBytes")
                    .contains(String.valueOf(BODY));
        }
        try (var client = Mcp.modern(node.port(), "plain-js")) {
            var headers = new HashMap<>(client.headers());
            headers.put("Transfer-Encoding", "chunked");
            client.http.begin("POST", client.path(), headers);
            var chunk = Packages.text("4000\r\n" + " ".repeat(0x4000) + "\r\n");
            for (var i = 0; i < 5; i++) {
                client.http.write(chunk);
            }
            assertThat(client.http.response().status()).isEqualTo(413);
        }
    }

    @Test
    void aDeepBodyIsRefused() throws Exception {
        try (var client = Mcp.modern(node.port(), "plain-js")) {
            var deep = Json.object("{}");
            deep.set("payload", Json.parse("[".repeat(DEPTH) + "]".repeat(DEPTH)));
            var refused = client.post(client.toolCall("1", "echo", deep, null));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.json().at("/error/message").asText()).contains(String.valueOf(DEPTH));
            assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
        }
    }

    @Test
    void aBodyThatDoesNotArriveIsNotWaitedFor() throws Exception {
        try (var client = Mcp.modern(node.port(), "plain-js")) {
            var headers = new HashMap<>(client.headers());
            headers.put("Content-Length", "1000");
            client.http.begin("POST", client.path(), headers);
            client.http.write(Packages.text("{\"jsonrpc\":"));
            var refused = client.http.response();
            assertThat(refused.status()).isEqualTo(408);
            assertThat(refused.json().at("/error/message").asText()).contains("ingress.bodyTimeout");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"modern js", "modern java", "legacy js", "legacy java"})
    void aReaderThatDoesNotReadHarmsNobody(String who) throws Exception {
        var tenant = "plain-" + who.split(" ", 2)[1];
        try (var admin = node.admin();
                var slow =
                        who.startsWith("modern") ? Mcp.modern(node.port(), tenant) : Mcp.legacy(node.port(), tenant);
                var other = Mcp.modern(node.port(), tenant)) {
            // some 24 MB for a client that reads nothing, far beyond what sockets hold
            var flood = slow.toolCall("1", "flood", Json.object("{'count':6000,'bytes':4000}"), "1");
            var headers = new HashMap<>(slow.headers());
            headers.put("Mcp-Method", "tools/call");
            headers.put("Mcp-Name", "flood");
            var body = Packages.text(flood.toString());
            headers.put("Content-Length", String.valueOf(body.length));
            slow.http.begin("POST", slow.path(), headers);
            slow.http.write(body);
            for (var i = 0; i < 20; i++) {
                assertThat(other.call("mark", Json.object("{}")).ok()).isTrue();
            }
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(admin.metrics()).contains("smcp_calls_running 0.0"));
            var received = slow.http.response();
            assertThat(received.status()).isEqualTo(200);
            if (who.startsWith("modern")) {
                // cut in the middle: a stream that simply ended would look complete
                assertThat(endOf(received)).isEqualTo("cut");
            }
            assertThat(other.call("mark", Json.object("{}")).ok()).isTrue();
        }
    }

    private static String endOf(smcp.node.testing.Response response) {
        try {
            var _ = response.events();
            return "ended in order";
        } catch (IOException e) {
            return "cut";
        }
    }
}
