package smcp.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole tool result.
 *
 * @param structured anything Jackson can write, checked against the output schema if the tool has one
 * @param error true for a failure the model may act on
 * @param meta foreign {@code _meta} for the result
 */
public record ToolResult(
        List<Content> content,
        @Nullable Object structured,
        boolean error,
        @Nullable ObjectNode meta) {
    public ToolResult {
        content = List.copyOf(content);
    }

    /** One text block. */
    public static ToolResult text(String text) {
        return of(new Content.Text(text));
    }

    /** These blocks. */
    public static ToolResult of(Content... content) {
        return new ToolResult(List.of(content), null, false, null);
    }

    /** Structured content; its JSON is added as a text block for clients that read only text. */
    public static ToolResult structured(Object value) {
        return new ToolResult(List.of(), value, false, null);
    }

    /** A failure for the model to read: what went wrong and what to do about it. */
    public static ToolResult error(String text) {
        return new ToolResult(List.of(new Content.Text(text)), null, true, null);
    }

    /** The same with structured content beside the blocks. */
    public ToolResult withStructured(Object value) {
        return new ToolResult(content, value, error, meta);
    }

    /** The same with {@code _meta}. */
    public ToolResult withMeta(ObjectNode value) {
        return new ToolResult(content, structured, error, value);
    }
}
