package smcp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.RegistryKey;
import smcp.testing.McpWire;
import smcp.testing.ScriptedTenant;
import smcp.testing.TestEdge;

/** Streams of 2025-11-25: priming, ids, retry, resumption, the GET stream (digest §3.2, §11.1). */
class StreamsTest {
    private TestEdge edge;
    private McpWire session;

    @SuppressWarnings("NullAway.Init") // set by the set-up of the tests that need it
    private McpWire.Exchange lastCall;

    @BeforeEach
    void start() {
        edge = TestEdge.start();
        session = edge.wire().session();
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private McpWire.Exchange call() {
        return session.open(
                "POST", request("7", "tools/call", "\"name\":\"echo\",\"_meta\":{\"progressToken\":\"t\"}"));
    }

    private static String id(McpWire.Event event) {
        assertThat(event.id()).isNotNull();
        return String.valueOf(event.id());
    }

    private McpWire.Exchange resume(String lastEventId) {
        return session.with("Last-Event-ID", lastEventId).open("GET", "");
    }

    @Test
    void anAnswerThatComesFirstIsOneObject() {
        edge.tenant.answers("{\"content\":[]}");
        try (var exchange = call()) {
            assertThat(exchange.answer().type()).isEqualTo("application/json");
        }
    }

    @Test
    void aStreamBeginsWithAnEventWithoutDataAndEndsWithTheAnswer() {
        try (var stream = call()) {
            edge.tenant.next().progress(1).result("{\"resultType\":\"complete\",\"content\":[]}");
            var events = stream.rest();
            assertThat(events).hasSize(3);
            assertThat(events.get(0).data()).isEmpty();
            assertThat(events.get(1).json().at("/params/progressToken").asText())
                    .isEqualTo("t");
            assertThat(events.get(2).json().path("id").asInt()).isEqualTo(7);
            assertThat(events.get(2).json().at("/result/resultType").isMissingNode())
                    .isTrue();
            assertThat(events)
                    .extracting(McpWire.Event::id)
                    .doesNotHaveDuplicates()
                    .doesNotContainNull();
            assertThat(stream.head().header("cache-control")).isEqualTo("no-cache, no-transform");
            assertThat(stream.head().header("x-accel-buffering")).isEqualTo("no");
        }
    }

    @Test
    void aSilentCallBecomesAStream() {
        try (var stream = call()) {
            assertThat(stream.next().data()).isEmpty();
            stream.comment();
            edge.tenant.next().result("{\"content\":[]}");
            assertThat(stream.next().json().has("result")).isTrue();
        }
    }

    @Test
    void everyCutIsResumedWithoutGapOrDuplicate() {
        var call = call();
        var tenant = edge.tenant.next();
        var seen = new ArrayList<Integer>();
        tenant.progress(0);
        var last = id(call.next());
        for (var i = 0; i < 50; i++) {
            tenant.progress(i + 1);
            var event = call.next();
            last = id(event);
            seen.add(event.json().at("/params/progress").asInt());
            if (i % 7 == 3) {
                call.cut();
                // written while nobody reads, and while somebody comes back
                tenant.progress(1000 + i);
                call = resume(last);
                var missed = call.next();
                last = id(missed);
                seen.add(missed.json().at("/params/progress").asInt());
            }
        }
        tenant.result("{\"content\":[]}");
        call.rest().forEach(event -> {
            if (event.json().has("params")) {
                seen.add(event.json().at("/params/progress").asInt());
            }
        });
        var expected = new ArrayList<Integer>();
        expected.add(0);
        for (var i = 0; i < 50; i++) {
            expected.add(i + 1);
            if (i % 7 == 3) {
                expected.add(1000 + i);
            }
        }
        assertThat(new HashSet<>(seen)).hasSameSizeAs(seen);
        assertThat(seen).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void aStreamIsResumedDuringLiveWritesWithoutGapOrDuplicate() throws InterruptedException {
        String first;
        var tenant = takeCall();
        try (var stream = lastCall) {
            tenant.progress(0);
            first = id(stream.next());
        }
        var writer = Thread.ofPlatform().start(() -> {
            for (var i = 1; i <= 500; i++) {
                tenant.progress(i);
            }
            tenant.result("{\"content\":[]}");
        });
        try (var stream = resume(first)) {
            var events = stream.rest();
            assertThat(events).hasSize(502);
            for (var i = 0; i <= 500; i++) {
                assertThat(events.get(i).json().at("/params/progress").asInt()).isEqualTo(i);
            }
            assertThat(events.getLast().json().has("result")).isTrue();
        }
        writer.join();
    }

    private ScriptedTenant.Taken takeCall() {
        lastCall = call();
        return edge.tenant.next();
    }

    @Test
    void aClientIsAskedToComeBackAndFindsItsAnswer() {
        String cursor;
        try (var stream = call()) {
            edge.tenant.next().progress(1).closeStream(25).result("{\"content\":[]}");
            var events = stream.rest();
            cursor = id(events.getFirst());
            assertThat(events).anySatisfy(event -> assertThat(event.retry()).isEqualTo("25"));
        }
        try (var again = resume(cursor)) {
            var events = again.rest();
            assertThat(events.getLast().json().path("id").asInt()).isEqualTo(7);
        }
    }

    @Test
    void aSecondReaderTakesTheStreamOver() {
        var tenant = takeCall();
        try (var stream = lastCall) {
            tenant.progress(1);
            var first = id(stream.next());
            assertThat(stream.next().method()).isEqualTo("notifications/progress");
            try (var other = resume(first)) {
                assertThat(other.next().method()).isEqualTo("notifications/progress");
                assertThat(stream.event()).isNull();
                tenant.result("{\"content\":[]}");
                assertThat(other.next().json().has("result")).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "1",
                "abcdefghijklmnop.1",
                "g.epoch",
                "g.epoch.1",
                "../../x.1",
                "abcdefghijklmnop.99999999999999999999",
                "g.e.-1.0"
            })
    void aForgedCursorIsRefused(String cursor) {
        try (var stream = resume(cursor)) {
            var answer = stream.answer();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo(-32000);
        }
    }

    @Test
    void aCursorAheadOfItsStreamIsRefused() {
        var tenant = takeCall();
        try (var stream = lastCall) {
            tenant.progress(1);
            var first = id(stream.next());
            var ahead = first.substring(0, first.indexOf('.')) + ".5";
            assertThat(session.with("Last-Event-ID", ahead).get().status()).isEqualTo(400);
            tenant.result("{}");
        }
    }

    @Test
    void aCursorOfAnotherSessionIsRefused() {
        var tenant = takeCall();
        try (var stream = lastCall) {
            tenant.progress(1);
            var cursor = id(stream.next());
            assertThat(edge.wire().session().with("Last-Event-ID", cursor).get().status())
                    .isEqualTo(400);
            tenant.result("{}");
        }
    }

    @Test
    void aFinishedStreamCanBeFetchedForAWhile() {
        String cursor;
        try (var stream = call()) {
            edge.tenant.next().progress(1).result("{\"content\":[]}");
            cursor = id(stream.rest().getFirst());
        }
        edge.clock.forward(Duration.ofMinutes(4));
        try (var again = resume(cursor)) {
            assertThat(again.rest()).hasSize(2);
        }
        edge.clock.forward(Duration.ofMinutes(2));
        assertThat(session.with("Last-Event-ID", cursor).get().status()).isEqualTo(400);
    }

    // the GET stream

    @Test
    void changesComeOnTheGetStreamAndNowhereElse() {
        var tenant = takeCall();
        try (var call = lastCall;
                var stream = session.open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            edge.changed(TestEdge.OPEN, Kind.TOOLS, "");
            assertThat(stream.next().method()).isEqualTo("notifications/tools/list_changed");
            tenant.progress(1).result("{\"content\":[]}");
            assertThat(call.rest())
                    .filteredOn(event -> event.data().contains("list_changed"))
                    .isEmpty();
        }
    }

    @Test
    void aResourceIsHeardOfFromItsSubscriptionOn() {
        edge.changed(TestEdge.OPEN, Kind.RESOURCE, "test://a");
        try (var stream = session.open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            assertThat(session.post(request("1", "resources/subscribe", "\"uri\":\"test://a\""))
                            .status())
                    .isEqualTo(200);
            edge.changed(TestEdge.OPEN, Kind.RESOURCE, "test://b");
            edge.changed(TestEdge.OPEN, Kind.RESOURCE, "test://a");
            var updated = stream.next();
            assertThat(updated.method()).isEqualTo("notifications/resources/updated");
            assertThat(updated.json().at("/params/uri").asText()).isEqualTo("test://a");
            assertThat(session.post(request("1", "resources/unsubscribe", "\"uri\":\"test://a\""))
                            .status())
                    .isEqualTo(200);
            edge.changed(TestEdge.OPEN, Kind.RESOURCE, "test://a");
            edge.changed(TestEdge.OPEN, Kind.PROMPTS, "");
            assertThat(stream.next().method()).isEqualTo("notifications/prompts/list_changed");
        }
    }

    @Test
    void onlyChangesOfWhatWasDeclaredAreTold() {
        edge.put("bare", "{\"capabilities\":{\"tools\":{},\"prompts\":{\"listChanged\":true}}}");
        try (var stream = edge.wire("bare").session().open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            edge.changed("bare", Kind.TOOLS, "");
            edge.changed("bare", Kind.PROMPTS, "");
            assertThat(stream.next().method()).isEqualTo("notifications/prompts/list_changed");
        }
    }

    @Test
    void aClientThatComesBackHearsWhatItMissedOnce() {
        String cursor;
        try (var stream = session.open("GET", "")) {
            cursor = id(stream.next());
        }
        edge.changed(TestEdge.OPEN, Kind.TOOLS, "");
        edge.changed(TestEdge.OPEN, Kind.TOOLS, "");
        edge.changed(TestEdge.OPEN, Kind.PROMPTS, "");
        try (var stream = resume(cursor)) {
            var tools = stream.next();
            assertThat(tools.method()).isEqualTo("notifications/tools/list_changed");
            assertThat(stream.next().method()).isEqualTo("notifications/prompts/list_changed");
            cursor = id(tools);
        }
        try (var stream = resume(cursor)) {
            assertThat(stream.next().method()).isEqualTo("notifications/prompts/list_changed");
        }
    }

    @Test
    void aCursorOfAnotherLogIsAnsweredWithEverythingAndOnlyTheLastEventMovesThePosition() {
        assertThat(session.post(request("1", "resources/subscribe", "\"uri\":\"test://a\""))
                        .status())
                .isEqualTo(200);
        try (var stream = resume("g.anotherepoch.5.0")) {
            var methods = new ArrayList<String>();
            var ids = new ArrayList<String>();
            for (var i = 0; i < 4; i++) {
                var event = stream.next();
                methods.add(event.method());
                ids.add(event.id() == null ? "" : event.id());
            }
            assertThat(methods)
                    .containsExactlyInAnyOrder(
                            "notifications/tools/list_changed",
                            "notifications/prompts/list_changed",
                            "notifications/resources/list_changed",
                            "notifications/resources/updated");
            assertThat(ids.subList(0, 3)).containsOnly("");
            assertThat(ids.getLast()).startsWith("g.");
        }
    }

    @Test
    void aSecondGetTakesTheStreamOver() {
        try (var one = session.open("GET", "")) {
            assertThat(one.next().data()).isEmpty();
            try (var two = session.open("GET", "")) {
                assertThat(two.next().data()).isEmpty();
                assertThat(one.event()).isNull();
                edge.changed(TestEdge.OPEN, Kind.TOOLS, "");
                assertThat(two.next().method()).isEqualTo("notifications/tools/list_changed");
            }
        }
    }

    @Test
    void theGetStreamEndsWithTheLastKeyOfItsClient() {
        var key = edge.key("one");
        var mine = edge.wire(TestEdge.CLOSED).key(key).session();
        try (var stream = mine.open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            edge.remove(RegistryKey.key(key.id()));
            assertThat(stream.event()).isNull();
        }
    }

    @Test
    void theStreamsOfATenantThatIsGoneEnd() {
        try (var stream = session.open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            edge.removeTenant(TestEdge.OPEN);
            assertThat(stream.event()).isNull();
        }
        Awaitility.await().until(() -> edge.legacy.streams() == 0);
    }
}
