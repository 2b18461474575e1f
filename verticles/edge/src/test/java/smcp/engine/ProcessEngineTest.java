package smcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.tenant.Limits;

/** What a caller sees when the process behaves, and what when it does not. */
@ExtendWith(VertxExtension.class)
class ProcessEngineTest {
    private static final Duration SOON = Rig.SOON;

    @Test
    void aRequestIsSplicedFromTheClientsBytesAndStaysOnOneLine(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var heard = new Heard();
            var call = rig.call(
                    Method.TOOLS_CALL,
                    "echo",
                    Json.of("{\n  \"name\" : \"echo\",\r\n  \"arguments\":{\"a\":[1,\n2.50]}\n}"),
                    "\"0\"",
                    "\"info\"",
                    List.of(Json.of("\"com.example/x\":{\n\"y\":1}"), Json.of("\"tr\\u0061ceparent\":\"theirs\"")),
                    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                    Json.of("{\"k\":{\"action\":\"accept\"}}"),
                    "state \"é\" \ud83d\ude00");
            var _ = rig.engine.start(call, heard);
            assertThat(heard.result().at("/structuredContent")).isEqualTo(Heard.tree(Json.of("""
                                    {"name":"echo","arguments":{"a":[1,2.50]},"inputResponses":{"k":{"action":"accept"}},"requestState":"state \\"é\\" 😀",
                                     "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{}},
                                       "progressToken":0,"io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/logLevel":"info",
                                       "traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","com.example/x":{"y":1}}}
                                    """)));
        }
    }

    @Test
    void nobodyGetsAnothersFrameThoughAllUseTheSameIdsAndTokens(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var all = new ArrayList<Heard>();
            for (var i = 0; i < 300; i++) {
                var heard = new Heard();
                all.add(heard);
                var token = i % 2 == 0 ? "" + i % 3 : "\"" + i % 3 + "\"";
                var _ = rig.engine.start(rig.tool("steps", "{\"text\":\"caller " + i + "\"}", token, null), heard);
            }
            for (var i = 0; i < all.size(); i++) {
                var token = i % 2 == 0 ? "" + i % 3 : "\"" + i % 3 + "\"";
                assertThat(all.get(i).text()).isEqualTo("caller " + i);
                assertThat(all.get(i).notices())
                        .extracting(notice -> notice.params().text())
                        .containsExactly(
                                "{\"progressToken\":" + token + ",\"progress\":1}",
                                "{\"progressToken\":" + token + ",\"progress\":2}");
            }
        }
    }

    @Test
    void aQuestionOfThePlatformNeedsNoClient(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(Heard.tree(Rig.await(rig.engine.ask(Method.DISCOVER)))
                            .at("/asked/_meta")
                            .size())
                    .isEqualTo(2);
            assertThatThrownBy(() -> Rig.await(rig.engine.ask(Method.TOOLS_LIST)))
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.message()).contains("-32601"));
        }
    }

    @Test
    void aProcessHasNoEnvironmentAndStandsInItsPackage(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var said = Heard.tree(Json.of(rig.call("environment", "{}").text()));
            assertThat(said.at("/env")).isEqualTo(Heard.tree(Json.of("{\"LANG\":\"C.UTF-8\"}")));
            assertThat(said.at("/cwd").asText())
                    .isEqualTo(Rig.directory(Rig.resource("raw.mjs")).toString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "refuses, does not start: server.mjs:3:5: boom",
        "exits, ended with exit code 3",
        "silent, did not answer smcp/start within limits.startTimeoutMs (1000 ms)",
        "busy, did not answer smcp/start within limits.startTimeoutMs (1000 ms)"
    })
    void aProcessThatDoesNotStartIsGoneWhenTheCallerHearsOfIt(String entry, String why, Vertx vertx) {
        var rig = Rig.raw(vertx, entry, limits(Duration.ofSeconds(30), Duration.ofSeconds(1), 1 << 20));
        try (rig) {
            assertThatThrownBy(() -> Rig.await(rig.engine.start())).isInstanceOfSatisfying(Fault.class, fault -> {
                assertThat(fault.kind()).isEqualTo(Kind.TENANT_BROKEN);
                assertThat(fault.message()).contains(why);
            });
            assertThat(Rig.children()).isEmpty();
            assertThat(rig.call("echo", "{}").fault(SOON).kind()).isEqualTo(Kind.NOT_DEPLOYED);
        }
        assertThat(rig.lost).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "no-object, no object",
        "null, no object",
        "unknown-type, unknown resultType \"something\"",
    })
    void anAnswerThatIsNoneEndsTheCallAsTheTenantsFault(String kind, String why, Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var fault = rig.call("result", "{\"kind\":\"" + kind + "\"}").fault(SOON);
            assertThat(fault.kind()).isEqualTo(Kind.TENANT_PROTOCOL);
            assertThat(fault.message()).contains(why);
        }
    }

    @ParameterizedTest
    @CsvSource({"both", "cut-answer"})
    void aBrokenAnswerWithAReadableIdEndsItsCall(String tool, Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call(tool, "{}").fault(SOON).kind()).isEqualTo(Kind.TENANT_PROTOCOL);
        }
    }

    @Test
    void onlyAMethodThatMayAskTheClientMayAskIt(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call("result", "{\"kind\":\"asks\"}")
                            .result()
                            .at("/resultType")
                            .asText())
                    .isEqualTo("input_required");
            assertThat(rig.call("result", "{\"kind\":\"no-type\"}").result().has("content"))
                    .isTrue();
            var heard = new Heard();
            var call = rig.call(Method.COMPLETE, "", Json.of("{}"), null, null, List.of(), null, null, null);
            var _ = rig.engine.start(call, heard);
            assertThat(heard.fault(SOON).kind()).isEqualTo(Kind.TENANT_PROTOCOL);
        }
    }

    @Test
    void anErrorOfTheTenantsPassesThrough(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call("fails", "{}").end(SOON))
                    .isEqualTo(new CallEvent.Failed(
                            -32021, "needs elicitation", Json.of("{\"requiredCapabilities\":{\"elicitation\":{}}}")));
        }
    }

    @ParameterizedTest
    @CsvSource({"garbage, still here", "forged, mine", "again, first"})
    void framesThatBelongToNothingReachNobody(String tool, String answer, Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var bystander = rig.call("hold", "{}");
            var heard = rig.call(tool, "{}");
            assertThat(heard.text()).isEqualTo(answer);
            assertThat(rig.call("steps", "{\"text\":\"after\"}").text()).isEqualTo("after");
            assertThat(heard.events()).hasSize(1);
            // a forged id that happens to be somebody's does reach that one, and only that one: the tenant may speak to
            // its own callers
            assertThat(bystander.events()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void aNotificationThatIsNoneIsDroppedAndItsCallGoesOn(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var heard = new Heard();
            var _ = rig.engine.start(rig.tool("malformed-notices", "{}", "0", "\"debug\""), heard);
            assertThat(heard.text()).isEqualTo("done");
            assertThat(heard.events()).hasSize(1);
        }
    }

    @Test
    void progressMustBeANumberThatGrows(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var heard = rig.call("crooked-progress", "{}");
            assertThat(heard.text()).isEqualTo("done");
            assertThat(heard.notices())
                    .extracting(notice ->
                            Heard.tree(notice.params()).at("/progress").asInt())
                    .containsExactly(1, 2);
        }
    }

    @Test
    void progressIsForThoseWhoAskedForIt(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var heard = new Heard();
            var _ = rig.engine.start(rig.tool("steps", "{\"text\":\"x\"}", null, null), heard);
            assertThat(heard.text()).isEqualTo("x");
            assertThat(heard.notices()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"'\"debug\"', 2", "'\"warning\"', 1", "'\"error\"', 0", "'\"loud\"', 0", ", 0"})
    void logMessagesComeFromTheLevelAskedFor(String level, int messages, Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var heard = new Heard();
            var _ = rig.engine.start(rig.tool("logs", "{}", null, level), heard);
            assertThat(heard.text()).isEqualTo("done");
            assertThat(heard.notices()).hasSize(messages);
            assertThat(heard.notices())
                    .allSatisfy(notice -> assertThat(notice.params().text())
                            .contains("\"_meta\":{\"com.example/kept\":1}")
                            .doesNotContain("smcp/call"));
        }
    }

    @Test
    void tooManyNoticesEndTheCallAndTellTheTenant(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var heard = rig.call("notice-flood", "{}");
            var fault = heard.fault(SOON);
            assertThat(fault.kind()).isEqualTo(Kind.LIMIT);
            assertThat(fault.message()).contains("limits.notices (100)");
            assertThat(heard.notices()).hasSize(100);
            assertThat(rig.call("cancelled", "{}").text())
                    .contains("\"requestId\":0")
                    .contains("limits.notices");
        }
    }

    @Test
    void anAnswerLongerThanTheLimitIsReplacedByItsName(Vertx vertx) {
        try (var rig =
                Rig.raw(vertx, "ok", limits(Duration.ofSeconds(30), SOON, 2000)).started()) {
            assertThat(rig.call("big", "{\"bytes\":1000}").text()).hasSize(1000);
            var fault = rig.call("big", "{\"bytes\":3000}").fault(SOON);
            assertThat(fault.kind()).isEqualTo(Kind.LIMIT);
            assertThat(fault.message()).contains("limits.responseBytes (2000)");
        }
    }

    @Test
    void aCallThatTakesTooLongEndsInTimeAndTheTenantIsTold(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", limits(Duration.ofMillis(300), SOON, 1 << 20))
                .started()) {
            var fault = rig.call("hold", "{}").fault(Duration.ofSeconds(2));
            assertThat(fault.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(fault.message()).contains("limits.callTimeoutMs (300 ms)");
            assertThat(rig.call("cancelled", "{}").text())
                    .contains("\"requestId\":0")
                    .contains("callTimeout");
            assertThat(rig.call("release", "{}").text()).isEqualTo("released");
        }
    }

    @Test
    void aCancelledCallHearsNothingMore(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var heard = new Heard();
            var running = rig.call("hold", "{}", heard);
            running.cancel("the user left");
            running.cancel("twice");
            assertThat(rig.call("cancelled", "{}").text())
                    .isEqualTo("[{\"requestId\":0,\"reason\":\"the user left\"}]");
            assertThat(rig.call("release", "{}").text()).isEqualTo("released");
            assertThat(heard.events()).isEmpty();
        }
    }

    @Test
    void moreCallsThanTheLimitsAllowAreRefusedAtOnce(Vertx vertx) {
        var limits = new Limits(2, 1, SOON, SOON, 1 << 20, 10, Duration.ofMinutes(1));
        try (var rig = Rig.raw(vertx, "ok", limits).started()) {
            var held = new ArrayList<Heard>();
            for (var i = 0; i < 30; i++) {
                held.add(rig.call("hold", "{}"));
            }
            assertThat(held.stream().filter(Heard::over)).hasSize(30 - 3);
            assertThat(held.getLast().fault(SOON).kind()).isEqualTo(Kind.OVERLOADED);
            assertThat(Rig.await(rig.engine.ask(Method.DISCOVER)).length()).isPositive();
        }
    }

    @Test
    void aProcessThatReadsNothingCostsABoundedQueueAndThenRefusals(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", limits(Duration.ofSeconds(60), SOON, 1 << 20))
                .started()) {
            var busy = rig.call("busy", "{}");
            var large = "\"" + "x".repeat(1 << 20) + "\"";
            var refused = await().atMost(SOON).until(() -> rig.call("hold", large), Heard::over);
            assertThat(refused.fault(SOON).message()).contains("8388608 bytes");
            assertThat(busy.over()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "exits, ended with exit code 4",
        "killed, ended by signal 9",
        "fills-heap, ran out of memory (JavaScript heap out of memory)",
        "endless, longer than 16777216 bytes",
        "forged-flood, frames in a second that belong to no call",
        "closes-output, closed its standard output",
    })
    void theDeathOfTheProcessReachesEveryCallerWithItsReason(String tool, String why, Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            var bystander = rig.call("hold", "{}");
            var heard = rig.call(tool, "{}");
            assertThat(heard.fault(Duration.ofSeconds(5)).kind()).isEqualTo(Kind.ENGINE_LOST);
            assertThat(heard.fault(SOON).message()).contains(why);
            assertThat(bystander.fault(SOON).message()).contains(why);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(rig.lost)
                            .singleElement()
                            .satisfies(fault -> assertThat(fault.message()).contains(why)));
            assertThat(rig.call("echo", "{}").fault(SOON).kind()).isEqualTo(Kind.NOT_DEPLOYED);
            await().atMost(SOON).untilAsserted(() -> assertThat(Rig.children()).isEmpty());
        }
    }

    @Test
    void whatWasSaidBeforeTheEndStillCounts(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call("last-words", "{}").text()).isEqualTo("last words");
            await().atMost(SOON).untilAsserted(() -> assertThat(rig.lost).hasSize(1));
        }
    }

    @Test
    void closingEndsCallsInFlightAndABusyProcess(Vertx vertx) {
        var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started();
        var heard = rig.call("busy", "{}");
        rig.close();
        assertThat(heard.fault(SOON).kind()).isEqualTo(Kind.ENGINE_LOST);
        assertThat(Rig.children()).isEmpty();
        assertThat(rig.lost).isEmpty();
        assertThat(rig.call("echo", "{}").fault(SOON).kind()).isEqualTo(Kind.NOT_DEPLOYED);
        Rig.await(rig.engine.close());
    }

    @Test
    void aFullPipeDoesNotKeepAnEngineOpen(Vertx vertx) {
        var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started();
        var _ = rig.call("busy", "{}");
        for (var i = 0; i < 7; i++) {
            var _ = rig.call("hold", "\"" + "x".repeat(1 << 20) + "\"");
        }
        rig.close();
        assertThat(Rig.children()).isEmpty();
    }

    @Test
    void whatATenantStartedEndsWithIt(Vertx vertx) {
        var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started();
        var pid = Long.parseLong(rig.call("breeds", "{}").text());
        assertThat(Rig.alive(pid)).isTrue();
        rig.close();
        await().atMost(SOON).until(() -> !Rig.alive(pid));
    }

    @Test
    void anEngineThatWasNeverStartedOrIsStillStartingCloses(Vertx vertx) {
        Rig.raw(vertx, "ok", Rig.LIMITS).close();
        var starting = Rig.raw(vertx, "silent", Rig.LIMITS);
        var start = starting.engine.start();
        starting.close();
        assertThatThrownBy(() -> Rig.await(start)).isInstanceOf(Fault.class);
        assertThat(Rig.children()).isEmpty();
    }

    @Test
    void whatATenantPrintsIsBoundedInLengthAndNumber(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call("prints", "{\"lines\":2,\"length\":3}").text()).isEqualTo("printed");
            await().atMost(SOON).untilAsserted(() -> assertThat(rig.printed).containsExactly("ééé", "ééé"));
            assertThat(rig.call("prints", "{\"lines\":1,\"length\":100000}").text())
                    .isEqualTo("printed");
            await().atMost(SOON).until(() -> rig.printed.size() == 3);
            assertThat(rig.printed.getLast()).hasSize(2049).endsWith("…");
            assertThat(rig.call("prints", "{\"lines\":50000,\"length\":1}").text())
                    .isEqualTo("printed");
            await().atMost(SOON).until(() -> {
                var _ = rig.call("prints", "{\"lines\":1,\"length\":1}").text();
                return rig.printed.stream()
                        .anyMatch(line -> line.contains("more lines dropped: more than 200 a second"));
            });
            assertThat(rig.printed.size()).isLessThan(3000);
        }
    }

    @Test
    void aRequestToThePlatformIsRefusedForNow(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call("asks-platform", "{}").text())
                    .contains("-32601")
                    .contains("smcp/kv");
        }
    }

    @Test
    void aChangeIsToldToTheListener(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call("changes", "{}").text()).isEqualTo("changed");
            assertThat(rig.changes).containsExactly("TOOLS ", "RESOURCE a://b");
        }
    }

    private static Limits limits(Duration call, Duration start, int bytes) {
        return new Limits(200, 256, call, start, bytes, 100, Duration.ofMinutes(1));
    }
}
