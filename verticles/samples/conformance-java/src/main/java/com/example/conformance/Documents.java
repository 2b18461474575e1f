package com.example.conformance;

import java.util.List;
import smcp.api.Completer;
import smcp.api.Content;
import smcp.api.Elicitation;
import smcp.api.Mcp;
import smcp.api.PromptMessage;
import smcp.api.PromptResult;
import smcp.api.ResourceContents;

/** Resources and prompts. */
final class Documents {
    record Two(String arg1, String arg2) {}

    record Embedding(String resourceUri) {}

    record Context(String context) {}

    private Documents() {}

    static void register(Mcp mcp) {
        resources(mcp);
        prompts(mcp);
    }

    private static void resources(Mcp mcp) {
        mcp.resource("test://static-text")
                .name("Static Text Resource")
                .description("A text that never changes")
                .mimeType("text/plain")
                .text(_ -> "This is the content of the static text resource.");
        mcp.resource("test://static-binary")
                .name("Static Binary Resource")
                .description("A picture that never changes")
                .mimeType("image/png")
                .bytes(_ -> Media.PNG);
        mcp.resource("test://watched-resource")
                .name("Watched Resource")
                .description("A text that can be subscribed to")
                .mimeType("text/plain")
                .text(_ -> "Watched resource content");
        mcp.template("test://template/{id}/data")
                .name("Resource Template")
                .description("Data by id")
                .mimeType("application/json")
                .text((match, _) -> "{\"id\":\"%s\",\"templateTest\":true,\"data\":\"Data for ID: %<s\"}"
                        .formatted(plain(match.get("id"))));
    }

    /** The id ends up inside JSON. */
    private static String plain(String id) {
        return id.replaceAll("[^A-Za-z0-9_.-]", "_");
    }

    private static void prompts(Mcp mcp) {
        mcp.prompt("test_simple_prompt")
                .description("One message")
                .handle((_, _) -> PromptResult.user("This is a simple prompt for testing."));
        mcp.prompt("test_prompt_with_arguments")
                .description("Two arguments in one message")
                .arguments(Two.class)
                .complete("arg1", Completer.among("test", "testValue1", "paris", "party"))
                .handle((args, _) -> PromptResult.user(
                        "Prompt with arguments: arg1='" + args.arg1() + "', arg2='" + args.arg2() + "'"));
        mcp.prompt("test_prompt_with_embedded_resource")
                .description("A resource inside a message")
                .arguments(Embedding.class)
                .handle((args, _) -> PromptResult.of(
                        PromptMessage.user(Content.embedded(ResourceContents.text(
                                args.resourceUri(), "text/plain", "Embedded resource content for testing."))),
                        PromptMessage.user("Please process the embedded resource above.")));
        mcp.prompt("test_prompt_with_image")
                .description("A picture inside a message")
                .handle((_, _) -> new PromptResult(
                        "A picture",
                        List.of(
                                PromptMessage.user(Media.IMAGE),
                                PromptMessage.user("Please analyze the image above."))));
        mcp.prompt("test_input_required_result_prompt")
                .description("Asks for context first")
                .handle((_, call) -> {
                    var context = call.elicit(
                            "user_context", Elicitation.form("What context should the prompt use?", Context.class));
                    return PromptResult.user("Use this context: "
                            + context.accepted().map(Context::context).orElse("none"));
                });
    }
}
