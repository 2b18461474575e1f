package smcp.runner;

import org.jspecify.annotations.Nullable;

/**
 * What a call says to its host. Exactly one of {@link #complete}, {@link #inputRequired} and {@link #failed} is called, last, unless
 * the call was cancelled. Calls come one at a time but from any thread of the tenant; they must not throw, and should not block long.
 */
public interface RunnerReply {
    /** Strictly growing; only if the request wants progress. */
    void progress(double progress, @Nullable Double total, @Nullable String message);

    /** Only if the request has a log level, and at or above it. */
    void log(String level, @Nullable String logger, byte[] dataJson);

    /** The client's connection may be closed; it will come back for the answer. */
    void closeStream(long retryMs);

    /** The whole result object, {@code resultType} included. */
    void complete(byte[] resultJson);

    /** The client must answer first: the {@code inputRequests} object and the state to seal. */
    void inputRequired(byte[] inputRequestsJson, @Nullable String state);

    /** A JSON-RPC error. */
    void failed(int code, String message, byte @Nullable [] dataJson);
}
