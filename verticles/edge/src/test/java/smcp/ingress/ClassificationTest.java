package smcp.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.LEGACY;
import static smcp.testing.McpWire.MODERN;
import static smcp.testing.McpWire.initialize;
import static smcp.testing.McpWire.meta;
import static smcp.testing.McpWire.modernBody;
import static smcp.testing.McpWire.notification;
import static smcp.testing.McpWire.request;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** Which era a request belongs to, row by row (digest §2.1). */
class ClassificationTest {
    private static TestEdge edge;

    @BeforeAll
    static void start() {
        edge = TestEdge.start();
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    private static McpWire wire() {
        return edge.wire();
    }

    private static McpWire headed(String version) {
        return wire().with("MCP-Protocol-Version", version);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE"})
    void getAndDeleteAreLegacySessionOperations(String method) {
        var answer = wire().send(method);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(-32000);
        assertThat(answer.message()).contains("MCP-Session-Id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "PATCH", "TRACE", "FOO"})
    void otherMethodsAreRefusedWithAllow(String method) {
        var answer = wire().send(method);
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("GET, POST, DELETE, OPTIONS");
        assertThat(answer.code()).isEqualTo(-32000);
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain,415",
        "application/jsonp,415",
        "'text/json; x=application/json',415",
        "application/json,200",
        "'Application/JSON; charset=utf-8',200"
    })
    void aPostIsJson(String type, int status) {
        assertThat(wire().with("Content-Type", type)
                        .post(initialize(LEGACY, "{}"))
                        .status())
                .isEqualTo(status);
    }

    @Test
    void aPostWithoutAMediaTypeIsRefused() {
        assertThat(wire().with("Content-Type", null).post("{}").status()).isEqualTo(415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "", "nonsense", "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}{}"})
    void whatIsNoJsonIsAParseErrorWithoutId(String body) {
        var answer = wire().with("Content-Type", "application/json")
                .with("Content-Length", String.valueOf(body.length()))
                .post(body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(-32700);
        assertThat(answer.json().has("id")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {MODERN, LEGACY})
    void batchesAreInvalidRequestsWhateverTheHeaderSays(String version) {
        for (var body :
                new String[] {"[]", "[" + modernBody("1", "tools/list", "") + "]", "[" + request("1", "ping", "") + "]"
                }) {
            var answer = headed(version).post(body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo(-32600);
            assertThat(answer.json().has("id")).isFalse();
        }
    }

    @Test
    void aResponseIsLegacy() {
        var response = "{\"jsonrpc\":\"2.0\",\"id\":\"ask.x.0\",\"result\":{}}";
        assertThat(wire().session().post(response).status()).isEqualTo(202);
        assertThat(wire().post(response).status()).isEqualTo(400);
        assertThat(headed(MODERN).post(response).status()).isEqualTo(400);
    }

    @Test
    void initializeWithoutAClaimIsTheLegacyHandshake() {
        assertThat(wire().post(initialize(LEGACY, "{}")).header("mcp-session-id"))
                .isNotEmpty();
        assertThat(headed(LEGACY).post(initialize(LEGACY, "{}")).status()).isEqualTo(200);
        assertThat(headed("1999-01-01").post(initialize(LEGACY, "{}")).status()).isEqualTo(200);
    }

    @Test
    void initializeUnderAModernHeaderIsAMismatch() {
        var answer = headed(MODERN).post(initialize(LEGACY, "{}"));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(-32020);
        assertThat(answer.json().path("id").asInt(-1)).isZero();
    }

    @Test
    void initializeThatClaimsALegacyRevisionIsStillTheHandshake() {
        var meta = meta("{}").replace(MODERN, LEGACY);
        var body =
                request("0", "initialize", "\"protocolVersion\":\"2025-11-25\",\"capabilities\":{},\"_meta\":" + meta);
        assertThat(wire().post(body).header("mcp-session-id")).isNotEmpty();
    }

    @Test
    void initializeWithAModernClaimIsAnUnknownMethod() {
        var answer = wire().ask("initialize", null, "");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo(-32601);
    }

    @Test
    void aClaimMakesARequestModern() {
        assertThat(wire().ask("tools/list", null, "")
                        .json()
                        .at("/result/resultType")
                        .asText())
                .isEqualTo("complete");
    }

    @Test
    void aModernHeaderWithoutAClaimLacksMeta() {
        for (var body :
                new String[] {request("5", "tools/list", ""), "{\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"tools/list\"}"
                }) {
            var answer = headed(MODERN).post(body);
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.code()).isEqualTo(-32602);
            assertThat(answer.json().path("id").asInt()).isEqualTo(5);
        }
    }

    @Test
    void aRequestWithoutClaimAndHeaderIsLegacy() {
        assertThat(wire().post(request("1", "tools/list", "")).message()).contains("MCP-Session-Id");
        assertThat(headed(LEGACY).post(request("1", "tools/list", "")).message())
                .contains("MCP-Session-Id");
    }

    @Test
    void aNotificationWithAClaimIsModern() {
        assertThat(wire().post(notification("notifications/x", "\"_meta\":" + meta("{}")))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void aNotificationWithoutAClaimGoesByItsHeader() {
        // digest §3.3: posted by some clients without any of the mirrored headers
        assertThat(headed(MODERN)
                        .post(notification("notifications/cancelled", "\"requestId\":1"))
                        .status())
                .isEqualTo(202);
        assertThat(wire().post(notification("notifications/cancelled", "\"requestId\":1"))
                        .status())
                .isEqualTo(400);
        assertThat(wire().session()
                        .post(notification("notifications/cancelled", "\"requestId\":1"))
                        .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999", "zzzz-zz-zz", "draft-2026"})
    void whatIsNoDateNamesNoRevision(String version) {
        var answer = headed(version).post(request("1", "tools/list", ""));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(-32000);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}',-32602",
        "'{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\",\"params\":7}',-32602",
        "'{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"_meta\":7}}',-32602",
        "'{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}',-32600",
        "'{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}',-32600",
        "'{\"jsonrpc\":\"2.0\",\"id\":1}',-32600",
        "'7',-32600",
        "'{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"a\",\"n\\u0061me\":\"b\"}}',-32600"
    })
    void whatIsNoMessageIsNeverA200(String body, int code) {
        var answer = wire().post(body);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.json().path("id").isNull()).isFalse();
    }
}
