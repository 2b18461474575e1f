package smcp.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import smcp.api.Shape;

/**
 * Reads the arguments of a tool. The schema alone decides what is accepted. For records, reading strictly and looking at the value
 * accepts most calls without asking the schema; whatever that path does not accept is read again as a tree and judged by the schema,
 * which also yields every violation and not the first one only.
 */
abstract class Arguments<A> {
    private static final Slice NONE = Slice.of("{}");

    private final ObjectNode listed;
    final Schema schema;
    final Json json;

    private Arguments(ObjectNode listed, Json json) {
        if (!listed.path("type").asText().equals("object"))
            throw new IllegalArgumentException("at /type: must be \"object\", got " + listed.path("type"));
        HeaderRules.check(listed);
        this.listed = listed;
        this.schema = Schema.compile(listed);
        this.json = json;
    }

    @SuppressWarnings("unchecked") // the shape says which of both A is
    static <A> Arguments<A> of(Shape<A> shape, Json json, SchemaDeriver deriver) {
        return switch (shape) {
            case Shape.Typed<A>(Class<A> type) -> new OfRecord<>(type, deriver.derive(type), json);
            case Shape.Raw<A>(ObjectNode schema) -> (Arguments<A>) new OfTree(schema, json);
        };
    }

    /** The schema as it is listed. */
    ObjectNode listed() {
        return listed;
    }

    /** The arguments; absent ones are an empty object (MCP 2026-07-28, Tools). */
    final A read(@Nullable Slice arguments) throws Unfit {
        return readGiven(arguments == null ? NONE : arguments);
    }

    abstract A readGiven(Slice arguments) throws Unfit;

    /** The tree, once the schema accepted it. */
    final JsonNode accepted(Slice arguments) throws Unfit {
        JsonNode tree;
        try {
            tree = json.tree(arguments);
        } catch (JsonProcessingException e) {
            throw new Unfit(List.of("arguments cannot be read: " + e.getOriginalMessage()));
        }
        var violations = schema.violations(tree);
        if (!violations.isEmpty()) throw new Unfit(violations);
        return tree;
    }

    private static final class OfTree extends Arguments<JsonNode> {
        OfTree(ObjectNode schema, Json json) {
            super(schema, json);
        }

        @Override
        JsonNode readGiven(Slice arguments) throws Unfit {
            return accepted(arguments);
        }
    }

    private static final class OfRecord<A> extends Arguments<A> {
        private final @Nullable ValueCheck check;
        private final ObjectReader strict;
        private final ObjectReader validated;

        OfRecord(Class<A> type, ObjectNode schema, Json json) {
            super(schema, json);
            if (!type.isRecord())
                throw new IllegalArgumentException(
                        "input " + type.getName() + " must be a record; use inputSchema for anything else");
            check = ValueCheck.of(type).orElse(null);
            strict = json.strictReader(type);
            validated = json.validatedReader(type);
        }

        @Override
        A readGiven(Slice arguments) throws Unfit {
            if (check != null) {
                try {
                    A value = strict.readValue(arguments.bytes(), arguments.from(), arguments.length());
                    if (check.fits(value)) return value;
                } catch (JsonProcessingException e) {
                    // The schema words it better, or knows better: 1.0 is an integer.
                } catch (IOException e) {
                    throw new UncheckedIOException("reading from memory", e);
                }
            }
            return bound(accepted(arguments));
        }

        /** The schema has no word for some refusals: a number beyond an int, a record whose constructor throws. */
        private A bound(JsonNode tree) throws Unfit {
            try {
                return validated.readValue(tree);
            } catch (JsonMappingException e) {
                var place = e.getPath().stream()
                        .map(step -> "/" + (step.getFieldName() == null ? step.getIndex() : step.getFieldName()))
                        .collect(Collectors.joining());
                var cause = e.getCause();
                var text = cause instanceof RuntimeException && cause.getMessage() != null
                        ? cause.getMessage()
                        : e.getOriginalMessage();
                throw new Unfit(List.of((place.isEmpty() ? "at the root" : "at " + place) + ": " + text + " (got "
                        + Schema.shortened(tree.at(place).toString()) + ")"));
            } catch (IOException e) {
                throw new UncheckedIOException("reading from memory", e);
            }
        }
    }
}
