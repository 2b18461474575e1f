package smcp.session;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.notification;
import static smcp.testing.McpWire.request;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.protocol.Json;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** What a tenant asks its client, as real requests to a legacy one (digest §10.1, design §4). */
class QuestionsTest {
    private static final String FORM =
            "{\"method\":\"elicitation/create\",\"params\":{ \"message\":\"\\u00e9\",\"requestedSchema\":{\"minimum\":1.50E+2}}}";
    private TestEdge edge;
    private McpWire session;

    @BeforeEach
    void start() {
        edge = TestEdge.start();
        session = edge.wire().session();
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private static String asking(String... questions) {
        var all = new StringBuilder();
        for (var i = 0; i < questions.length; i++) {
            all.append(i == 0 ? "" : ",").append("\"q").append(i).append("\":").append(questions[i]);
        }
        return "{\"resultType\":\"input_required\",\"inputRequests\":{" + all + "},\"requestState\":\"mine\"}";
    }

    private static McpWire.Exchange call(McpWire wire) {
        return wire.open("POST", request("7", "tools/call", "\"name\":\"echo\",\"arguments\":{\"a\":1.0}"));
    }

    private McpWire.Answer answer(McpWire.Event question, String member) {
        return session.post("{\"jsonrpc\":\"2.0\",\"id\":" + question.json().path("id") + "," + member + "}");
    }

    @Test
    void aQuestionIsARequestOnTheCallsStreamAndItsAnswerDrivesTheNextRound() {
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM));
            var question = stream.message();
            assertThat(question.method()).isEqualTo("elicitation/create");
            assertThat(question.data())
                    .as("spliced, not printed again")
                    .contains("{ \"message\":\"\\u00e9\",\"requestedSchema\":{\"minimum\":1.50E+2}}");
            assertThat(answer(question, "\"result\":{\"action\":\"accept\",\"content\":{\"n\":1.0}}")
                            .status())
                    .isEqualTo(202);
            var again = edge.tenant.next();
            assertThat(again.call().tenantState()).isEqualTo("mine");
            assertThat(text(again.call().inputResponses()))
                    .isEqualTo("{\"q0\":{\"action\":\"accept\",\"content\":{\"n\":1.0}}}");
            assertThat(again.call().params().text()).isEqualTo("{\"name\":\"echo\",\"arguments\":{\"a\":1.0}}");
            again.result("{\"content\":[]}");
            assertThat(stream.next().json().path("id").asInt()).isEqualTo(7);
            assertThat(stream.event()).isNull();
        }
        assertThat(edge.legacy.calls()).isZero();
    }

    private static String text(@Nullable Json json) {
        return String.valueOf(json == null ? null : json.text());
    }

    @Test
    void theNextRoundWaitsForTheLastAnswer() {
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM, "{\"method\":\"roots/list\"}"));
            var one = stream.message();
            var two = stream.message();
            assertThat(one.json().path("id")).isNotEqualTo(two.json().path("id"));
            assertThat(answer(two, "\"result\":{\"roots\":[]}").status()).isEqualTo(202);
            assertThat(answer(two, "\"result\":{\"roots\":[]}").status())
                    .as("said twice")
                    .isEqualTo(202);
            assertThat(edge.tenant.untouched()).isTrue();
            assertThat(answer(one, "\"result\":{\"action\":\"decline\"}").status())
                    .isEqualTo(202);
            edge.tenant.next().result("{\"content\":[]}");
            assertThat(stream.next().json().has("result")).isTrue();
        }
    }

    @Test
    void anAnswerFindsItsCallAfterTheClientHasLostItsStream() {
        McpWire.Event question;
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM));
            question = stream.message();
        }
        assertThat(answer(question, "\"result\":{\"action\":\"accept\"}").status())
                .isEqualTo(202);
        edge.tenant.next().result("{\"content\":[]}");
        try (var again =
                session.with("Last-Event-ID", String.valueOf(question.id())).open("GET", "")) {
            assertThat(again.next().json().path("id").asInt()).isEqualTo(7);
        }
    }

    @Test
    void anAnswerOfAnotherSessionIsNone() {
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM));
            var question = stream.message();
            assertThat(edge.wire()
                            .session()
                            .post("{\"jsonrpc\":\"2.0\",\"id\":"
                                    + question.json().path("id") + ",\"result\":{}}")
                            .status())
                    .isEqualTo(202);
            assertThat(edge.tenant.untouched()).isTrue();
            assertThat(answer(question, "\"result\":{\"action\":\"cancel\"}").status())
                    .isEqualTo(202);
            edge.tenant.next().result("{\"content\":[]}");
            assertThat(stream.next().json().has("result")).isTrue();
        }
    }

    @Test
    void aRefusalIsToldToTheModel() {
        try (var stream = call(session)) {
            edge.tenant.next().result(asking("{\"method\":\"sampling/createMessage\",\"params\":{}}"));
            assertThat(answer(stream.message(), "\"error\":{\"code\":-1,\"message\":\"user said no\"}")
                            .status())
                    .isEqualTo(202);
            var end = stream.next().json();
            assertThat(end.at("/result/isError").asBoolean()).isTrue();
            assertThat(end.at("/result/content/0/text").asText()).contains("user said no");
        }
    }

    @Test
    void aUrlQuestionHasAnIdOfItsOwn() {
        try (var stream = call(session)) {
            edge.tenant
                    .next()
                    .result(
                            asking(
                                    "{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"https://x.example\",\"message\":\"?\"}}"));
            var question = stream.message().json();
            assertThat(question.at("/params/elicitationId").asText())
                    .isNotEmpty()
                    .isEqualTo(question.path("id").asText());
            assertThat(session.post(notification("notifications/cancelled", "\"requestId\":7"))
                            .status())
                    .isEqualTo(202);
        }
    }

    @Test
    void whatTheClientDidNotDeclareIsNotAsked() {
        try (var stream = call(edge.wire().session("{}"))) {
            edge.tenant.next().result(asking(FORM));
            assertThat(stream.answer().body())
                    .contains("\"isError\":true")
                    .contains("elicitation")
                    .doesNotContain("-32021");
        }
        try (var stream = edge.wire().session("{}").open("POST", request("7", "prompts/get", "\"name\":\"ask\""))) {
            edge.tenant.next().result(asking(FORM));
            assertThat(stream.answer().body()).contains("-32602").doesNotContain("-32021");
        }
    }

    @Test
    void aMalformedQuestionIsTheTenantsFaultAndTheClientIsAnswered() {
        for (var result : new String[] {
            "{\"resultType\":\"input_required\",\"requestState\":7}",
            "{\"resultType\":\"input_required\",\"inputRequests\":[]}"
        }) {
            try (var stream = call(session)) {
                edge.tenant.next().result(result);
                assertThat(stream.answer().body()).contains("-32603").contains("tenant's server");
            }
        }
        assertThat(edge.legacy.calls()).isZero();
    }

    @Test
    void aCancellationEndsAWaitingCall() {
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM));
            var question = stream.message();
            assertThat(session.post(notification("notifications/cancelled", "\"requestId\":7"))
                            .status())
                    .isEqualTo(202);
            assertThat(stream.event()).isNull();
            assertThat(answer(question, "\"result\":{}").status()).isEqualTo(202);
        }
        assertThat(edge.tenant.untouched()).isTrue();
        assertThat(edge.legacy.calls()).isZero();
    }

    @Test
    void endingTheSessionEndsAWaitingCall() {
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM));
            assertThat(stream.message().method()).isEqualTo("elicitation/create");
            assertThat(session.delete().status()).isEqualTo(200);
            assertThat(stream.event()).isNull();
        }
        Awaitility.await().until(() -> edge.legacy.calls() == 0);
    }

    @Test
    void aClientThatNeverAnswersIsTold() {
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM));
            assertThat(stream.message().method()).isEqualTo("elicitation/create");
            edge.clock.forward(Duration.ofMinutes(11));
            edge.sweep();
            assertThat(stream.next().json().at("/error/message").asText()).contains("askLife");
            assertThat(stream.event()).isNull();
        }
    }

    @Test
    void roundsAreBounded() {
        try (var stream = call(session)) {
            for (var round = 1; round <= 8; round++) {
                edge.tenant.next().result(asking(FORM));
                assertThat(answer(stream.message(), "\"result\":{\"action\":\"accept\"}")
                                .status())
                        .isEqualTo(202);
            }
            edge.tenant.next().result(asking(FORM));
            assertThat(stream.message().json().at("/error/message").asText()).contains("8 rounds");
        }
    }

    @Test
    void aToolThatWasForbiddenMeanwhileIsNotGoneOnWith() {
        var key = edge.key("one");
        session = edge.wire(TestEdge.CLOSED).key(key).session();
        try (var stream = call(session)) {
            edge.tenant.next().result(asking(FORM));
            var question = stream.message();
            var _ = edge.key("one", "secret");
            assertThat(answer(question, "\"result\":{\"action\":\"accept\"}").status())
                    .isEqualTo(202);
            assertThat(stream.message().json().at("/error/message").asText()).contains("may not call");
        }
        assertThat(edge.tenant.untouched()).isTrue();
    }
}
