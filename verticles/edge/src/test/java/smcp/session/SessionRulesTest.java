package smcp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.LEGACY;
import static smcp.testing.McpWire.initialize;
import static smcp.testing.McpWire.notification;
import static smcp.testing.McpWire.request;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.contract.Account.Outcome;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** Sessions of 2025-11-25: handshake, ids, statuses, methods, cancellation (digest §3.2, §6.1, §9). */
class SessionRulesTest {
    private TestEdge edge;

    @BeforeEach
    void start() {
        edge = TestEdge.start();
        edge.tenant.answers("{\"resultType\":\"complete\",\"content\":[]}");
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private static void refused(McpWire.Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.code()).as(answer.body()).isEqualTo(code);
    }

    // handshake

    @ParameterizedTest
    @ValueSource(strings = {LEGACY, "2024-11-05", "1.0", "2099-01-01", McpWire.MODERN})
    void initializeNeverNegotiatesAModernRevision(String version) {
        var result = edge.wire().post(initialize(version, "{}")).json().path("result");
        assertThat(result.path("protocolVersion").asText()).isEqualTo(LEGACY);
        assertThat(result.at("/serverInfo/name").asText()).isEqualTo("acme");
        assertThat(result.at("/capabilities/tools/listChanged").asBoolean()).isTrue();
        assertThat(result.path("instructions").asText()).isEqualTo("Be kind.");
        assertThat(result.has("resultType")).isFalse();
    }

    @Test
    void theSessionIdIsVisibleAsciiAndNeverTheSame() {
        var one = edge.wire().session().sessionId();
        assertThat(one)
                .matches("[\\x21-\\x7E]{22,}")
                .isNotEqualTo(edge.wire().session().sessionId());
    }

    @Test
    void initializeUnderASessionIsAnInvalidRequest() {
        refused(edge.wire().session().post(initialize(LEGACY, "{}")), 400, -32600);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"capabilities\":{}",
                "\"protocolVersion\":7,\"capabilities\":{}",
                "\"protocolVersion\":\"2025-11-25\"",
                "\"protocolVersion\":\"2025-11-25\",\"capabilities\":[]"
            })
    void initializeNeedsAVersionAndCapabilities(String params) {
        refused(edge.wire().post(request("1", "initialize", params)), 200, -32602);
    }

    // session ids

    @Test
    void aRequestWithoutItsSessionIsBad() {
        refused(edge.wire().post(request("1", "ping", "")), 400, -32000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nobody", "x\nx"})
    void anUnknownSessionIsNotFound(String id) {
        var wire = edge.wire().with("MCP-Session-Id", id);
        refused(wire.post(request("1", "ping", "")), 404, -32001);
        refused(wire.get(), 404, -32001);
        refused(wire.delete(), 404, -32001);
        refused(wire.with("MCP-Session-Id", "x".repeat(1000)).get(), 404, -32001);
    }

    @Test
    void anEndedSessionIsNotFound() {
        var session = edge.wire().session();
        assertThat(session.delete().status()).isEqualTo(200);
        refused(session.post(request("1", "ping", "")), 404, -32001);
        refused(session.get(), 404, -32001);
        refused(session.delete(), 404, -32001);
    }

    @Test
    void aSessionIsItsPrincipalsInEveryRequest() {
        var mine = edge.wire(TestEdge.CLOSED).key(edge.key("one")).session();
        var theirs = mine.key(edge.key("two"));
        refused(theirs.post(request("1", "ping", "")), 404, -32001);
        refused(theirs.get(), 404, -32001);
        refused(theirs.with("Last-Event-ID", "g.x.1.0").get(), 404, -32001);
        refused(theirs.delete(), 404, -32001);
        assertThat(mine.key(edge.key("one")).post(request("1", "ping", "")).status())
                .as("a rotated key changes no principal")
                .isEqualTo(200);
    }

    @Test
    void aSessionIsItsTenants() {
        var id = edge.wire().session().sessionId();
        edge.put("other", "{\"capabilities\":{}}");
        refused(edge.wire("other").with("MCP-Session-Id", id).post(request("1", "ping", "")), 404, -32001);
    }

    @Test
    void aSessionNobodyUsesExpires() {
        var session = edge.wire().session();
        edge.clock.forward(Duration.ofMinutes(29));
        Awaitility.await().until(() -> session.post(request("1", "ping", "")).status() == 200);
        edge.clock.forward(Duration.ofMinutes(31));
        Awaitility.await().until(() -> session.post(request("1", "ping", "")).status() == 404);
        refused(session.post(request("1", "ping", "")), 404, -32001);
        assertThat(session.get().status()).isEqualTo(404);
        assertThat(session.delete().status()).isEqualTo(404);
        // the client begins anew, without the id (MCP 2025-11-25, Transports › Session Management)
        var anew = edge.wire().session();
        assertThat(anew.sessionId()).isNotEqualTo(session.sessionId());
        assertThat(anew.post(request("1", "ping", "")).status()).isEqualTo(200);
    }

    @Test
    void aTenantThatIsMadeAgainHasNoneOfTheOldSessions() {
        var session = edge.wire().session();
        edge.removeTenant(TestEdge.OPEN);
        refused(session.post(request("1", "ping", "")), 404, -32000);
        edge.clock.forward(Duration.ofSeconds(1));
        edge.put(TestEdge.OPEN, "{\"capabilities\":{}}");
        refused(session.post(request("1", "ping", "")), 404, -32001);
        assertThat(edge.wire().session().post(request("1", "ping", "")).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-10-07", "nonsense", "2099-01-01"})
    void anUnsupportedVersionHeaderIsBadOnEveryMethod(String version) {
        var session = edge.wire().session().with("MCP-Protocol-Version", version);
        refused(session.get(), 400, -32000);
        refused(session.delete(), 400, -32000);
        assertThat(session.post(request("1", "ping", "")).status()).isEqualTo(400);
    }

    @Test
    void aMissingVersionHeaderMeansTheNegotiatedOne() {
        assertThat(edge.wire()
                        .session()
                        .with("MCP-Protocol-Version", null)
                        .post(request("1", "ping", ""))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void sessionsOfATenantAreBounded() {
        for (var i = 0; i < 100; i++) {
            var _ = edge.wire().session();
        }
        var answer = edge.wire().post(initialize(LEGACY, "{}"));
        refused(answer, 503, -32603);
        assertThat(answer.message()).contains("sessions.perTenant").contains("100");
        assertThat(answer.header("retry-after")).isEqualTo("1");
    }

    // statuses

    @Test
    void notificationsAreAcceptedWithoutABody() {
        var answer = edge.wire().session().post(notification("notifications/initialized", ""));
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.body()).isEmpty();
        assertThat(edge.wire().session().post(notification("no/such", "")).status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no/such",
                "server/discover",
                "subscriptions/listen",
                "tasks/list",
                "notifications/initialized",
                "notifications/cancelled"
            })
    void unknownMethodsAreToldInBand(String method) {
        refused(edge.wire().session().post(request("1", method, "")), 200, -32601);
        assertThat(edge.tenant.untouched()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tools/list",
                "resources/read",
                "resources/subscribe",
                "prompts/get",
                "completion/complete",
                "logging/setLevel"
            })
    void methodsOfWhatIsNotDeclaredAreUnknown(String method) {
        edge.put("bare", "{\"capabilities\":{}}");
        refused(edge.wire("bare").session().post(request("1", method, "\"uri\":\"x\",\"name\":\"x\"")), 200, -32601);
    }

    @Test
    void aPingIsAnswered() {
        assertThat(edge.wire().session().post(request("\"p\"", "ping", "")).body())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":\"p\",\"result\":{}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "null", "\"x\""})
    void argumentsAreAnObject(String arguments) {
        var session = edge.wire().session();
        refused(session.post(request("1", "tools/call", "\"name\":\"echo\",\"arguments\":" + arguments)), 200, -32602);
        assertThat(session.post(request("2", "tools/call", "\"name\":\"echo\"")).status())
                .isEqualTo(200);
    }

    @Test
    void whatTheRevisionDoesNotKnowIsTakenOutOfResults() {
        edge.tenant.answers(
                "{ \"resultType\":\"complete\", \"content\" : [] ,\"ttlMs\":1,\"cacheScope\":\"public\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{},\"a/b\":1.0}}");
        assertThat(edge.wire()
                        .session()
                        .post(request("1", "tools/call", "\"name\":\"echo\""))
                        .body())
                .isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{ \"content\" : [] ,\"_meta\":{\"a/b\":1.0}}}");
        assertThat(edge.wire().session().post(request("1", "tools/list", "")).body())
                .doesNotContain("resultType", "ttlMs", "cacheScope", "serverInfo");
    }

    @ParameterizedTest
    @CsvSource({
        "resources/read,-32602,-32002",
        "tools/call,-32602,-32602",
        "prompts/get,-32602,-32602",
        "resources/read,-32603,-32603",
        "resources/read,-32021,-32602"
    })
    void codesAreThoseOfTheRevision(String method, int said, int code) {
        edge.tenant.fails(said, "no", null);
        var answer = edge.wire().session().post(request("1", method, "\"name\":\"echo\",\"uri\":\"test://x\""));
        refused(answer, 200, code);
        if (code == -32002) {
            assertThat(answer.json().at("/error/data/uri").asText()).isEqualTo("test://x");
        }
    }

    // logging, subscriptions

    @Test
    void theLevelIsPartOfTheSession() {
        var session = edge.wire().session();
        refused(session.post(request("1", "logging/setLevel", "\"level\":\"loud\"")), 200, -32602);
        refused(session.post(request("1", "logging/setLevel", "")), 200, -32602);
        assertThat(session.post(request("2", "logging/setLevel", "\"level\":\"error\""))
                        .body())
                .endsWith("\"result\":{}}");
        assertThat(session.post(request("3", "tools/call", "\"name\":\"echo\"")).status())
                .isEqualTo(200);
        assertThat(edge.tenant.next().call().client().logLevel()).hasToString("Json[7 bytes]");
    }

    @Test
    void subscriptionsAreBoundedAndMayBeRepeated() {
        var session = edge.wire().session();
        for (var uri : new String[] {"a", "b", "c", "c"}) {
            assertThat(session.post(request("1", "resources/subscribe", "\"uri\":\"" + uri + "\""))
                            .body())
                    .endsWith("\"result\":{}}");
        }
        refused(session.post(request("1", "resources/subscribe", "\"uri\":\"d\"")), 200, -32602);
        refused(session.post(request("1", "resources/subscribe", "")), 200, -32602);
        assertThat(session.post(request("1", "resources/unsubscribe", "\"uri\":\"a\""))
                        .body())
                .endsWith("\"result\":{}}");
        assertThat(session.post(request("1", "resources/subscribe", "\"uri\":\"d\""))
                        .body())
                .endsWith("\"result\":{}}");
    }

    // cancellation

    @ParameterizedTest
    @CsvSource({"7,7", "'\"x\"','\"x\"'", "'\"\\u00e9\"','\"é\"'"})
    void aPostedCancellationEndsTheCallWithoutAnAnswer(String id, String requestId) {
        edge.tenant.waits();
        var session = edge.wire().session();
        try (var exchange = session.open("POST", request(id, "tools/call", "\"name\":\"echo\""))) {
            var call = edge.tenant.next();
            assertThat(session.post(notification("notifications/cancelled", "\"requestId\":" + requestId))
                            .status())
                    .isEqualTo(202);
            Awaitility.await().until(call::isCancelled);
            assertThat(exchange.rest())
                    .filteredOn(event -> !event.data().isEmpty())
                    .isEmpty();
        }
        assertThat(edge.legacy.calls()).isZero();
        assertThat(edge.outcomes).containsExactly(Outcome.CANCELLED);
    }

    @Test
    void aCancellationOfSomethingElseIsIgnored() {
        edge.tenant.waits();
        var session = edge.wire().session();
        try (var exchange = session.open("POST", request("7", "tools/call", "\"name\":\"echo\""))) {
            var call = edge.tenant.next();
            for (var params : new String[] {"\"requestId\":\"7\"", "\"requestId\":8", "", "\"requestId\":null"}) {
                assertThat(session.post(notification("notifications/cancelled", params))
                                .status())
                        .isEqualTo(202);
            }
            // the id is another session's business too
            assertThat(edge.wire()
                            .session()
                            .post(notification("notifications/cancelled", "\"requestId\":7"))
                            .status())
                    .isEqualTo(202);
            call.result("{\"content\":[]}");
            assertThat(exchange.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void goingAwayCancelsNothing() {
        edge.tenant.waits();
        var session = edge.wire().session();
        var exchange = session.open("POST", request("7", "tools/call", "\"name\":\"echo\""));
        var call = edge.tenant.next();
        exchange.cut();
        call.progress(1).result("{\"content\":[]}");
        Awaitility.await().until(() -> edge.outcomes.contains(Outcome.COMPLETE));
        assertThat(call.isCancelled()).isFalse();
    }

    @Test
    void anIdThatIsUnderWayIsNotTakenTwice() {
        edge.tenant.waits();
        var session = edge.wire().session();
        try (var exchange = session.open("POST", request("7", "tools/call", "\"name\":\"echo\""))) {
            var call = edge.tenant.next();
            refused(session.post(request("7", "tools/call", "\"name\":\"echo\"")), 400, -32600);
            call.result("{\"content\":[]}");
            assertThat(exchange.answer().status()).isEqualTo(200);
        }
        assertThat(edge.legacy.calls()).isZero();
    }

    @Test
    void endingASessionEndsItsCallsAndStreams() {
        edge.tenant.waits();
        var session = edge.wire().session();
        try (var exchange = session.open("POST", request("7", "tools/call", "\"name\":\"echo\""));
                var stream = session.open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            var call = edge.tenant.next().notice("notifications/message", "{}");
            assertThat(exchange.message().method()).isEqualTo("notifications/message");
            assertThat(session.delete().status()).isEqualTo(200);
            assertThat(exchange.event()).isNull();
            assertThat(stream.event()).isNull();
            Awaitility.await().until(call::isCancelled);
        }
        assertThat(edge.legacy.calls()).isZero();
        Awaitility.await().until(() -> edge.legacy.streams() == 0);
    }

    @Test
    void anExpiredSessionKeepsNoStream() {
        var session = edge.wire().session();
        try (var stream = session.open("GET", "")) {
            assertThat(stream.next().data()).isEmpty();
            edge.clock.forward(Duration.ofMinutes(31));
            edge.sweep();
            assertThat(stream.event()).isNull();
        }
    }
}
