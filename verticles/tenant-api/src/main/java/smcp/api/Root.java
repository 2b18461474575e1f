package smcp.api;

import org.jspecify.annotations.Nullable;

/** A folder or file the client works on, as a {@code file:} URI. */
public record Root(String uri, @Nullable String name) {}
