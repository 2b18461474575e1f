package smcp.api;

/**
 * The code of a tool. It runs again from its start in every round of questions to the client ({@link Call#elicit}).
 *
 * <p>What it returns becomes the result: a {@link ToolResult} as it is, a {@link Content} or a list of them as the content, a string
 * or number as text, and anything else (a record, a map, a {@code JsonNode}) as structured content with its JSON as text.
 */
@FunctionalInterface
public interface ToolHandler<A, R> {
    /** A throw becomes a result with {@code isError} and the exception's message, except for {@link ProtocolError}. */
    R handle(A arguments, Call call) throws Exception;
}
