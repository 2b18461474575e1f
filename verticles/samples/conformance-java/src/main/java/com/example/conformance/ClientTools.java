package com.example.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import smcp.api.Call;
import smcp.api.Elicitation;
import smcp.api.Elicited;
import smcp.api.Mcp;
import smcp.api.Sampling;

/** Tools that ask the client one thing; legacy clients see a request, modern ones an {@code input_required} result. */
final class ClientTools {
    private static final ObjectMapper JSON = new ObjectMapper();

    record Prompted(String prompt) {}

    record Message(String message) {}

    record Response(String username, String email) {}

    private ClientTools() {}

    static void register(Mcp mcp) {
        mcp.tool("test_sampling")
                .description("Asks the client's model")
                .input(Prompted.class)
                .handle((args, call) -> "LLM response: "
                        + call.sample("completion", Sampling.of(100, args.prompt()))
                                .text());
        mcp.tool("test_elicitation")
                .description("Asks the user")
                .input(Message.class)
                .handle((args, call) -> "User response: "
                        + described(call.elicit("response", Elicitation.form(args.message(), Response.class))));
        mcp.tool("test_elicitation_sep1034_defaults")
                .description("Asks the user with default values for every kind of field")
                .handle((_, call) -> asked(call, "Please review and update the form fields with defaults", DEFAULTS));
        mcp.tool("test_elicitation_sep1330_enums")
                .description("Asks the user with every kind of choice")
                .handle((_, call) -> asked(call, "Please select options from the enum fields", ENUMS));
        mcp.tool("test_missing_capability").description("Needs sampling").handle((_, call) -> {
            call.client().require("sampling");
            return "The client can sample.";
        });
    }

    private static String asked(Call call, String message, String schema) throws JsonProcessingException {
        var form = Elicitation.form(message, (ObjectNode) JSON.readTree(schema));
        return "Elicitation completed: " + described(call.elicit("form", form));
    }

    private static String described(Elicited<?> answer) {
        return switch (answer) {
            case Elicited.Accepted<?>(var content) -> "action=accept, content=" + content;
            case Elicited.Declined<?> _ -> "action=decline";
            case Elicited.Cancelled<?> _ -> "action=cancel";
        };
    }

    private static final String DEFAULTS = """
            {"type": "object", "properties": {
              "name": {"type": "string", "description": "User name", "default": "John Doe"},
              "age": {"type": "integer", "description": "User age", "default": 30},
              "score": {"type": "number", "description": "User score", "default": 95.5},
              "status": {"type": "string", "description": "User status", "enum": ["active", "inactive", "pending"], "default": "active"},
              "verified": {"type": "boolean", "description": "Verification status", "default": true}},
             "required": []}
            """;

    private static final String ENUMS = """
            {"type": "object", "properties": {
              "untitledSingle": {"type": "string", "description": "Select one option", "enum": ["option1", "option2", "option3"]},
              "titledSingle": {"type": "string", "description": "Select one option with titles", "oneOf": [
                {"const": "value1", "title": "First Option"}, {"const": "value2", "title": "Second Option"}, {"const": "value3", "title": "Third Option"}]},
              "legacyEnum": {"type": "string", "description": "Select one option, old style", "enum": ["opt1", "opt2", "opt3"],
                "enumNames": ["Option One", "Option Two", "Option Three"]},
              "untitledMulti": {"type": "array", "description": "Select options", "minItems": 1, "maxItems": 3,
                "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
              "titledMulti": {"type": "array", "description": "Select options with titles", "minItems": 1, "maxItems": 3, "items": {"anyOf": [
                {"const": "value1", "title": "First Choice"}, {"const": "value2", "title": "Second Choice"}, {"const": "value3", "title": "Third Choice"}]}}},
             "required": []}
            """;
}
