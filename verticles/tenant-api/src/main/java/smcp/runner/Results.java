package smcp.runner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.api.Content;
import smcp.api.ToolResult;

/** Result objects of {@code tools/call} as bytes. The two common shapes are put together from constant parts. */
final class Results {
    private static final byte[] TEXT_HEAD =
            utf8("{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"");
    private static final byte[] TEXT_TAIL = utf8("\"}]}");
    private static final byte[] ERROR_TAIL = utf8("\"}],\"isError\":true}");
    private static final byte[] STRUCTURED_MIDDLE = utf8("\"}],\"structuredContent\":");
    private static final byte[] CLOSE = utf8("}");

    private Results() {}

    static byte[] text(String text) {
        return joined(TEXT_HEAD, quoted(text), TEXT_TAIL);
    }

    static byte[] error(String text) {
        return joined(TEXT_HEAD, quoted(text), ERROR_TAIL);
    }

    /** The value and, for clients that read only text, its JSON as a text block (MCP 2026-07-28, Tools). */
    static byte[] structured(byte[] value) {
        return joined(TEXT_HEAD, quoted(value), STRUCTURED_MIDDLE, value, CLOSE);
    }

    static byte[] of(ToolResult result, byte @Nullable [] structured, Json json) {
        var content = result.content();
        if (structured != null && content.isEmpty())
            content = List.of(Content.text(new String(structured, StandardCharsets.UTF_8)));
        return json.bytes(new Wire(
                "complete",
                content,
                structured == null ? null : new String(structured, StandardCharsets.UTF_8),
                result.error() ? true : null,
                result.meta()));
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record Wire(
            String resultType,
            List<Content> content,
            @JsonRawValue @Nullable String structuredContent,
            @Nullable Boolean isError,
            @JsonProperty("_meta") @Nullable ObjectNode meta) {}

    private static byte[] quoted(String text) {
        return JsonStringEncoder.getInstance().quoteAsUTF8(text);
    }

    /** JSON inside a JSON string: control characters are escaped in it already, so only quotes and backslashes are left. */
    private static byte[] quoted(byte[] json) {
        int more = 0;
        for (byte b : json) if (b == '"' || b == '\\') more++;
        var out = new byte[json.length + more];
        int at = 0;
        for (byte b : json) {
            if (b == '"' || b == '\\') out[at++] = '\\';
            out[at++] = b;
        }
        return out;
    }

    static byte[] joined(byte[]... parts) {
        int length = 0;
        for (var part : parts) length += part.length;
        var out = new byte[length];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, out, at, part.length);
            at += part.length;
        }
        return out;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
