package smcp.contract;

import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.protocol.Json;

/**
 * The answer to one HTTP request. Used on its own {@link #context} only; exactly one of {@link #result}, {@link #failed}, {@link #fault}, {@link #accepted} and {@link #stream} is called, once. Writing to a client that
 * has gone does nothing.
 */
public interface Reply {
    /** The event loop of the connection. */
    Context context();

    /** A header of the response; before anything else. */
    void header(String name, String value);

    /** 200 with a JSON-RPC result. */
    void result(Json id, Json result);

    /** 200 with a JSON-RPC error of the tenant's own. */
    void failed(Json id, int code, String message, @Nullable Json data);

    /** The status, JSON-RPC error and headers that the fault table has for {@code fault}; the id is left out if it is not known (never {@code null}). */
    void fault(@Nullable Json id, Fault fault);

    /** 202 without a body. */
    void accepted();

    /** 200 without a body. */
    void done();

    /** 200 {@code text/event-stream}; headers and a comment leave at once. */
    EventStream stream();

    /** {@code gone} runs if the client closes the connection before the answer is complete. One at most. */
    void onGone(Runnable gone);

    /** An open SSE response. Keep-alive comments are its own matter. */
    interface EventStream {
        /**
         * Writes one event.
         *
         * @param id event id; null for none
         * @param data one JSON-RPC message; null for an event without data (priming)
         */
        void event(@Nullable String id, @Nullable Json data);

        /** Tells the client how long to wait before it reconnects. */
        void retry(long millis);

        /** True while the client does not read as fast as it is written to. */
        boolean full();

        /** {@code drained} runs once when {@link #full} has become false. */
        void onDrain(Runnable drained);

        /** Closes the response in order. */
        void end();

        /** Cuts the connection: a reader too slow for the bound. */
        void cut();
    }
}
