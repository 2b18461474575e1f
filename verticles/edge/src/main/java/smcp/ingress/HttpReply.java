package smcp.ingress;

import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Reply;
import smcp.protocol.Frames;
import smcp.protocol.Json;

/** The one writer of answers: HTTP status, JSON-RPC body and headers all come from here, and for failures from the fault table. */
final class HttpReply implements Reply {
    private static final Logger log = LoggerFactory.getLogger(HttpReply.class);
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence SSE = HttpHeaders.createOptimized("text/event-stream");
    private static final CharSequence NO_CACHE = HttpHeaders.createOptimized("no-cache, no-transform");
    private static final CharSequence ACCEL = HttpHeaders.createOptimized("X-Accel-Buffering");
    private static final CharSequence NO = HttpHeaders.createOptimized("no");

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Outflow out;
    private final Context context;
    private final StreamKeeper streams;
    private boolean modern;
    private boolean answered;
    private @Nullable Runnable gone;

    HttpReply(HttpServerRequest request, Context context, StreamKeeper streams) {
        this.request = request;
        this.response = request.response();
        this.out = new Outflow(request, streams);
        this.context = context;
        this.streams = streams;
    }

    /** The era decides the status of some failures; until it is known they have the same in both. */
    void modern(boolean is) {
        modern = is;
    }

    @Override
    public Context context() {
        return context;
    }

    @Override
    public void header(String name, String value) {
        if (open()) {
            response.putHeader(name, value);
        }
    }

    @Override
    public void result(Json id, Json result) {
        json(200, Frames.result(id, result));
    }

    @Override
    public void failed(Json id, int code, String message, @Nullable Json data) {
        json(200, Frames.error(id, code, message, data));
    }

    @Override
    public void fault(@Nullable Json id, Fault fault) {
        var kind = fault.kind();
        var message = fault.message();
        if (kind == Kind.INTERNAL) {
            var reference = Long.toUnsignedString(System.nanoTime(), 36);
            log.atError()
                    .addKeyValue("request", reference)
                    .setCause(fault.getCause())
                    .log("internal error");
            message = "internal error; the operator finds it in the log as request " + reference;
        }
        if (!open()) {
            return;
        }
        switch (kind) {
            case UNAUTHENTICATED -> response.putHeader("WWW-Authenticate", challenge());
            case FORBIDDEN -> response.putHeader("WWW-Authenticate", "Bearer error=\"insufficient_scope\"");
            case OVERLOADED, DRAINING, NOT_DEPLOYED, STORE_UNAVAILABLE -> response.putHeader("Retry-After", "1");
            case HTTP_METHOD -> response.putHeader(HttpHeaders.ALLOW, "GET, POST, DELETE, OPTIONS");
            default -> {
                // the row has no header of its own
            }
        }
        var data = fault.dataJson();
        json(
                modern ? kind.modernStatus() : kind.legacyStatus(),
                Frames.error(id, kind.rpcCode(), message, data == null ? null : Json.of(data)));
    }

    /** Without credentials there is nothing to find fault with (RFC 6750 §3.1). */
    private String challenge() {
        return request.getHeader(HttpHeaders.AUTHORIZATION) == null ? "Bearer" : "Bearer error=\"invalid_token\"";
    }

    private void json(int status, Json body) {
        if (!open()) {
            return;
        }
        answered = true;
        response.setStatusCode(status).putHeader(HttpHeaders.CONTENT_TYPE, JSON);
        out.end(body);
    }

    @Override
    public void accepted() {
        empty(202);
    }

    @Override
    public void done() {
        empty(200);
    }

    /** A status without a body. */
    void empty(int status) {
        if (open()) {
            answered = true;
            response.setStatusCode(status);
            out.end();
        }
    }

    @Override
    public EventStream stream() {
        var stream = new SseStream(out, streams);
        if (open()) {
            answered = true;
            response.setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, SSE)
                    .putHeader(HttpHeaders.CACHE_CONTROL, NO_CACHE)
                    .putHeader(ACCEL, NO);
            stream.begin();
        }
        return stream;
    }

    @Override
    public void onGone(Runnable task) {
        if (gone == null) {
            response.closeHandler(_ -> left());
            response.exceptionHandler(_ -> left());
        }
        gone = task;
        if (response.closed() && !response.ended()) {
            left();
        }
    }

    private void left() {
        var task = gone;
        gone = null;
        if (task != null && !response.ended()) {
            task.run();
        }
    }

    private boolean open() {
        return !answered && !response.ended() && !response.closed() && !response.headWritten();
    }
}
