package smcp.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Describes a tool up to its handler, which registers it. Immutable: each step returns a new builder.
 *
 * @param <A> the arguments as the handler gets them
 * @param <R> what the handler returns
 */
public final class ToolBuilder<A, R> {
    private final Mcp mcp;
    private final String name;
    private final Labels labels;
    private final @Nullable ToolAnnotations annotations;
    private final Shape<A> input;
    private final @Nullable Shape<R> output;
    private final boolean inline;

    private ToolBuilder(
            Mcp mcp,
            String name,
            Labels labels,
            @Nullable ToolAnnotations annotations,
            Shape<A> input,
            @Nullable Shape<R> output,
            boolean inline) {
        this.mcp = mcp;
        this.name = name;
        this.labels = labels;
        this.annotations = annotations;
        this.input = input;
        this.output = output;
        this.inline = inline;
    }

    static ToolBuilder<ObjectNode, Object> named(Mcp mcp, String name) {
        var nothing = Schemas.parse("{\"type\":\"object\",\"additionalProperties\":false}");
        return new ToolBuilder<>(mcp, name, Labels.NONE, null, new Shape.Raw<>(nothing), null, false);
    }

    /** A name for people. */
    public ToolBuilder<A, R> title(String title) {
        return with(labels.title(title));
    }

    /** What the tool does and when to use it: the model reads this. */
    public ToolBuilder<A, R> description(String description) {
        return with(labels.description(description));
    }

    /** Pictures for user interfaces. */
    public ToolBuilder<A, R> icons(Icon... icons) {
        return with(labels.icons(icons));
    }

    /** Foreign {@code _meta} of the list entry. */
    public ToolBuilder<A, R> meta(ObjectNode meta) {
        return with(labels.meta(meta));
    }

    /** Hints such as {@link ToolAnnotations#readOnly()}. */
    public ToolBuilder<A, R> annotations(ToolAnnotations annotations) {
        return new ToolBuilder<>(mcp, name, labels, annotations, input, output, inline);
    }

    /** Arguments as a record; the input schema is derived from it. */
    public <B> ToolBuilder<B, R> input(Class<B> type) {
        return new ToolBuilder<>(mcp, name, labels, annotations, new Shape.Typed<>(type), output, inline);
    }

    /** Arguments as JSON under this schema, which is listed as given. */
    public ToolBuilder<ObjectNode, R> inputSchema(ObjectNode schema) {
        return new ToolBuilder<>(mcp, name, labels, annotations, new Shape.Raw<>(schema.deepCopy()), output, inline);
    }

    /** Arguments as JSON under this schema, which is listed as given. */
    public ToolBuilder<ObjectNode, R> inputSchema(String json) {
        return inputSchema(Schemas.parse(json));
    }

    /** The result as a record; it becomes structured content, and the output schema is derived from it. */
    public <S> ToolBuilder<A, S> output(Class<S> type) {
        return new ToolBuilder<>(mcp, name, labels, annotations, input, new Shape.Typed<>(type), inline);
    }

    /** The result as JSON under this schema, which is listed as given. */
    public ToolBuilder<A, JsonNode> outputSchema(ObjectNode schema) {
        return new ToolBuilder<>(mcp, name, labels, annotations, input, new Shape.Raw<>(schema.deepCopy()), inline);
    }

    /** The result as JSON under this schema, which is listed as given. */
    public ToolBuilder<A, JsonNode> outputSchema(String json) {
        return outputSchema(Schemas.parse(json));
    }

    /** A promise that the handler never blocks and ends within about a millisecond, so that it may run on an event loop. */
    public ToolBuilder<A, R> inline() {
        return new ToolBuilder<>(mcp, name, labels, annotations, input, output, true);
    }

    /**
     * The client's answers count once only: whoever shows the same state a second time is refused before the tool runs. For tools whose effect must not happen twice.
     */
    public ToolBuilder<A, R> once() {
        var known = labels.meta();
        var meta = known == null ? JsonNodeFactory.instance.objectNode() : known.deepCopy();
        var marked = labels.meta(meta.put("smcp/once", true));
        return new ToolBuilder<>(mcp, name, marked, annotations, input, output, inline);
    }

    /** Registers the tool with its code. */
    public void handle(ToolHandler<A, ? extends R> handler) {
        mcp.add(new Tool<>(name, labels, annotations, input, output, inline, handler));
    }

    /** Registers the tool with code that builds the whole result itself: content blocks, structured content, {@code isError}. */
    public void respond(ToolHandler<A, ToolResult> handler) {
        mcp.add(new Tool<>(name, labels, annotations, input, output, inline, handler));
    }

    private ToolBuilder<A, R> with(Labels changed) {
        return new ToolBuilder<>(mcp, name, changed, annotations, input, output, inline);
    }

    /** Reads schemas that tenants write as text. */
    private static final class Schemas {
        private static final ObjectMapper JSON = new ObjectMapper();

        static ObjectNode parse(String json) {
            try {
                if (JSON.readTree(json) instanceof ObjectNode schema) return schema;
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException("a schema is not JSON: " + e.getOriginalMessage(), e);
            }
            throw new IllegalArgumentException("a schema must be a JSON object, got " + json);
        }
    }
}
