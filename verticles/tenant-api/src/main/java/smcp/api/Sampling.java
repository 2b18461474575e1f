package smcp.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks the client's model.
 *
 * @param options further fields of {@code sampling/createMessage} by their name on the wire
 */
public record Sampling(List<PromptMessage> messages, int maxTokens, Map<String, JsonNode> options)
        implements Question<Sampled> {
    public Sampling {
        messages = List.copyOf(messages);
        options = Map.copyOf(options);
        if (maxTokens < 1) throw new IllegalArgumentException("sampling maxTokens must be positive, got " + maxTokens);
    }

    /** One text of the user. */
    public static Sampling of(int maxTokens, String text) {
        return new Sampling(List.of(PromptMessage.user(text)), maxTokens, Map.of());
    }

    /** The same with a system prompt. */
    public Sampling systemPrompt(String text) {
        return option("systemPrompt", TextNode.valueOf(text));
    }

    /** The same with a temperature. */
    public Sampling temperature(double value) {
        return option("temperature", DoubleNode.valueOf(value));
    }

    /** The same with any other field. */
    public Sampling option(String name, JsonNode value) {
        var more = new LinkedHashMap<>(options);
        more.put(name, value);
        return new Sampling(messages, maxTokens, more);
    }
}
