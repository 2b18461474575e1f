package smcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.protocol.Method;
import smcp.tenant.Limits;

/** Java tenants inside the node, behind the real runner. */
@ExtendWith(VertxExtension.class)
class VerticleEngineTest {
    private static final Duration SOON = Rig.SOON;

    @TempDir
    static Path root;

    @BeforeAll
    static void pack() throws IOException {
        var classes = Path.of(Objects.requireNonNull(SampleTenant.class.getResource("SampleTenant.class"))
                .getPath());
        try (var jar = new JarOutputStream(Files.newOutputStream(root.resolve("package.jar")));
                var all = Files.newDirectoryStream(Rig.directory(classes), "SampleTenant*.class")) {
            for (var one : all) {
                jar.putNextEntry(new JarEntry("smcp/engine/" + one.getFileName()));
                Files.copy(one, jar);
            }
        }
    }

    private static Rig rig(Vertx vertx, Limits limits) {
        return new Rig(vertx, new VerticleEngines(), root, SampleTenant.class.getName(), limits);
    }

    private static Limits limits(int concurrency, Duration timeout) {
        return new Limits(concurrency, 10, timeout, SOON, 1 << 20, 100, Duration.ofMinutes(1));
    }

    @Test
    void callsAreAnsweredWithTheClientsOwnTokens(Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            assertThat(rig.call("echo", "{\"text\":\"héllo\"}").text()).isEqualTo("héllo");
            var all = new ArrayList<Heard>();
            for (var i = 0; i < 200; i++) {
                var heard = new Heard();
                all.add(heard);
                var call = rig.tool("steps", "{\"text\":\"caller " + i + "\"}", "\"" + i % 3 + "\"", "\"info\"");
                var _ = rig.engine.start(call, heard);
            }
            for (var i = 0; i < all.size(); i++) {
                assertThat(all.get(i).text()).isEqualTo("caller " + i);
                assertThat(all.get(i).notices())
                        .extracting(notice -> notice.params().text())
                        .containsExactly(
                                "{\"progressToken\":\"" + i % 3 + "\",\"progress\":1,\"total\":2,\"message\":\"half\"}",
                                "{\"level\":\"warning\",\"data\":\"careful\"}");
            }
        }
    }

    @Test
    void onlyInlineToolsRunWhereTheyAreCalled(Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            assertThat(rig.call("thread_inline", "{}").text())
                    .isEqualTo(Thread.currentThread().getName());
            assertThat(rig.call("thread", "{}").text()).startsWith("tenant-acme-");
        }
    }

    @Test
    void thePlatformReadsTheCatalogue(Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            assertThat(Heard.tree(Rig.await(rig.engine.ask(Method.DISCOVER)))
                            .at("/capabilities/tools")
                            .isObject())
                    .isTrue();
            assertThat(Heard.tree(Rig.await(rig.engine.ask(Method.TOOLS_LIST)))
                            .at("/tools")
                            .size())
                    .isEqualTo(12);
            assertThatThrownBy(() -> Rig.await(rig.engine.ask(Method.PROMPTS_LIST)))
                    .isInstanceOf(Fault.class);
        }
    }

    @Test
    void metaIsAsOnTheLink(Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            assertThat(rig.call("meta", "{}").text())
                    .contains("\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\"")
                    .contains("\"progressToken\":0");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "smcp.api.Mcp, smcp.api.Mcp",
        "com.fasterxml.jackson.databind.JsonNode, com.fasterxml.jackson.databind.JsonNode",
        "java.sql.Connection, java.sql.Connection",
        "smcp.contract.Engine, not visible",
        "smcp.runner.Runner, not visible",
        "io.vertx.core.Vertx, not visible",
        "org.slf4j.Logger, not visible",
    })
    void aTenantSeesTheJdkAndTheApiAndNothingElse(String name, String seen, Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            assertThat(rig.call("sees", "{\"text\":\"" + name + "\"}").text()).isEqualTo(seen);
        }
    }

    @Test
    void aThrowIsTheToolsErrorAndItsStackIsPrinted(Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            var result = rig.call("throws", "{}").result();
            assertThat(result.at("/isError").asBoolean()).isTrue();
            assertThat(result.at("/content/0/text").asText()).isEqualTo("out of stock");
            assertThat(rig.printed).anyMatch(line -> line.contains("SampleTenant"));
        }
    }

    @Test
    void limitsHoldInsideTheNodeToo(Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            assertThat(rig.call("floods", "{}").fault(SOON).message()).contains("limits.notices (100)");
            assertThat(rig.call("big", "{}").fault(SOON).message()).contains("limits.responseBytes (1048576)");
        }
    }

    @Test
    void aWaitingCallEndsInTimeAndItsThreadIsFree(Vertx vertx) {
        try (var rig = rig(vertx, limits(1, Duration.ofMillis(300))).started()) {
            var fault = rig.call("waits", "{}").fault(Duration.ofSeconds(2));
            assertThat(fault.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(fault.message()).contains("limits.callTimeoutMs (300 ms)");
            await().atMost(SOON).until(() -> rig.call("thread", "{}").end(SOON) instanceof CallEvent.Result);
        }
    }

    @Test
    void aThreadThatCannotBeEndedCountsAndIsReported(Vertx vertx) {
        try (var rig = rig(vertx, limits(2, Duration.ofMillis(200))).started()) {
            for (var i = 1; i <= 2; i++) {
                var spinning = i;
                assertThat(rig.call("spins", "{}").fault(Duration.ofSeconds(2)).kind())
                        .isEqualTo(Kind.TIMEOUT);
                await().atMost(SOON)
                        .until(() -> rig.printed.stream()
                                .anyMatch(line -> line.contains("its thread stays busy (" + spinning + " of 2)")));
            }
            var refused = rig.call("echo", "{\"text\":\"no\"}").fault(SOON);
            assertThat(refused.kind()).isEqualTo(Kind.OVERLOADED);
            assertThat(refused.message()).contains("each of the 2 threads is busy");
        }
    }

    @Test
    void aCancelledCallHearsNothingMoreAndIsInterrupted(Vertx vertx) {
        try (var rig = rig(vertx, limits(1, SOON)).started()) {
            var heard = new Heard();
            rig.call("waits", "{}", heard).cancel("the user left");
            assertThat(rig.call("thread", "{}").text()).startsWith("tenant-acme-");
            assertThat(heard.events()).isEmpty();
        }
    }

    @Test
    void moreCallsThanTheLimitsAllowAreRefusedAtOnce(Vertx vertx) {
        var rig = rig(vertx, limits(2, SOON)).started();
        var held = new ArrayList<Heard>();
        for (var i = 0; i < 20; i++) {
            held.add(rig.call("waits", "{}"));
        }
        assertThat(held.stream().filter(Heard::over)).hasSize(20 - 12);
        assertThat(held.getLast().fault(SOON).kind()).isEqualTo(Kind.OVERLOADED);
        rig.close();
        assertThat(held.getFirst().fault(SOON).kind()).isEqualTo(Kind.ENGINE_LOST);
        assertThat(rig.call("echo", "{}").fault(SOON).kind()).isEqualTo(Kind.NOT_DEPLOYED);
    }

    @Test
    void aChangeIsToldToTheListener(Vertx vertx) {
        try (var rig = rig(vertx, Rig.LIMITS).started()) {
            assertThat(rig.call("changes", "{}").text()).isEqualTo("changed");
            await().atMost(SOON).untilAsserted(() -> assertThat(rig.changes).contains("TOOLS "));
        }
    }

    @Test
    void whatDoesNotStartSaysWhy(Vertx vertx, @TempDir Path empty) {
        try (var rig = new Rig(vertx, new VerticleEngines(), root, "com.example.Missing", Rig.LIMITS)) {
            assertThatThrownBy(() -> Rig.await(rig.engine.start())).isInstanceOfSatisfying(Fault.class, fault -> {
                assertThat(fault.kind()).isEqualTo(Kind.TENANT_BROKEN);
                assertThat(fault.message()).contains("com.example.Missing");
            });
        }
        try (var rig = new Rig(vertx, new VerticleEngines(), empty, "com.example.Missing", Rig.LIMITS)) {
            assertThatThrownBy(() -> Rig.await(rig.engine.start()))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.message()).contains("no package.jar"));
        }
    }

    @Test
    void twoHundredStartsAndClosesLeaveNoClassLoader(Vertx vertx) {
        var loaders = new ArrayList<WeakReference<ClassLoader>>();
        var rigs = new ArrayList<Rig>();
        for (var i = 0; i < 200; i++) {
            var rig = rig(vertx, Rig.LIMITS).started();
            rigs.add(rig);
            assertThat(rig.call("echo", "{\"text\":\"x\"}").text()).isEqualTo("x");
            assertThat(rig.call("steps", "{\"text\":\"x\"}").text()).isEqualTo("x");
            var loader = ((VerticleEngine) rig.engine).loader();
            assertThat(loader).isNotNull();
            loaders.add(new WeakReference<>(loader));
            rig.close();
        }
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            System.gc();
            assertThat(left(loaders)).isEmpty();
        });
        assertThat(rigs).hasSize(200);
    }

    private static List<String> left(List<WeakReference<ClassLoader>> loaders) {
        return loaders.stream()
                .map(WeakReference::get)
                .filter(Objects::nonNull)
                .map(ClassLoader::getName)
                .toList();
    }
}
