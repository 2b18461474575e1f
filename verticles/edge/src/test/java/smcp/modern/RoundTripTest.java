package smcp.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.modernBody;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** Multi round-trips of 2026-07-28 (digest §10.2). */
class RoundTripTest {
    private static final String ALL = "{\"elicitation\":{\"form\":{},\"url\":{}},\"sampling\":{},\"roots\":{}}";
    private static final String FORM =
            "{\"resultType\":\"input_required\",\"inputRequests\":{\"name\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"form\",\"message\":\"?\"}}},\"requestState\":\"mine\"}";

    private TestEdge edge;

    @BeforeEach
    void start() {
        edge = TestEdge.start();
        edge.tenant.answers(FORM);
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private McpWire.Answer call(McpWire wire, String members, String capabilities) {
        return wire.modern("tools/call", "echo")
                .post(modernBody("1", "tools/call", "\"name\":\"echo\"" + members, capabilities));
    }

    private McpWire.Answer call(String members) {
        return call(edge.wire(), members, ALL);
    }

    private static String state(McpWire.Answer answer) {
        assertThat(answer.json().at("/result/resultType").asText())
                .as(answer.body())
                .isEqualTo("input_required");
        return ",\"requestState\":" + answer.json().at("/result/requestState");
    }

    private void refused(McpWire.Answer answer) {
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.code()).as(answer.body()).isEqualTo(-32602);
    }

    @Test
    void theAnswersAndTheTenantsOwnStateComeBackToIt() {
        var asked = call("");
        assertThat(asked.body()).doesNotContain("mine").doesNotContain("ttlMs");
        assertThat(edge.tenant.next().call().tenantState()).isNull();
        edge.tenant.answers("{\"content\":[]}");
        var done = call(state(asked) + ",\"inputResponses\":{\"name\":{\"action\":\"accept\"},\"unknown\":{}}");
        assertThat(done.json().at("/result/resultType").asText()).isEqualTo("complete");
        var again = edge.tenant.next().call();
        assertThat(again.tenantState()).isEqualTo("mine");
        assertThat(again.params().text()).isEqualTo("{\"name\":\"echo\"}");
    }

    @Test
    void aStateIsBoundToItsRequest() {
        var state = state(call(",\"arguments\":{\"a\":1}"));
        refused(call(state + ",\"arguments\":{\"a\":2}"));
        refused(call(state));
        refused(edge.wire().ask("prompts/get", "ask", "\"name\":\"ask\"" + state));
        assertThat(call(state + ",\"arguments\": { \"a\" : 1 }").status()).isEqualTo(200);
    }

    @Test
    void aStateIsBoundToItsPrincipalAndTenant() {
        var one = edge.wire(TestEdge.CLOSED).key(edge.key("one"));
        var two = edge.wire(TestEdge.CLOSED).key(edge.key("two"));
        var state = state(call(one, "", ALL));
        refused(call(two, state, ALL));
        refused(call(state));
        assertThat(call(one.key(edge.key("one")), state, ALL).json().has("result"))
                .as("another key of the same client")
                .isTrue();
    }

    @Test
    void aTamperedStateEndsInAnError() {
        var state = state(call(""));
        refused(call(state.replaceAll("\"$", "A\"")));
        refused(call(state.replaceAll("\"$", "AAAA\"")));
        refused(call(",\"requestState\":\"\""));
        refused(call(",\"requestState\":7"));
        refused(call(",\"requestState\":null"));
        var _ = edge.tenant.next();
        assertThat(edge.tenant.untouched()).isTrue();
    }

    @Test
    void aStateExpires() {
        var state = state(call(""));
        edge.clock.forward(Duration.ofMinutes(59));
        var next = state(call(state));
        edge.clock.forward(Duration.ofMinutes(2));
        refused(call(state));
        assertThat(call(next).json().has("result")).isTrue();
    }

    @Test
    void roundsAreBounded() {
        var state = "";
        for (var round = 1; round <= 8; round++) {
            state = state(call(state));
        }
        assertThat(call(state).message()).contains("8 rounds");
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "7", "{\"name\":null}", "{\"name\":[]}", "{\"name\":\"x\"}"})
    void malformedAnswersAreInvalidParams(String responses) {
        refused(call(",\"inputResponses\":" + responses));
        assertThat(edge.tenant.untouched()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sampling\":{}}", "{\"elicitation\":{\"url\":{}}}"})
    void whatTheClientDidNotDeclareIsNotAsked(String capabilities) {
        var answer = call(edge.wire(), "", capabilities);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(-32021);
        assertThat(answer.json()
                        .at("/error/data/requiredCapabilities/elicitation/form")
                        .isObject())
                .isTrue();
    }

    @Test
    void anEmptyElicitationCapabilityMeansForms() {
        assertThat(call(edge.wire(), "", "{\"elicitation\":{}}").status()).isEqualTo(200);
        edge.tenant.answers(FORM.replace("form", "url"));
        assertThat(call(edge.wire(), "", "{\"elicitation\":{}}").code()).isEqualTo(-32021);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resultType\":\"input_required\",\"requestState\":7}",
                "{\"resultType\":\"input_required\",\"inputRequests\":7}",
                "{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":7}}",
                "{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"tools/call\"}}}",
                "{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\",\"params\":7}}}"
            })
    void aMalformedQuestionIsTheTenantsFaultAndTheClientIsAnswered(String result) {
        edge.tenant.answers(result);
        var answer = call("");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.code()).isEqualTo(-32603);
        assertThat(answer.message()).contains("tenant's server");
    }

    @Test
    void onlyThreeMethodsMayAsk() {
        assertThat(edge.wire().ask("completion/complete", null, "").code()).isEqualTo(-32603);
    }

    @Test
    void aStateWithoutQuestionsMeansComeBack() {
        edge.tenant.answers("{\"resultType\":\"input_required\"}");
        assertThat(state(call(edge.wire(), "", "{}"))).isNotEmpty();
    }

    @Test
    void theAnswerToARetryIsNotKept() {
        var read = "\"uri\":\"test://a\"";
        var body = modernBody("1", "resources/read", read, ALL);
        var state = state(edge.wire().modern("resources/read", "test://a").post(body));
        edge.tenant.answers("{\"contents\":[],\"ttlMs\":5000,\"cacheScope\":\"public\"}");
        assertThat(edge.wire().ask("resources/read", "test://a", read + state).body())
                .contains("\"ttlMs\":0,\"cacheScope\":\"private\"")
                .doesNotContain("5000");
    }
}
