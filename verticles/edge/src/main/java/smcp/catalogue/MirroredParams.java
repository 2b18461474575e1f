package smcp.catalogue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import smcp.contract.Offer.MirroredParam;

/** Finds the arguments that a tool's schema mirrors into headers (MCP 2026-07-28, {@code x-mcp-header}). */
final class MirroredParams {
    private static final String KEYWORD = "x-mcp-header";
    /** RFC 9110 §5.6.2 */
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Set<String> TYPES = Set.of("string", "integer", "boolean");

    private MirroredParams() {}

    /** Those on plain chains of {@code properties} from the root, in the schema's order. */
    static List<MirroredParam> of(JsonNode schema) {
        var found = new ArrayList<MirroredParam>(0);
        walk(schema, List.of(), found);
        return List.copyOf(found);
    }

    private static void walk(JsonNode schema, List<String> path, List<MirroredParam> found) {
        schema.path("properties").properties().forEach(property -> {
            var child = new ArrayList<>(path);
            child.add(property.getKey());
            var annotation = property.getValue().path(KEYWORD);
            if (annotation.isTextual()) {
                found.add(new MirroredParam(
                        annotation.textValue(),
                        child,
                        property.getValue().path("type").asText()));
            }
            walk(property.getValue(), child, found);
        });
    }

    /** What is wrong with the annotations of a schema; empty if nothing is. A wrong one makes clients drop the tool, so it is refused at deployment. */
    static List<String> problems(JsonNode schema) {
        var problems = new ArrayList<String>();
        var names = new HashSet<String>();
        var plain = of(schema);
        for (var param : plain) {
            var where = KEYWORD + " at " + String.join(".", param.path());
            if (!TOKEN.matcher(param.header()).matches()) {
                problems.add(where + " must be a header name");
            }
            if (!names.add(param.header().toLowerCase(Locale.ROOT))) {
                problems.add(where + " occurs twice");
            }
            if (!TYPES.contains(param.type())) {
                problems.add(where + " must be on a string, an integer or a boolean");
            }
        }
        if (count(schema) != plain.size()) {
            problems.add(KEYWORD + " may only stand on a chain of plain properties from the root");
        }
        return problems;
    }

    private static int count(JsonNode node) {
        var count = node.isObject() && node.has(KEYWORD) ? 1 : 0;
        for (var child : node) {
            count += count(child);
        }
        return count;
    }
}
