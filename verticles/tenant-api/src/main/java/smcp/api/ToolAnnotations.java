package smcp.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Hints to the client about what a tool does; none of them is enforced, except that the platform may retry what is read-only or idempotent. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ToolAnnotations(
        @Nullable String title,
        @Nullable Boolean readOnlyHint,
        @Nullable Boolean destructiveHint,
        @Nullable Boolean idempotentHint,
        @Nullable Boolean openWorldHint) {
    /** Changes nothing. */
    public static ToolAnnotations readOnly() {
        return new ToolAnnotations(null, true, null, null, null);
    }

    /** Changes something, but a second call with the same arguments changes nothing more. */
    public static ToolAnnotations idempotent() {
        return new ToolAnnotations(null, false, null, true, null);
    }

    /** May destroy what cannot be brought back. */
    public static ToolAnnotations destructive() {
        return new ToolAnnotations(null, false, true, null, null);
    }

    /** The same, with {@code openWorldHint}: whether the tool reaches things outside the server. */
    public ToolAnnotations openWorld(boolean hint) {
        return new ToolAnnotations(title, readOnlyHint, destructiveHint, idempotentHint, hint);
    }
}
