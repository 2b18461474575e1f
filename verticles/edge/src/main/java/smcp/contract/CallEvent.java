package smcp.contract;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.protocol.Json;

/** What becomes of one call: {@link Begun} when its turn has come, any number of {@link Notice} and {@link CloseStream}, then one {@link End}. Ids and tokens in it are the client's, not the link's. */
public sealed interface CallEvent {
    /** The tenant is awake and has the call: what comes from here on is its silence, not ours. */
    record Begun() implements CallEvent {
        public static final Begun NOW = new Begun();
    }

    /** A notification about the call: progress, log, or any other. */
    record Notice(String method, Json params) implements CallEvent {}

    /** Please close the client's connection; it will come back for the rest (MCP 2025-11-25, polling). */
    record CloseStream(Duration retry) implements CallEvent {}

    /** Nothing comes after it. */
    sealed interface End extends CallEvent {}

    /** A result, as the modern revision has it, {@code input_required} included. */
    record Result(Json result) implements End {}

    /** A JSON-RPC error of the tenant's own. */
    record Failed(int code, String message, @Nullable Json data) implements End {}

    /** The platform ended the call. */
    record Broken(Fault fault) implements End {}
}
