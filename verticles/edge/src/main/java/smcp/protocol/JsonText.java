package smcp.protocol;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;

/** Small values out of JSON that is already known to be well-formed. Only a string without escapes is read without a parser. */
public final class JsonText {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonText() {}

    /** The content of a JSON string. @throws IllegalArgumentException if it is none */
    public static String string(Json json) {
        if (plain(json)) {
            return new String(json.bytes(), json.from() + 1, json.length() - 2, StandardCharsets.UTF_8);
        }
        var node = tree(json);
        if (!node.isTextual()) {
            throw new IllegalArgumentException("not a JSON string");
        }
        return node.textValue();
    }

    /** A string in which every character stands for itself. */
    private static boolean plain(Json json) {
        for (var i = json.from(); i < json.to(); i++) {
            if (json.bytes()[i] == '\\') {
                return false;
            }
        }
        return json.first() == '"';
    }

    public static JsonNode tree(Json json) {
        try {
            return JSON.readTree(json.text());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }
}
