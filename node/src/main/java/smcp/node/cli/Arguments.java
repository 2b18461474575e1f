package smcp.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;

/** Arguments of a tool, from the command line. */
final class Arguments {
    private Arguments() {}

    /** {@code name=value} pairs; the schema says what type a value has. */
    static ObjectNode of(Map<String, String> pairs, JsonNode schema) {
        var arguments = AdminApi.JSON.createObjectNode();
        pairs.forEach((name, value) -> arguments.set(
                name, value("--arg " + name, schema.path("properties").path(name), value)));
        return arguments;
    }

    static ObjectNode parse(String json) {
        try {
            var value = AdminApi.JSON
                    .reader(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .readTree(json);
            if (value instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new Failure("--json is not JSON: " + e.getOriginalMessage());
        }
        throw new Failure("--json must be an object, as {\"name\": value}");
    }

    /** {@code text} as the type that {@code schema} names; text where it names none. */
    static JsonNode value(String what, JsonNode schema, String text) {
        try {
            return switch (schema.path("type").asText("string")) {
                case "integer" -> JsonNodeFactory.instance.numberNode(new BigInteger(text));
                case "number" -> JsonNodeFactory.instance.numberNode(new BigDecimal(text));
                case "boolean" ->
                    switch (text) {
                        case "true" -> JsonNodeFactory.instance.booleanNode(true);
                        case "false" -> JsonNodeFactory.instance.booleanNode(false);
                        default -> throw new Failure(what + " must be true or false, got \"" + text + "\"");
                    };
                case "array", "object" -> AdminApi.JSON.readTree(text);
                default -> JsonNodeFactory.instance.textNode(text);
            };
        } catch (NumberFormatException e) {
            throw new Failure(
                    what + " must be a " + ("integer".equals(schema.path("type").asText()) ? "whole number" : "number")
                            + ", got \"" + text + "\"");
        } catch (JsonProcessingException e) {
            throw new Failure(what + " must be JSON: " + e.getOriginalMessage());
        }
    }
}
