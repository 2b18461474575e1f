package smcp.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.api.Elicitation;
import smcp.api.Elicited;
import smcp.api.InputRequired;
import smcp.api.PromptResult;
import smcp.api.RootsQuestion;
import smcp.api.Sampling;
import smcp.api.TenantServer;
import smcp.runner.Host.RequestOf;

class QuestionTest {
    private static final String ALL = "{\"elicitation\":{},\"sampling\":{},\"roots\":{}}";

    record Name(String name) {}

    record Order(int number) {}

    private static final TenantServer GREETER = mcp -> mcp.tool("greet")
            .handle((_, call) -> switch (call.elicit("user_name", Elicitation.form("Who are you?", Name.class))) {
                case Elicited.Accepted<Name>(Name(var name)) -> "Hello, " + name;
                case Elicited.Declined<Name> _ -> "as you like";
                case Elicited.Cancelled<Name> _ -> "some other time";
            });

    private static RequestOf greet() {
        return RequestOf.tool("greet", "{}").able(ALL);
    }

    @Test
    void aFormEndsTheCallAndItsAnswerFinishesIt() throws Exception {
        try (var host = Host.of(GREETER)) {
            var asked = host.run(greet());

            assertThat(asked.requests()).isEqualTo(Host.json("""
                            {"user_name":{"method":"elicitation/create","params":{"message":"Who are you?",
                             "requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}}"""));
            assertThat(asked.state).isNull();
            assertThat(asked.events).containsExactly("inputRequired");
            assertThat(host.run(
                                    greet().with(
                                                    "inputResponses",
                                                    "{\"user_name\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}},\"other\":1}"))
                            .text())
                    .isEqualTo("Hello, Ada");
            assertThat(host.run(greet().with("inputResponses", "{\"user_name\":{\"action\":\"decline\"}}"))
                            .text())
                    .isEqualTo("as you like");
            assertThat(host.run(greet().with("inputResponses", "{\"user_name\":{\"action\":\"cancel\"}}"))
                            .text())
                    .isEqualTo("some other time");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"other\":{\"action\":\"accept\"}}",
                "{\"user_name\":12345}",
                "{\"user_name\":{}}",
                "{\"user_name\":{\"action\":\"maybe\"}}",
                "{\"user_name\":{\"action\":\"accept\"}}",
                "{\"user_name\":{\"action\":\"accept\",\"content\":7}}",
                "{\"user_name\":{\"action\":\"accept\",\"content\":{\"name\":7}}}"
            })
    void aMissingOrMalformedAnswerIsAskedForAgain(String responses) throws Exception {
        try (var host = Host.of(GREETER)) {
            assertThat(host.run(greet().with("inputResponses", responses))
                            .requests()
                            .has("user_name"))
                    .isTrue();
        }
    }

    @Test
    void responsesThatAreNoObjectAndAForeignStateAreRefused() throws Exception {
        try (var host = Host.of(GREETER)) {
            assertThat(host.run(greet().with("inputResponses", "null")).code).isEqualTo(-32602);
            assertThat(host.run(greet().with("requestState", "\"x\"")).code).isEqualTo(-32602);
            assertThat(host.run(greet().with("requestState", "\"{\\\"answers\\\":7}\"")).code)
                    .isEqualTo(-32602);
        }
    }

    @Test
    void anUndeclaredCapabilityIsNamed() throws Exception {
        try (var host = Host.of(mcp -> {
            GREETER.configure(mcp);
            mcp.tool("page")
                    .handle((_, call) -> call.elicit("p", Elicitation.url("Sign in", URI.create("https://example.org")))
                            .toString());
            mcp.tool("sample")
                    .handle((_, call) -> call.sample("s", Sampling.of(10, "hi")).text());
            mcp.tool("roots").handle((_, call) -> call.roots("r").toString());
            mcp.resource("test://r")
                    .text(call -> call.sample("s", Sampling.of(10, "hi")).text());
        })) {
            var greet = host.run(RequestOf.tool("greet", "{}"));
            assertThat(greet.code).isEqualTo(-32021);
            assertThat(greet.data()).isEqualTo(Host.json("{\"requiredCapabilities\":{\"elicitation\":{\"form\":{}}}}"));
            assertThat(host.run(RequestOf.tool("greet", "{}").able("{\"elicitation\":{\"url\":{}}}")).code)
                    .isEqualTo(-32021);
            assertThat(host.run(RequestOf.tool("page", "{}").able("{\"elicitation\":{}}"))
                            .data())
                    .isEqualTo(Host.json("{\"requiredCapabilities\":{\"elicitation\":{\"url\":{}}}}"));
            assertThat(host.run(RequestOf.tool("page", "{}").able("{\"elicitation\":{\"url\":{}}}"))
                            .requests()
                            .at("/p/params/mode")
                            .asText())
                    .isEqualTo("url");
            assertThat(host.run(RequestOf.tool("sample", "{}").able("{}")).data())
                    .isEqualTo(Host.json("{\"requiredCapabilities\":{\"sampling\":{}}}"));
            assertThat(host.run(RequestOf.tool("roots", "{}").able("{}")).data())
                    .isEqualTo(Host.json("{\"requiredCapabilities\":{\"roots\":{}}}"));
            assertThat(host.run(RequestOf.of("resources/read", "uri", "test://r")).code)
                    .isEqualTo(-32021);
        }
    }

    @Test
    void aChainKeepsAnswersAndOnceValuesInItsState() throws Exception {
        var orders = new AtomicInteger();
        var runs = new AtomicInteger();
        try (var host = Host.of(mcp -> mcp.tool("order").handle((_, call) -> {
            runs.incrementAndGet();
            var order = call.once("order", Order.class, () -> new Order(orders.incrementAndGet()));
            var name = call.elicit("name", Elicitation.form("Who?", Name.class))
                    .accepted()
                    .orElseThrow();
            var poem = call.sample(
                    "poem", Sampling.of(50, "A poem for " + name.name()).systemPrompt("Rhyme."));
            return order.number() + " " + name.name() + " " + poem.text();
        }))) {
            var request = RequestOf.tool("order", "{}").able(ALL);
            var first = host.run(request);
            var second = host.run(request.with("requestState", quoted(first.state))
                    .with("inputResponses", "{\"name\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}}"));
            assertThat(second.requests().at("/poem/params")).isEqualTo(Host.json("""
                            {"messages":[{"role":"user","content":{"type":"text","text":"A poem for Ada"}}],"maxTokens":50,"systemPrompt":"Rhyme."}"""));
            assertThat(second.state).isNotEqualTo(first.state);
            var last = host.run(
                    request.with("requestState", quoted(second.state))
                            .with(
                                    "inputResponses",
                                    "{\"poem\":{\"role\":\"assistant\",\"model\":\"m\",\"content\":{\"type\":\"text\",\"text\":\"la\"}}}"));

            assertThat(last.text()).isEqualTo("1 Ada la");
            assertThat(orders).hasValue(1);
            assertThat(runs).hasValue(3);
        }
    }

    @Test
    void severalQuestionsAreAskedInOneRoundAndOnlyTheOpenOnesAgain() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("all").handle((_, call) -> {
            var who = Elicitation.form("Who?", Name.class);
            call.askAll(Map.of("who", who, "roots", RootsQuestion.INSTANCE));
            return call.elicit("who", who).accepted().orElseThrow().name() + " "
                    + call.roots("roots").getFirst().uri();
        }))) {
            var request = RequestOf.tool("all", "{}").able(ALL);
            var first = host.run(request);
            assertThat(first.requests().size()).isEqualTo(2);
            assertThat(first.requests().path("roots")).isEqualTo(Host.json("{\"method\":\"roots/list\"}"));
            var second = host.run(request.with("inputResponses", "{\"roots\":{\"roots\":[{\"uri\":\"file:///a\"}]}}"));
            assertThat(second.requests().has("roots")).isFalse();
            var last = host.run(request.with("requestState", quoted(second.state))
                    .with("inputResponses", "{\"who\":{\"action\":\"accept\",\"content\":{\"name\":\"Ada\"}}}"));
            assertThat(last.text()).isEqualTo("Ada file:///a");
        }
    }

    @Test
    void theRawFormCarriesItsOwnRequestsAndState() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("raw").handle((_, call) -> {
            if (call.state() == null)
                throw call.inputRequired((ObjectNode) Host.json("{\"r\":{\"method\":\"roots/list\"}}"), "step 2 \"é\"");
            return call.state() + call.inputResponses();
        }))) {
            var first = host.run(RequestOf.tool("raw", "{}"));
            assertThat(first.requests()).isEqualTo(Host.json("{\"r\":{\"method\":\"roots/list\"}}"));
            var last = host.run(RequestOf.tool("raw", "{}")
                    .with("requestState", quoted(first.state))
                    .with("inputResponses", "{\"r\":1}"));
            assertThat(last.text()).isEqualTo("step 2 \"é\"{\"r\":1}");
        }
    }

    @Test
    void swallowingTheSignalChangesNothing() throws Exception {
        try (var host = Host.of(mcp -> {
            mcp.tool("swallows").handle((_, call) -> {
                try {
                    return call.roots("r").toString();
                } catch (InputRequired e) {
                    return "nobody asked";
                }
            });
            mcp.tool("replaces").handle((_, call) -> {
                try {
                    return call.roots("r").toString();
                } finally {
                    failing();
                }
            });
        })) {
            for (var tool : List.of("swallows", "replaces"))
                assertThat(host.run(RequestOf.tool(tool, "{}").able(ALL)).events)
                        .containsExactly("inputRequired");
        }
    }

    private static void failing() {
        throw new IllegalStateException("in finally");
    }

    @Test
    void promptsAndResourcesMayAskToo() throws Exception {
        try (var host = Host.of(mcp -> {
            mcp.prompt("p")
                    .handle((_, call) -> PromptResult.user(
                            call.elicit("n", Elicitation.form("?", Name.class)).toString()));
            mcp.resource("test://r").text(call -> call.roots("r").toString());
        })) {
            assertThat(host.run(RequestOf.of("prompts/get", "name", "p").able(ALL)).events)
                    .containsExactly("inputRequired");
            assertThat(host.run(RequestOf.of("resources/read", "uri", "test://r")
                                    .able(ALL))
                            .events)
                    .containsExactly("inputRequired");
        }
    }

    @Test
    void aStateBeyondItsLimitIsAnError() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("big").handle((_, call) -> {
            var _ = call.once("k", String.class, () -> "x".repeat(RoundState.MAX_BYTES));
            return call.roots("r").toString();
        }))) {
            var heard = host.run(RequestOf.tool("big", "{}").able(ALL));
            assertThat(heard.code).isEqualTo(-32603);
            assertThat(heard.message).contains("65536");
        }
    }

    private static String quoted(@org.jspecify.annotations.Nullable String state) {
        return Host.JSON.valueToTree(state).toString();
    }
}
