package smcp.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import smcp.api.Completer;
import smcp.api.ProtocolError;

/** {@code completion/complete}. */
record Complete(Catalogue catalogue) implements Operation {
    /** MCP 2026-07-28, Completion: at most this many values in a result. */
    private static final int MAX_VALUES = 100;

    @Override
    public byte[] perform(RunningCall call) throws Exception {
        var params = params(call);
        var name = params.path("argument").path("name").asText();
        var completer = completer(params.path("ref"), name);
        var typed = params.path("argument").path("value").asText();
        var values = completer.complete(typed, others(params.path("context").path("arguments")));
        var result = call.json().object().put("resultType", "complete");
        var completion = result.putObject("completion");
        var array = completion.putArray("values");
        values.stream().limit(MAX_VALUES).forEach(array::add);
        completion.put("total", values.size()).put("hasMore", values.size() > MAX_VALUES);
        return call.json().bytes(result);
    }

    private static JsonNode params(RunningCall call) {
        try {
            return call.json().tree(call.request().params());
        } catch (JsonProcessingException e) {
            throw refused("params cannot be read: " + e.getOriginalMessage());
        }
    }

    private static Map<String, String> others(JsonNode arguments) {
        var others = new HashMap<String, String>();
        arguments
                .properties()
                .forEach(entry -> others.put(entry.getKey(), entry.getValue().asText()));
        return Map.copyOf(others);
    }

    /** Without a completer of its own a known argument has no suggestions. */
    private Completer completer(JsonNode ref, String argument) {
        return switch (ref.path("type").asText()) {
            case "ref/prompt" -> ofPrompt(ref.path("name").asText(), argument);
            case "ref/resource" -> ofTemplate(ref.path("uri").asText(), argument);
            default -> throw refused("ref.type must be ref/prompt or ref/resource, got " + ref.path("type"));
        };
    }

    private Completer ofPrompt(String name, String argument) {
        var prompt = catalogue.prompts.get(name);
        if (prompt == null) throw refused("Unknown prompt: " + name);
        if (prompt.arguments().stream().noneMatch(each -> each.name().equals(argument)))
            throw refused("prompt " + name + " has no argument " + argument);
        return prompt.definition().completers().getOrDefault(argument, (_, _) -> List.of());
    }

    private Completer ofTemplate(String uri, String variable) {
        var template = catalogue.templates.get(uri);
        if (template == null) throw refused("Unknown resource template: " + uri);
        if (!template.pattern().names().contains(variable))
            throw refused("resource template " + uri + " has no variable " + variable);
        return template.definition().completers().getOrDefault(variable, (_, _) -> List.of());
    }

    private static ProtocolError refused(String why) {
        return new ProtocolError(ProtocolError.INVALID_PARAMS, why);
    }
}
