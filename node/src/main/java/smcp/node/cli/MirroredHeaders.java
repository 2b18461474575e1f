package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** The headers that repeat parts of a call's body (MCP 2026-07-28, Transports › Streamable HTTP, standard and custom headers). */
final class MirroredHeaders {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private MirroredHeaders() {}

    /** Of a call of {@code tool}: its name, and the arguments that its schema annotates. */
    static Map<String, String> of(JsonNode tool, JsonNode arguments) {
        var headers = new TreeMap<String, String>();
        headers.put("Mcp-Name", encode(tool.path("name").asText()));
        collect(tool.path("inputSchema"), arguments, headers);
        return headers;
    }

    private static void collect(JsonNode schema, JsonNode value, Map<String, String> headers) {
        schema.path("properties").properties().forEach(property -> {
            var argument = value.path(property.getKey());
            var header = property.getValue().path("x-mcp-header");
            if (header.isTextual() && argument.isValueNode() && !argument.isNull()) {
                headers.put("Mcp-Param-" + header.textValue(), encode(argument.asText()));
            }
            if (argument.isObject()) {
                collect(property.getValue(), argument, headers);
            }
        });
    }

    /** Literal if it is visible ASCII that looks like nothing else, otherwise in the Base64 form. */
    static String encode(String value) {
        var plain = !value.isEmpty()
                && value.equals(value.strip())
                && value.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c <= 0x7e))
                && !(value.startsWith(PREFIX) && value.endsWith(SUFFIX));
        return plain
                ? value
                : PREFIX + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8)) + SUFFIX;
    }
}
