package smcp.api;

import org.jspecify.annotations.Nullable;

/**
 * A registered tool; made by {@link ToolBuilder}.
 *
 * @param inline whether a host may run it on an event loop: it must not block, and is done within about a millisecond
 */
public record Tool<A, R>(
        String name,
        Labels labels,
        @Nullable ToolAnnotations annotations,
        Shape<A> input,
        @Nullable Shape<?> output,
        boolean inline,
        ToolHandler<A, R> handler) {}
