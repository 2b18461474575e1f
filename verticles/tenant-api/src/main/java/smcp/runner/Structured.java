package smcp.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.api.Shape;

/** Writes structured results that must fit an output schema. */
final class Structured {
    private final ObjectNode listed;
    private final Schema schema;
    private final Json json;
    private final @Nullable ValueCheck check;
    private final @Nullable ObjectWriter writer;

    Structured(Shape<?> shape, Json json, SchemaDeriver deriver) {
        this.json = json;
        switch (shape) {
            case Shape.Typed<?>(Class<?> type) -> {
                listed = deriver.derive(type);
                check = ValueCheck.of(type).orElse(null);
                writer = json.mapper().writerFor(type);
            }
            case Shape.Raw<?>(ObjectNode given) -> {
                listed = given;
                check = null;
                writer = null;
            }
        }
        schema = Schema.compile(listed);
    }

    /** The schema as it is listed. */
    ObjectNode listed() {
        return listed;
    }

    byte[] write(Object value) throws Unfit {
        try {
            if (check != null && writer != null && check.fits(value)) return writer.writeValueAsBytes(value);
            JsonNode tree =
                    value instanceof JsonNode node ? node : json.mapper().valueToTree(value);
            var violations = schema.violations(tree);
            if (!violations.isEmpty()) throw new Unfit(violations);
            return json.bytes(tree);
        } catch (JsonProcessingException e) {
            throw new Unfit(List.of("cannot be written as JSON: " + e.getOriginalMessage()));
        } catch (IllegalArgumentException e) {
            throw new Unfit(List.of("cannot be written as JSON: " + e.getMessage()));
        }
    }
}
