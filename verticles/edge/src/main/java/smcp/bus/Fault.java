package smcp.bus;

import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure of the platform. Its {@link Kind} is a row of the one table that says what each side of the platform makes of it; nothing else maps a failure to a status
 * or a code. Carries no stack trace: a fault is an answer, not a programming error.
 */
public final class Fault extends RuntimeException {

    /** May the client send the same request again? */
    public enum Retry {
        /** The same request will fail the same way. */
        NEVER,
        /** Nothing was executed; the same request may succeed later. */
        LATER,
        /** It is not known whether anything was executed. */
        UNKNOWN
    }

    /**
     * The fault table. HTTP status: RFC 9110 §15; JSON-RPC code: JSON-RPC 2.0 §5.1 and the error codes of the MCP revision (2026-07-28: -3202x; the legacy revisions' own
     * range is -32000 to -32019). Failures of a call that was already handed to a tenant travel as JSON-RPC errors on status 200, because clients drop the body of a 5xx.
     */
    public enum Kind {
        PARSE(1, 400, 400, -32700, Retry.NEVER),
        INVALID_REQUEST(2, 400, 400, -32600, Retry.NEVER),
        METHOD_NOT_FOUND(3, 404, 200, -32601, Retry.NEVER),
        INVALID_PARAMS(4, 200, 200, -32602, Retry.NEVER),
        META_MISSING(5, 400, 400, -32602, Retry.NEVER),
        HEADER_MISMATCH(6, 400, 400, -32020, Retry.NEVER),
        CAPABILITY_MISSING(7, 400, 200, -32021, Retry.NEVER),
        VERSION_UNSUPPORTED(8, 400, 400, -32022, Retry.NEVER),
        VERSION_HEADER_INVALID(9, 400, 400, -32000, Retry.NEVER),
        SESSION_REQUIRED(10, 400, 400, -32000, Retry.NEVER),
        SESSION_UNKNOWN(11, 404, 404, -32001, Retry.NEVER),
        CURSOR_UNKNOWN(12, 400, 400, -32000, Retry.NEVER),
        STREAM_TAKEN(13, 409, 409, -32000, Retry.LATER),
        RESOURCE_NOT_FOUND(14, 200, 200, -32602, Retry.NEVER),

        HOST_REFUSED(20, 403, 403, -32000, Retry.NEVER),
        ORIGIN_REFUSED(21, 403, 403, -32000, Retry.NEVER),
        UNAUTHENTICATED(22, 401, 401, -32000, Retry.NEVER),
        FORBIDDEN(23, 403, 403, -32000, Retry.NEVER),
        TENANT_UNKNOWN(24, 404, 404, -32000, Retry.NEVER),
        HTTP_METHOD(25, 405, 405, -32000, Retry.NEVER),
        NOT_ACCEPTABLE(26, 406, 406, -32000, Retry.NEVER),
        BODY_TOO_LARGE(27, 413, 413, -32000, Retry.NEVER),
        BODY_TOO_SLOW(28, 408, 408, -32000, Retry.LATER),
        MEDIA_TYPE(29, 415, 415, -32000, Retry.NEVER),

        OVERLOADED(40, 503, 503, -32603, Retry.LATER),
        DRAINING(41, 503, 503, -32603, Retry.LATER),
        NOT_DEPLOYED(42, 503, 503, -32603, Retry.LATER),
        STORE_UNAVAILABLE(43, 503, 503, -32603, Retry.LATER),
        TENANT_BROKEN(44, 200, 200, -32603, Retry.LATER),
        ENGINE_LOST(45, 200, 200, -32603, Retry.UNKNOWN),
        TIMEOUT(46, 200, 200, -32603, Retry.UNKNOWN),
        LIMIT(47, 200, 200, -32603, Retry.NEVER),
        TENANT_PROTOCOL(48, 200, 200, -32603, Retry.NEVER),
        CANCELLED(49, 200, 200, -32603, Retry.NEVER),
        /** The node that had the call is gone: it may have been executed. */
        NODE_LOST(50, 200, 200, -32603, Retry.UNKNOWN),
        /** The node chosen for the call could not be reached: it has not seen it. */
        NODE_UNREACHABLE(51, 503, 503, -32603, Retry.LATER),

        NOT_FOUND(60, 404, 404, -32000, Retry.NEVER),
        CONFLICT(61, 409, 409, -32000, Retry.NEVER),
        INVALID_INPUT(62, 400, 400, -32000, Retry.NEVER),
        PACKAGE_INVALID(63, 422, 422, -32000, Retry.NEVER),
        TRUST_REFUSED(64, 403, 403, -32000, Retry.NEVER),
        /** What a tenant may keep is used up (RFC 4918 §11.5). */
        QUOTA(65, 507, 507, -32603, Retry.NEVER),
        /** What was stored sealed does not open: changed, moved, or its key is gone. */
        SEALED(66, 500, 500, -32603, Retry.NEVER),
        /** A file of the node's state is not what was written: who operates it must act, and waiting helps nobody. */
        STORE_DAMAGED(67, 503, 503, -32603, Retry.NEVER),

        INTERNAL(99, 500, 500, -32603, Retry.UNKNOWN);

        private final int busCode;
        private final int modernStatus;
        private final int legacyStatus;
        private final int rpcCode;
        private final Retry retry;

        Kind(int busCode, int modernStatus, int legacyStatus, int rpcCode, Retry retry) {
            this.busCode = busCode;
            this.modernStatus = modernStatus;
            this.legacyStatus = legacyStatus;
            this.rpcCode = rpcCode;
            this.retry = retry;
        }

        /** Failure code of an event-bus reply; stable between versions of the program. */
        public int busCode() {
            return busCode;
        }

        /** HTTP status towards clients of 2026-07-28 and later, and on the control plane; there a row with 200 is answered as {@link #INTERNAL}, because it would read as success. */
        public int modernStatus() {
            return modernStatus;
        }

        /** HTTP status towards clients of 2024-11-05 to 2025-11-25. */
        public int legacyStatus() {
            return legacyStatus;
        }

        /** JSON-RPC error code. */
        public int rpcCode() {
            return rpcCode;
        }

        public Retry retry() {
            return retry;
        }

        /** The row with this bus code; {@link #INTERNAL} for a code of a newer program. */
        public static Kind ofBusCode(int code) {
            for (var kind : values()) {
                if (kind.busCode == code) {
                    return kind;
                }
            }
            return INTERNAL;
        }
    }

    private final Kind kind;
    private final @Nullable String dataJson;

    public Fault(Kind kind, String message) {
        this(kind, message, null, null);
    }

    public Fault(Kind kind, String message, Throwable cause) {
        this(kind, message, null, cause);
    }

    private Fault(Kind kind, String message, @Nullable String dataJson, @Nullable Throwable cause) {
        super(message, cause, false, false);
        this.kind = kind;
        this.dataJson = dataJson;
    }

    /** A fault whose JSON-RPC error carries {@code data}, given as JSON text. */
    public static Fault withData(Kind kind, String message, String dataJson) {
        return new Fault(kind, message, dataJson, null);
    }

    public Kind kind() {
        return kind;
    }

    /** The message for the client: names the field, the value and the limit; never a secret. */
    public String message() {
        return Objects.requireNonNullElse(getMessage(), kind.name());
    }

    /** The {@code data} of the JSON-RPC error as JSON text, if there is one. */
    public @Nullable String dataJson() {
        return dataJson;
    }

    /** What {@code cause} is in the table. Detail of {@link Kind#INTERNAL} belongs to the log: the client gets a request id. */
    public static Fault from(Throwable cause) {
        return switch (cause) {
            case Fault fault -> fault;
            case ReplyException e
            when e.failureType() == ReplyFailure.TIMEOUT -> new Fault(Kind.TIMEOUT, "no answer in time", e);
            case ReplyException e
            when e.failureType() == ReplyFailure.NO_HANDLERS ->
                new Fault(Kind.NOT_DEPLOYED, "nobody serves this address", e);
            case ReplyException e ->
                new Fault(Kind.ofBusCode(e.failureCode()), Objects.requireNonNullElse(e.getMessage(), "failed"), e);
            default -> new Fault(Kind.INTERNAL, "internal error", cause);
        };
    }

    void replyTo(Message<?> message) {
        message.fail(kind.busCode, message());
    }
}
