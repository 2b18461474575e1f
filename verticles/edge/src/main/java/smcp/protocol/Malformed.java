package smcp.protocol;

import org.jspecify.annotations.Nullable;

/** A body that is not a JSON-RPC message. */
public final class Malformed extends Exception {
    /** How bad it is. */
    public enum Kind {
        /** Not JSON: {@code -32700}. */
        NOT_JSON,
        /** JSON, but no message: {@code -32600}. */
        NOT_A_MESSAGE,
        /** A message whose {@code params} are of the wrong shape: {@code -32602}. */
        BAD_PARAMS
    }

    private final Kind kind;
    private final transient @Nullable Json id;

    Malformed(Kind kind, String message, @Nullable Json id) {
        super(message, null, false, false);
        this.kind = kind;
        this.id = id;
    }

    public Kind kind() {
        return kind;
    }

    /** The id of the request, where it could be read. */
    public @Nullable Json id() {
        return id;
    }

    public String message() {
        var message = getMessage();
        return message == null ? kind.name() : message;
    }
}
