package smcp.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Small values out of JSON that is already known to be well-formed; for the paths that are not hot. */
public final class JsonText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonText() {}

    /** The content of a JSON string. @throws IllegalArgumentException if it is none */
    public static String string(Json json) {
        var node = tree(json);
        if (!node.isTextual()) {
            throw new IllegalArgumentException("not a JSON string");
        }
        return node.textValue();
    }

    public static JsonNode tree(Json json) {
        try {
            return JSON.readTree(json.text());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }
}
