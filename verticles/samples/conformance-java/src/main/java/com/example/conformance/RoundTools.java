package com.example.conformance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.UUID;
import smcp.api.Call;
import smcp.api.Elicitation;
import smcp.api.Mcp;
import smcp.api.Question;
import smcp.api.RootsQuestion;
import smcp.api.Sampling;

/** The multi-round-trip fixtures. */
final class RoundTools {
    record Name(String name) {}

    record Color(String color) {}

    record Confirmation(boolean ok) {}

    private static final String PREFIX = "test_input_required_result_";
    private static final Elicitation<Name> NAME = Elicitation.form("What is your name?", Name.class);
    private static final Sampling CAPITAL = Sampling.of(100, "What is the capital of France?");

    private RoundTools() {}

    static void register(Mcp mcp) {
        mcp.tool(PREFIX + "elicitation")
                .description("Asks for a name")
                .handle((_, call) -> "Hello, " + name(call) + "!");
        mcp.tool(PREFIX + "sampling")
                .description("Asks the client's model")
                .handle((_, call) -> "Model response: "
                        + call.sample("capital_question", CAPITAL).text());
        mcp.tool(PREFIX + "list_roots")
                .description("Asks for the roots")
                .handle((_, call) -> "Roots: " + call.roots("client_roots"));
        mcp.tool(PREFIX + "request_state")
                .description("Carries a state of its own")
                .handle((_, call) -> requestState(call));
        mcp.tool(PREFIX + "multiple_inputs")
                .description("Asks three things in one round")
                .handle((_, call) -> multiple(call));
        mcp.tool(PREFIX + "multi_round").description("Asks in two rounds").handle((_, call) -> rounds(call));
        mcp.tool(PREFIX + "tampered_state")
                .description("Carries a state that must come back as it left")
                .handle((_, call) -> requestState(call));
        mcp.tool(PREFIX + "capabilities")
                .description("Asks only what the client can answer")
                .handle((_, call) -> able(call));
    }

    private static String name(Call call) {
        return call.elicit("user_name", NAME).accepted().map(Name::name).orElse("stranger");
    }

    /** By {@code once}: what is kept is there in the last round, or the state was lost. */
    private static String requestState(Call call) throws Exception {
        var nonce = call.once("nonce", String.class, () -> UUID.randomUUID().toString());
        var confirmed = call.elicit("confirm", Elicitation.form("Please confirm", Confirmation.class));
        return "state-ok " + nonce + " " + confirmed.accepted().isPresent();
    }

    private static String multiple(Call call) throws Exception {
        var nonce = call.once("nonce", String.class, () -> UUID.randomUUID().toString());
        var questions = new LinkedHashMap<String, Question<?>>();
        questions.put("user_name", NAME);
        questions.put("greeting", CAPITAL);
        questions.put("client_roots", RootsQuestion.INSTANCE);
        call.askAll(questions);
        return name(call) + ", " + call.sample("greeting", CAPITAL).text() + ", " + call.roots("client_roots") + " "
                + nonce;
    }

    private static String rounds(Call call) throws Exception {
        var nonce = call.once("nonce", String.class, () -> UUID.randomUUID().toString());
        var name = call.elicit("step1", Elicitation.form("Step 1: What is your name?", Name.class))
                .accepted()
                .map(Name::name)
                .orElse("stranger");
        var color = call.elicit("step2", Elicitation.form("Step 2: What is your favourite colour?", Color.class))
                .accepted()
                .map(Color::color)
                .orElse("none");
        return name + " likes " + color + " " + nonce;
    }

    private static String able(Call call) {
        if (call.client().supports("sampling"))
            return "Sampled: " + call.sample("capital_question", CAPITAL).text();
        if (call.client().supports("elicitation.form")) return "Hello, " + name(call) + "!";
        throw call.inputRequired(JsonNodeFactory.instance.objectNode(), "ask again when you can answer something");
    }
}
