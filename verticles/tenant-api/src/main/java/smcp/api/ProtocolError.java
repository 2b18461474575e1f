package smcp.api;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** Ends the call with a JSON-RPC error in place of a result. For failures a model should read, throw anything else. */
public final class ProtocolError extends RuntimeException {
    public static final int INVALID_PARAMS = -32602;
    public static final int INTERNAL = -32603;
    public static final int MISSING_CAPABILITY = -32021;

    private final int code;
    private final transient @Nullable JsonNode data;

    public ProtocolError(int code, String message) {
        this(code, message, null);
    }

    public ProtocolError(int code, String message, @Nullable JsonNode data) {
        super(message);
        this.code = code;
        this.data = data;
    }

    /** The JSON-RPC code. */
    public int code() {
        return code;
    }

    /** The error's {@code data}. */
    public @Nullable JsonNode data() {
        return data;
    }
}
