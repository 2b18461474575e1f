package smcp.engine;

import smcp.protocol.EngineLine;
import smcp.protocol.Json;

/** Answers what tenant code asks of the platform ({@code smcp/*}). Called on the thread that reads the engine's lines; must not block. */
@FunctionalInterface
interface HostCalls {
    /** JSON-RPC 2.0 §5.1. */
    int METHOD_NOT_FOUND = -32601;

    /** Nothing is offered. */
    HostCalls NONE = (request, answer) ->
            answer.failed(METHOD_NOT_FOUND, "this platform does not offer " + Shorten.to(200, request.method()));

    /** Answers {@code request} once, at any time, on any thread. */
    void serve(EngineLine request, Answer answer);

    /** Where the answer goes. */
    interface Answer {
        void result(Json result);

        void failed(int code, String message);
    }
}
