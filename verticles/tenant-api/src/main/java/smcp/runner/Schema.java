package smcp.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaException;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A compiled JSON schema, dialect 2020-12. */
final class Schema {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final int MAX_VIOLATIONS = 50;
    private static final int MAX_VALUE = 200;
    private static final SchemaValidatorsConfig CONFIG = SchemaValidatorsConfig.builder()
            .pathType(PathType.JSON_POINTER)
            .locale(Locale.ROOT)
            .formatAssertionsEnabled(false)
            .build();

    private final JsonSchema compiled;

    private Schema(JsonSchema compiled) {
        this.compiled = compiled;
    }

    /** Compiles, or says at which place of the schema something is wrong. */
    static Schema compile(ObjectNode schema) {
        var dialect = schema.path("$schema").asText(DIALECT);
        if (!dialect.equals(DIALECT) && !dialect.equals(DIALECT + "#"))
            throw new IllegalArgumentException("at /$schema: must be " + DIALECT + ", got " + dialect);
        var faults =
                describe(factory().getSchema(SchemaLocation.of(DIALECT), CONFIG).validate(schema));
        if (!faults.isEmpty()) throw new IllegalArgumentException(String.join("; ", faults));
        try {
            var compiled = factory().getSchema(schema, CONFIG);
            compiled.initializeValidators();
            // References are resolved when first followed; follow what an empty object reaches, so that a broken one
            // shows now.
            compiled.validate(com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode());
            return new Schema(compiled);
        } catch (JsonSchemaException e) {
            throw new IllegalArgumentException("does not compile: " + e.getMessage(), e);
        }
    }

    /** A factory a schema, because it caches by {@code $id}. It reads nothing but the dialect from the class path: no network. */
    private static JsonSchemaFactory factory() {
        return JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.add(iri -> {
                    // not by the thread's context loader: inside a node that is the tenant's, which has no dialect
                    if (iri.toString().startsWith("classpath:"))
                        return () -> Schema.class.getResourceAsStream(
                                iri.toString().substring("classpath:".length()).replaceFirst("^/*", "/"));
                    throw new IllegalArgumentException("$ref leaves the schema: " + iri);
                })));
    }

    /** Every violation as {@code place: what is wrong (got value)}; empty if it fits. */
    List<String> violations(JsonNode value) {
        return describe(compiled.validate(value));
    }

    private static List<String> describe(java.util.Set<ValidationMessage> messages) {
        if (messages.isEmpty()) return List.of();
        var lines = new ArrayList<String>();
        for (var message : messages) {
            if (lines.size() == MAX_VIOLATIONS) {
                lines.add("and " + (messages.size() - MAX_VIOLATIONS) + " more");
                break;
            }
            lines.add(line(message));
        }
        return List.copyOf(lines);
    }

    private static String line(ValidationMessage message) {
        var place = message.getInstanceLocation().toString();
        var text = message.getMessage();
        if (text.startsWith(place + ": ")) text = text.substring(place.length() + 2);
        var where = place.isEmpty() ? "at the root" : "at " + place;
        var node = message.getInstanceNode();
        return where + ": " + text + (node == null ? "" : " (got " + shortened(node.toString()) + ")");
    }

    static String shortened(String json) {
        return json.length() <= MAX_VALUE ? json : json.substring(0, MAX_VALUE) + "…";
    }
}
