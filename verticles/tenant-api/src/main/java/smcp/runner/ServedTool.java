package smcp.runner;

import org.jspecify.annotations.Nullable;
import smcp.api.Content;
import smcp.api.Tool;
import smcp.api.ToolResult;

/** A tool with its schemas compiled. */
record ServedTool<A>(
        Tool<A, ?> definition,
        Arguments<A> arguments,
        @Nullable Structured output) implements Operation {
    static <A> ServedTool<A> of(Tool<A, ?> tool, Json json, SchemaDeriver deriver) {
        Arguments<A> arguments;
        try {
            arguments = Arguments.of(tool.input(), json, deriver);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tool " + tool.name() + ": inputSchema " + e.getMessage(), e);
        }
        try {
            var output = tool.output();
            return new ServedTool<>(tool, arguments, output == null ? null : new Structured(output, json, deriver));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("tool " + tool.name() + ": outputSchema " + e.getMessage(), e);
        }
    }

    @Override
    public byte[] perform(RunningCall call) throws Exception {
        A given;
        try {
            given = arguments.read(call.request().arguments());
        } catch (Unfit e) {
            return Results.error("Invalid arguments for tool " + definition.name() + ":\n" + e.getMessage());
        }
        var answer = definition.handler().handle(given, call);
        try {
            return written(answer, call.json());
        } catch (Unfit e) {
            return Results.error(
                    "The result of tool " + definition.name() + " does not fit its outputSchema:\n" + e.getMessage());
        }
    }

    @Override
    public byte[] thrown(Throwable cause) {
        return Results.error(Operation.messageOf(cause));
    }

    private byte[] written(@Nullable Object answer, Json json) throws Unfit {
        return switch (answer) {
            case null -> throw new IllegalStateException("tool " + definition.name() + " returned null");
            case ToolResult result -> whole(result, json);
            case Object value when output != null -> Results.structured(output.write(value));
            case String text -> Results.text(text);
            case Number number -> Results.text(number.toString());
            case Boolean flag -> Results.text(flag.toString());
            case Content block -> Results.of(ToolResult.of(block), null, json);
            case java.util.List<?> list
            when list.stream().allMatch(Content.class::isInstance) ->
                Results.of(ToolResult.of(list.toArray(Content[]::new)), null, json);
            default -> Results.structured(json.bytes(answer));
        };
    }

    private byte[] whole(ToolResult result, Json json) throws Unfit {
        var structured = result.structured();
        if (structured != null)
            return Results.of(result, output == null ? json.bytes(structured) : output.write(structured), json);
        if (output != null && !result.error()) throw new Unfit(java.util.List.of("structured content is missing"));
        return Results.of(result, null, json);
    }
}
