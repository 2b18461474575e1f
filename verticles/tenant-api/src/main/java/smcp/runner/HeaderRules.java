package smcp.runner;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The rules for {@code x-mcp-header} (MCP 2026-07-28, Transports). Clients drop a tool that breaks one, so it is refused at
 * registration.
 */
final class HeaderRules {
    private static final String KEYWORD = "x-mcp-header";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+"); // RFC 9110 §5.6.2

    private HeaderRules() {}

    static void check(JsonNode inputSchema) {
        walk(inputSchema, "", true, new HashSet<>());
    }

    /** @param reachable whether only {@code properties} keys lead here from the root */
    private static void walk(JsonNode schema, String place, boolean reachable, Set<String> seen) {
        if (schema.isArray()) {
            for (int i = 0; i < schema.size(); i++) walk(schema.get(i), place + "/" + i, false, seen);
            return;
        }
        if (schema.has(KEYWORD)) annotation(schema, place, reachable, seen);
        for (var entry : schema.properties()) {
            var below = place + "/" + entry.getKey();
            if (entry.getKey().equals("properties") && entry.getValue().isObject())
                entry.getValue()
                        .properties()
                        .forEach(each -> walk(each.getValue(), below + "/" + each.getKey(), reachable, seen));
            else if (!LITERALS.contains(entry.getKey())) walk(entry.getValue(), below, false, seen);
        }
    }

    private static final List<String> LITERALS = List.of("enum", "const", "default", "examples");

    private static void annotation(JsonNode schema, String place, boolean reachable, Set<String> seen) {
        var name = schema.get(KEYWORD).asText();
        if (!schema.get(KEYWORD).isTextual() || !TOKEN.matcher(name).matches())
            throw new IllegalArgumentException(
                    "at " + place + ": " + KEYWORD + " must be a header token, got " + schema.get(KEYWORD));
        if (place.isEmpty() || !reachable)
            throw new IllegalArgumentException(
                    "at " + place + ": " + KEYWORD + " is allowed only below plain properties");
        if (!List.of("string", "integer", "boolean")
                .contains(schema.path("type").asText()))
            throw new IllegalArgumentException("at " + place + ": " + KEYWORD
                    + " needs type string, integer or boolean, got " + schema.path("type"));
        if (!seen.add(name.toLowerCase(Locale.ROOT)))
            throw new IllegalArgumentException("at " + place + ": " + KEYWORD + " " + name + " is used twice");
    }
}
