package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Puts a tool's questions (elicitation, form mode) to the person at the terminal. */
final class Questions {
    private static final int MOST_TRIES = 3;

    private final Function<String, @Nullable String> prompt;

    Questions(Function<String, @Nullable String> prompt) {
        this.prompt = prompt;
    }

    /** The answers, by the keys of {@code inputRequests}. */
    ObjectNode answer(JsonNode inputRequests) {
        var answers = AdminApi.JSON.createObjectNode();
        inputRequests.properties().forEach(request -> answers.set(request.getKey(), answerOne(request.getValue())));
        return answers;
    }

    private ObjectNode answerOne(JsonNode request) {
        var params = request.path("params");
        if (!"elicitation/create".equals(request.path("method").asText())
                || !"form".equals(params.path("mode").asText("form"))) {
            throw new Failure(
                    "the tool asks for " + request.path("method").asText() + ", which this command cannot answer");
        }
        var schema = params.path("requestedSchema");
        var content = AdminApi.JSON.createObjectNode();
        var go = prompt.apply(Shown.text(params.path("message").asText()) + "\nAnswer? [Y/n] ");
        if (go == null) {
            return AdminApi.JSON.createObjectNode().put("action", "cancel");
        }
        if (go.strip().toLowerCase(Locale.ROOT).startsWith("n")) {
            return AdminApi.JSON.createObjectNode().put("action", "decline");
        }
        for (var field : schema.path("properties").properties()) {
            if (!ask(field.getKey(), field.getValue(), required(schema, field.getKey()), content)) {
                return AdminApi.JSON.createObjectNode().put("action", "cancel");
            }
        }
        var answer = AdminApi.JSON.createObjectNode().put("action", "accept");
        answer.set("content", content);
        return answer;
    }

    private static boolean required(JsonNode schema, String name) {
        return StreamSupport.stream(schema.path("required").spliterator(), false)
                .anyMatch(required -> required.asText().equals(name));
    }

    /** False at the end of input. */
    private boolean ask(String name, JsonNode schema, boolean required, ObjectNode content) {
        for (var i = 0; i < MOST_TRIES; i++) {
            var text = prompt.apply(question(name, schema, required));
            if (text == null) {
                return false;
            }
            if (text.isEmpty() && (schema.has("default") || !required)) {
                if (schema.has("default")) {
                    content.set(name, schema.path("default"));
                }
                return true;
            }
            try {
                content.set(name, Arguments.value(name, schema, text));
                return true;
            } catch (Failure e) {
                // asked again; the question says the type
            }
        }
        return false;
    }

    private static String question(String name, JsonNode schema, boolean required) {
        var kind = schema.has("enum")
                ? StreamSupport.stream(schema.path("enum").spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.joining("|"))
                : schema.path("type").asText("text");
        var otherwise =
                schema.has("default") ? ", Enter: " + schema.path("default").asText() : required ? "" : ", Enter: none";
        return Shown.line(schema.path("title").asText(name) + " (" + kind + otherwise + "): ");
    }
}
