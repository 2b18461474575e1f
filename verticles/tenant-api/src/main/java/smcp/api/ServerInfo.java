package smcp.api;

import org.jspecify.annotations.Nullable;

/** Name and version of the server as clients see them. */
public record ServerInfo(
        String name, String version, @Nullable String title) {}
