package smcp.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import java.net.URI;
import java.net.URISyntaxException;
import smcp.tenant.Shown;

/**
 * Checks the schemas of tools before any client sees them: valid 2020-12, nothing to be fetched from a network, bounded (MCP 2026-07-28, JSON Schema). They are passed on untouched.
 */
final class SchemaCheck {
    private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
    private static final int DEEPEST = 32;
    private static final int MOST_NODES = 10_000;

    private final JsonSchema metaSchema =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(SchemaLocation.of(DIALECT));

    /** @throws smcp.bus.Fault naming the tool, the place and what is wrong */
    void check(String tool, JsonNode definition) {
        var input = definition.path("inputSchema");
        if (!input.isObject() || !input.path("type").asText().equals("object")) {
            throw EngineCatalogue.broken(named(tool) + ": inputSchema must be an object schema with type \"object\"");
        }
        one(tool, "inputSchema", input);
        for (var problem : MirroredParams.problems(input)) {
            throw EngineCatalogue.broken(named(tool) + ": " + problem);
        }
        if (definition.has("outputSchema")) {
            one(tool, "outputSchema", definition.get("outputSchema"));
        }
    }

    private void one(String tool, String which, JsonNode schema) {
        var where = named(tool) + ": " + which;
        var dialect = schema.path("$schema");
        if (dialect.isTextual() && !stripHash(dialect.textValue()).equals(DIALECT)) {
            throw EngineCatalogue.broken(
                    where + ": $schema must be " + DIALECT + ", got " + Shown.of(dialect.textValue()));
        }
        if (nodes(where, schema, 0) > MOST_NODES) {
            throw EngineCatalogue.broken(where + " has more than " + MOST_NODES + " parts");
        }
        var errors = metaSchema.validate(schema);
        if (!errors.isEmpty()) {
            throw EngineCatalogue.broken(where + " is no valid schema: "
                    + Shown.of(errors.iterator().next().getMessage()));
        }
    }

    private static int nodes(String where, JsonNode node, int depth) {
        if (depth > DEEPEST) {
            throw EngineCatalogue.broken(where + " is nested deeper than " + DEEPEST + " levels");
        }
        var reference = node.path("$ref");
        if (reference.isTextual() && !local(reference.textValue())) {
            throw EngineCatalogue.broken(
                    where + ": $ref must point into the same schema, got " + Shown.of(reference.textValue()));
        }
        var count = 1;
        for (var child : node) {
            count += nodes(where, child, depth + 1);
        }
        return count;
    }

    private static boolean local(String reference) {
        try {
            var uri = new URI(reference);
            return !uri.isAbsolute()
                    && (uri.getRawAuthority() == null)
                    && uri.getPath().isEmpty();
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String stripHash(String uri) {
        return uri.endsWith("#") ? uri.substring(0, uri.length() - 1) : uri;
    }

    private static String named(String tool) {
        return "tool \"" + Shown.of(tool) + "\"";
    }
}
