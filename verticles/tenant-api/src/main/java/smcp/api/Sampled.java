package smcp.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/**
 * What the client's model said.
 *
 * @param content one block or an array of blocks, as on the wire
 */
public record Sampled(
        Role role, JsonNode content, String model, @Nullable String stopReason) {
    /** The text of all text blocks, in order. */
    public String text() {
        if (!content.isArray()) return content.path("text").asText("");
        var all = new StringBuilder();
        content.forEach(block -> all.append(block.path("text").asText("")));
        return all.toString();
    }
}
