package smcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.protocol.Json;
import smcp.protocol.Method;

/** The tenants of this repository behind the real JavaScript runner. */
@ExtendWith(VertxExtension.class)
class SampleEngineTest {
    @Test
    void helloAnswersItsTools(Vertx vertx) {
        try (var rig = Rig.sample(vertx, "hello-js").started()) {
            assertThat(rig.call("convert_temperature", "{\"celsius\":100}")
                            .result()
                            .at("/structuredContent/fahrenheit")
                            .asInt())
                    .isEqualTo(212);
            assertThat(rig.call("convert_temperature", "{\"celsius\":\"hot\"}")
                            .result()
                            .at("/isError")
                            .asBoolean())
                    .isTrue();
            var heard = rig.call("count_down", "{\"from\":3}");
            assertThat(heard.text()).isEqualTo("Lift-off!");
            assertThat(heard.notices()).hasSize(3);
        }
    }

    @Test
    void askingTheClientTakesTwoRounds(Vertx vertx) {
        try (var rig = Rig.sample(vertx, "conformance-js").started()) {
            var asked = rig.call("test_elicitation", "{\"message\":\"Who?\"}").result();
            assertThat(asked.at("/resultType").asText()).isEqualTo("input_required");
            var first = rig.tool("test_elicitation", "{\"message\":\"Who?\"}");
            var second = first.nextRound(
                    Json.of(
                            "{\"user\":{\"action\":\"accept\",\"content\":{\"username\":\"ada\",\"email\":\"a@b.example\"}}}"),
                    asked.path("requestState").isMissingNode()
                            ? null
                            : asked.path("requestState").asText(),
                    first.deadlineNanos());
            var heard = new Heard();
            var _ = rig.engine.start(second, heard);
            assertThat(heard.text()).contains("ada");
        }
    }

    @Test
    void everythingThePlatformAsksIsAnswered(Vertx vertx) {
        try (var rig = Rig.sample(vertx, "conformance-js").started()) {
            assertThat(Heard.tree(Rig.await(rig.engine.ask(Method.DISCOVER)))
                            .at("/capabilities/tools")
                            .isObject())
                    .isTrue();
            assertThat(Heard.tree(Rig.await(rig.engine.ask(Method.TOOLS_LIST)))
                            .at("/tools")
                            .size())
                    .isGreaterThan(10);
            assertThat(Heard.tree(Rig.await(rig.engine.ask(Method.TEMPLATES_LIST)))
                            .has("resourceTemplates"))
                    .isTrue();
        }
    }

    @Test
    void logAndChangeAndCloseStreamArrive(Vertx vertx) {
        try (var rig = Rig.sample(vertx, "conformance-js").started()) {
            var heard = new Heard();
            var _ = rig.engine.start(rig.tool("test_logging_tool", "{}", null, "\"debug\""), heard);
            assertThat(heard.result().has("content")).isTrue();
            assertThat(heard.notices())
                    .singleElement()
                    .satisfies(notice -> assertThat(notice.params().text()).doesNotContain("smcp/call"));
            assertThat(rig.call("test_reconnection", "{}").result().has("content"))
                    .isTrue();
            var reconnecting = rig.call("test_reconnection", "{}");
            assertThat(reconnecting.result().has("content")).isTrue();
            assertThat(reconnecting.events().getFirst()).isEqualTo(new CallEvent.CloseStream(Duration.ofMillis(100)));
            assertThat(rig.call("test_trigger_tool_change", "{}").result().has("content"))
                    .isTrue();
            await().atMost(Rig.SOON).untilAsserted(() -> assertThat(rig.changes).containsExactly("TOOLS "));
        }
    }

    /** Prints what this machine does; nothing depends on it. */
    @Test
    void howManySmallCallsASecond(Vertx vertx) throws InterruptedException {
        try (var rig = Rig.sample(vertx, "hello-js").started()) {
            for (var round = 0; round < 5; round++) {
                var calls = 100_000;
                var began = System.nanoTime();
                loop(rig, calls, 64);
                System.out.printf("js engine: %,d calls/s%n", calls * 1_000_000_000L / (System.nanoTime() - began));
            }
        }
    }

    private static void loop(Rig rig, int calls, int together) throws InterruptedException {
        var free = new Semaphore(together);
        var results = new AtomicLong();
        CallSink sink = event -> {
            if (event instanceof CallEvent.Result) {
                results.incrementAndGet();
            }
            free.release();
        };
        var broken = new ArrayList<String>();
        for (var i = 0; i < calls; i++) {
            if (!free.tryAcquire(10, TimeUnit.SECONDS)) {
                broken.add("call " + i + " waits for ever");
                break;
            }
            var _ = rig.engine.start(rig.tool("convert_temperature", "{\"celsius\":20.5}", null, null), sink);
        }
        assertThat(broken).isEmpty();
        assertThat(free.tryAcquire(together, 10, TimeUnit.SECONDS)).isTrue();
        assertThat(results.get()).isEqualTo(calls);
    }
}
