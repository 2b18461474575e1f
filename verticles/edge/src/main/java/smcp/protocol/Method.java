package smcp.protocol;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every method name of every revision served here, with where it exists and what serves it (digest §8). */
public enum Method {
    INITIALIZE("initialize", In.LEGACY, null),
    PING("ping", In.LEGACY, null),
    DISCOVER("server/discover", In.MODERN, null),
    TOOLS_LIST("tools/list", In.BOTH, "tools"),
    TOOLS_CALL("tools/call", In.BOTH, "tools"),
    RESOURCES_LIST("resources/list", In.BOTH, "resources"),
    TEMPLATES_LIST("resources/templates/list", In.BOTH, "resources"),
    RESOURCES_READ("resources/read", In.BOTH, "resources"),
    RESOURCES_SUBSCRIBE("resources/subscribe", In.LEGACY, "resources"),
    RESOURCES_UNSUBSCRIBE("resources/unsubscribe", In.LEGACY, "resources"),
    PROMPTS_LIST("prompts/list", In.BOTH, "prompts"),
    PROMPTS_GET("prompts/get", In.BOTH, "prompts"),
    COMPLETE("completion/complete", In.BOTH, "completions"),
    SET_LEVEL("logging/setLevel", In.LEGACY, "logging"),
    LISTEN("subscriptions/listen", In.MODERN, null),

    INITIALIZED("notifications/initialized", In.LEGACY, null),
    CANCELLED("notifications/cancelled", In.BOTH, null),
    ROOTS_CHANGED("notifications/roots/list_changed", In.LEGACY, null);

    private enum In {
        LEGACY,
        MODERN,
        BOTH
    }

    private static final Map<String, Method> BY_NAME = new HashMap<>();

    static {
        for (var method : values()) {
            BY_NAME.put(method.wire, method);
        }
    }

    private final String wire;
    private final In in;
    private final @Nullable String capability;

    Method(String wire, In in, @Nullable String capability) {
        this.wire = wire;
        this.in = in;
        this.capability = capability;
    }

    /** The name on the wire. */
    public String wire() {
        return wire;
    }

    /** The server capability that must be advertised for it, if any. */
    public @Nullable String capability() {
        return capability;
    }

    /** Is it one that has no answer? Sent with an id it is an unknown method. */
    public boolean isNotification() {
        return wire.startsWith("notifications/");
    }

    /** Is it a request that clients of {@code revision} may send? */
    public boolean existsIn(Revision revision) {
        if (isNotification()) {
            return false;
        }
        return switch (in) {
            case BOTH -> true;
            case MODERN -> revision.modern();
            case LEGACY -> !revision.modern();
        };
    }

    /** May answer {@code input_required} (MCP 2026-07-28, multi round-trip: only these three). */
    public boolean mayAskTheClient() {
        return this == TOOLS_CALL || this == PROMPTS_GET || this == RESOURCES_READ;
    }

    /** Is it answered by the tenant's code? Everything else is answered by the platform. */
    public boolean reachesTenant() {
        return mayAskTheClient() || this == COMPLETE;
    }

    /** Which member of {@code params} the header {@code Mcp-Name} mirrors. */
    public Named named() {
        return switch (this) {
            case TOOLS_CALL, PROMPTS_GET -> Named.NAME;
            case RESOURCES_READ -> Named.URI;
            default -> Named.NOTHING;
        };
    }

    /** Source of the header {@code Mcp-Name}. */
    public enum Named {
        NAME,
        URI,
        NOTHING
    }

    public static @Nullable Method of(@Nullable String wire) {
        return wire == null ? null : BY_NAME.get(wire);
    }
}
