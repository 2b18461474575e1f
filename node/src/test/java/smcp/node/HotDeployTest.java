package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.node.testing.Json;
import smcp.node.testing.LocalNode;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** Versions come and go while clients call, and no client is the wiser. */
class HotDeployTest {
    private static final int CLIENTS = 10;
    private static final int REDEPLOYS = 6;

    @TempDir
    private static Path data;

    private static LocalNode node;

    @BeforeAll
    static void start() throws Exception {
        node = LocalNode.start(data.resolve("node"));
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void noCallFailsWhileVersionsChangeUnderLoad(String engine) throws Exception {
        var tenant = "load-" + engine;
        try (var admin = node.admin();
                var load = new Load(tenant)) {
            // fewer places than clients, so that calls are always waiting when the version changes
            admin.openTenant(tenant, "{'concurrency':4,'queue':64}");
            var _ = admin.deployed(tenant, Packages.probe(engine, "m1"));
            load.begin();
            patiently().untilAsserted(() -> assertThat(load.marks).contains("m1"));
            for (var i = 2; i <= REDEPLOYS; i++) {
                var mark = "m" + i;
                assertThat(admin.deployed(tenant, Packages.probe(engine, mark))).isEqualTo(i);
                patiently().untilAsserted(() -> assertThat(load.marks).contains(mark));
                assertThat(now(tenant)).isEqualTo(mark);
            }
            var _ = admin.activate(tenant, 2).expect(200);
            assertThat(now(tenant)).isEqualTo("m2");
            load.end();
            assertThat(load.failures).isEmpty();
            assertThat(load.calls.get()).isGreaterThan(CLIENTS * REDEPLOYS);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void aCallInFlightEndsWhereItBegan(String engine) throws Exception {
        var tenant = "flight-" + engine;
        try (var admin = node.admin();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            admin.openTenant(tenant, "{}");
            var _ = admin.deployed(tenant, Packages.probe(engine, "old"));
            var began = new ArrayList<Future<Mcp.Answer>>();
            for (var client : List.of(Mcp.modern(node.port(), tenant), Mcp.legacy(node.port(), tenant))) {
                began.add(threads.submit(() -> {
                    try (client) {
                        return client.call("wait", Json.object("{'ms':1500}"));
                    }
                }));
            }
            patiently().untilAsserted(() -> assertThat(admin.metrics()).contains("smcp_calls_running 2.0"));
            var _ = admin.deployed(tenant, Packages.probe(engine, "new"));
            assertThat(now(tenant)).isEqualTo("new");
            for (var answer : began) {
                assertThat(answer.isDone()).isFalse();
            }
            for (var answer : began) {
                assertThat(answer.get(10, TimeUnit.SECONDS).text()).isEqualTo("old");
            }
        }
    }

    /** A package that must be refused, and what its refusal must tell. */
    static final class BrokenPackage {
        final String what;
        final String engine;
        final byte[] packed;
        final List<String> reason;

        BrokenPackage(String what, String engine, byte[] packed, String... reason) {
            this.what = what;
            this.engine = engine;
            this.packed = packed;
            this.reason = List.of(reason);
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<BrokenPackage> broken() throws IOException {
        return Stream.of(
                js("a syntax error", "export default function probe(mcp) {\n  mcp.tool(", "server.mjs:2"),
                js(
                        "a schema that is none",
                        "export default (mcp) => mcp.tool('bad', { input: { type: 'nonsense' } }, () => '');",
                        "server.mjs:1",
                        "tool \"bad\"",
                        "/type",
                        "nonsense"),
                js(
                        "a throw at the start",
                        "export default () => { throw new Error('no database today'); };",
                        "no database today",
                        "server.mjs:1"),
                new BrokenPackage(
                        "no entry",
                        "js",
                        Packages.zip(Map.of("smcp.json", Packages.text(Packages.manifest("js", "gone.mjs", "x")))),
                        "gone.mjs"),
                new BrokenPackage(
                        "no entry class",
                        "java",
                        Packages.zip(Packages.jar(Packages.manifest("verticle", "com.example.Gone", "x"))),
                        "com.example.Gone"),
                new BrokenPackage(
                        "a file outside",
                        "js",
                        Packages.zip(Map.of(
                                "smcp.json",
                                Packages.text(Packages.manifest("js", "server.mjs", "x")),
                                "../../escaped.mjs",
                                Packages.text("0"))),
                        "../../escaped.mjs"),
                new BrokenPackage(
                        "an engine that is none",
                        "js",
                        Packages.zip(Map.of("smcp.json", Packages.text("{\"name\":\"probe\",\"engine\":\"cobol\"}"))),
                        "smcp.json",
                        "cobol"),
                new BrokenPackage(
                        "no manifest", "js", Packages.zip(Map.of("server.mjs", Packages.text("0"))), "smcp.json"),
                new BrokenPackage("no zip", "js", Packages.text("PK this is no zip"), "zip"));
    }

    private static BrokenPackage js(String what, String source, String... reason) throws IOException {
        return new BrokenPackage(what, "js", Packages.js("x", source), reason);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aBrokenPackageIsRefusedWithItsReasonAndTheOldVersionServes(BrokenPackage broken) throws Exception {
        var tenant = broken.what.replace(' ', '-');
        try (var admin = node.admin()) {
            admin.openTenant(tenant, "{}");
            var _ = admin.deployed(tenant, Packages.probe(broken.engine, "good"));
            assertThat(now(tenant)).isEqualTo("good");
            var refused = admin.deploy(tenant, broken.packed).expect(422);
            assertThat(refused.message()).contains(broken.reason);
            assertThat(refused.body().at("/error/code").asText()).isEqualTo("PACKAGE_INVALID");
            assertThat(now(tenant)).isEqualTo("good");
            assertThat(data.resolve("escaped.mjs")).doesNotExist();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void whatIsUndeployedAnswersSo(String engine) throws Exception {
        var tenant = "gone-" + engine;
        try (var admin = node.admin();
                var modern = Mcp.modern(node.port(), tenant)) {
            admin.openTenant(tenant, "{}");
            var _ = admin.deployed(tenant, Packages.probe(engine, "here"));
            try (var legacy = Mcp.legacy(node.port(), tenant)) {
                assertThat(legacy.call("mark", Json.object("{}")).text()).isEqualTo("here");
                var _ = admin.undeploy(tenant).expect(200);
                notDeployed(modern, modern.toolCall("\"seven\"", "mark", Json.object("{}"), null));
                // a session ends with what it was begun with; 404 tells its client to begin another
                var ended = legacy.post(legacy.toolCall("\"seven\"", "mark", Json.object("{}"), null));
                assertThat(ended.status()).isEqualTo(404);
                assertThat(ended.json().at("/error/message").asText()).isEqualTo("Session not found");
            }
            try (var legacy = Mcp.outsider(node.port(), tenant)) {
                notDeployed(legacy, Mcp.initialize("\"seven\""));
            }
            var _ = admin.activate(tenant, 1).expect(200);
            assertThat(modern.call("mark", Json.object("{}")).text()).isEqualTo("here");
        }
    }

    private static void notDeployed(Mcp client, JsonNode request) throws IOException {
        var response = client.post(request);
        var body = response.json();
        assertThat(response.status()).as(body.toString()).isEqualTo(503);
        assertThat(response.header("retry-after")).isEqualTo("1");
        assertThat(body.path("id").asText()).isEqualTo("seven");
        assertThat(body.at("/error/code").asInt()).isEqualTo(-32603);
        assertThat(body.at("/error/message").asText()).contains("deployed");
    }

    @Test
    void theSamplesAreDeployedAndServe() throws Exception {
        try (var admin = node.admin()) {
            for (var sample : Map.of(
                            "hello-java", Packages.sampleJar("hello-java"),
                            "conformance-java", Packages.sampleJar("conformance-java"),
                            "hello-js", Packages.sampleFolder("hello-js"),
                            "conformance-js", Packages.sampleFolder("conformance-js"))
                    .entrySet()) {
                admin.openTenant(sample.getKey(), "{}");
                var _ = admin.deployed(sample.getKey(), sample.getValue());
                try (var client = Mcp.modern(node.port(), sample.getKey())) {
                    var tools = Mcp.answer(client.post(client.request("1", "tools/list", Json.object("{}"))));
                    assertThat(tools.last().at("/result/tools").size())
                            .as(sample.getKey())
                            .isPositive();
                }
            }
        }
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    /** What a new call is answered by. */
    private static String now(String tenant) throws IOException {
        try (var client = Mcp.modern(node.port(), tenant)) {
            return client.call("mark", Json.object("{}")).text();
        }
    }

    /** Clients that call all the time. */
    private static final class Load implements AutoCloseable {
        final Set<String> marks = ConcurrentHashMap.newKeySet();
        final Queue<String> failures = new ConcurrentLinkedQueue<>();
        final AtomicInteger calls = new AtomicInteger();
        private final String tenant;
        private final AtomicBoolean over = new AtomicBoolean();
        private final List<CompletableFuture<Void>> clients = new ArrayList<>();

        Load(String tenant) {
            this.tenant = tenant;
        }

        void begin() {
            for (var i = 0; i < CLIENTS; i++) {
                var ended = new CompletableFuture<Void>();
                var number = i;
                clients.add(ended);
                Thread.ofVirtual().start(() -> {
                    try (var client =
                            number % 2 == 0 ? Mcp.modern(node.port(), tenant) : Mcp.legacy(node.port(), tenant)) {
                        call(client);
                        ended.complete(null);
                    } catch (IOException | RuntimeException e) {
                        ended.completeExceptionally(e);
                    }
                });
            }
        }

        private void call(Mcp client) throws IOException {
            while (!over.get()) {
                var answer = client.call("wait", Json.object("{'ms':5}"));
                calls.incrementAndGet();
                if (answer.ok()) {
                    marks.add(answer.text());
                } else {
                    failures.add(answer.toString());
                }
            }
        }

        void end() throws Exception {
            over.set(true);
            CompletableFuture.allOf(clients.toArray(CompletableFuture<?>[]::new))
                    .get(10, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            over.set(true);
        }
    }
}
