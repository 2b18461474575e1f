package smcp.modern;

import io.vertx.core.internal.ContextInternal;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Account;
import smcp.contract.Account.Outcome;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.Patience;
import smcp.contract.Reply;
import smcp.contract.TenantCall;
import smcp.protocol.Frames;
import smcp.protocol.Json;
import smcp.protocol.ResultParts;
import smcp.protocol.ResultParts.Hints;

/**
 * Brings what a tenant says to a modern client: one JSON object if the answer is the first thing it says, otherwise, or after a while of silence, a stream that ends with the answer. The client's going away
 * is a cancellation. Engine threads call {@link #accept}; all else happens on the reply's context.
 */
final class ModernAnswer extends Patience.Waiting implements CallSink {
    private static final Logger log = LoggerFactory.getLogger(ModernAnswer.class);
    /** Codes that the modern revision must not send, as it knows them: the legacy "resource not found" and "URL elicitation required" (digest §13). */
    private static final Map<Integer, Integer> LEGACY_CODES =
            Map.of(-32002, Kind.INVALID_PARAMS.rpcCode(), -32042, Kind.INTERNAL.rpcCode());

    /** What the answer needs of its surroundings. */
    record Tools(
            Patience patience,
            Patience coldPatience,
            Account account,
            Rounding rounding,
            Json serverInfo,
            Hints hints) {}

    /** Turns an {@code input_required} result into what the client may see; hears the result or the fault. */
    interface Rounding {
        void seal(Call call, ResultParts asked, Json result, Consumer<Json> sealed, Consumer<Fault> failed);
    }

    private final Call call;
    private final Json id;
    private final Reply reply;
    private final Tools tools;
    private final long receivedNanos;
    private final ContextInternal context;
    private Reply.@Nullable EventStream stream;
    private TenantCall.@Nullable Running running;
    private boolean over;

    ModernAnswer(Call call, Json id, Reply reply, Tools tools, long receivedNanos) {
        this.call = call;
        this.id = id;
        this.reply = reply;
        this.tools = tools;
        this.receivedNanos = receivedNanos;
        this.context = (ContextInternal) reply.context();
    }

    /** Starts the call; on the reply's context. */
    void start(TenantCall route) {
        tools.coldPatience().await(this);
        reply.onGone(this::gone);
        if (over) {
            // it went while its request was being looked at
            return;
        }
        var started = route.start(call, this);
        running = over ? null : started;
    }

    @Override
    public void accept(CallEvent event) {
        context.execute(event, this::hear);
    }

    private void hear(CallEvent event) {
        if (over) {
            return;
        }
        switch (event) {
            case CallEvent.Notice notice -> notice(notice);
            case CallEvent.Begun _ -> begun();
            case CallEvent.CloseStream _ -> {
                // polling belongs to 2025-11-25; here a closed stream is a cancelled call
            }
            case CallEvent.Result result -> result(result.result());
            case CallEvent.Failed failed -> failed(failed);
            case CallEvent.Broken broken -> broken(broken.fault());
        }
    }

    /** While a tenant wakes nothing can be known about the answer, its status included; so the silence is counted from when the tenant has the call. */
    private void begun() {
        if (stream == null) {
            tools.patience().await(this);
        }
    }

    @Override
    protected void overdue() {
        if (!over && stream == null) {
            stream = reply.stream();
        }
    }

    private void notice(CallEvent.Notice notice) {
        // a client that does not read loses its connection (the stream sees to that), and with it the call
        open().event(null, Frames.notification(notice.method(), notice.params()));
    }

    private Reply.EventStream open() {
        var open = stream;
        if (open == null) {
            stopWaiting();
            open = reply.stream();
            stream = open;
        }
        return open;
    }

    private void result(Json result) {
        ResultParts parts;
        try {
            parts = ResultParts.of(result);
        } catch (IllegalArgumentException e) {
            broken(new Fault(Kind.TENANT_PROTOCOL, "the tenant's server sent a result that is not an object"));
            return;
        }
        if ("input_required".equals(parts.type())) {
            tools.rounding().seal(call, parts, result, this::asked, this::broken);
            return;
        }
        answered(parts.stamped(tools.serverInfo(), tools.hints()), Outcome.COMPLETE);
    }

    private void asked(Json sealed) {
        answered(ResultParts.of(sealed).stamped(tools.serverInfo(), Hints.NONE), Outcome.INPUT_REQUIRED);
    }

    private void answered(Json stamped, Outcome outcome) {
        if (over) {
            return;
        }
        if (stream == null) {
            end(outcome, null);
            reply.result(id, stamped);
        } else {
            endStream(Frames.result(id, stamped), outcome, null);
        }
    }

    private void failed(CallEvent.Failed failed) {
        var data = failed.data();
        // the status is decided by the code, also when it is the tenant that found something missing (digest §3.3)
        if (failed.code() == Kind.CAPABILITY_MISSING.rpcCode()) {
            broken(Fault.withData(Kind.CAPABILITY_MISSING, failed.message(), data == null ? "{}" : data.text()));
            return;
        }
        if (failed.code() == Kind.METHOD_NOT_FOUND.rpcCode()) {
            broken(
                    data == null
                            ? new Fault(Kind.METHOD_NOT_FOUND, failed.message())
                            : Fault.withData(Kind.METHOD_NOT_FOUND, failed.message(), data.text()));
            return;
        }
        var code = LEGACY_CODES.getOrDefault(failed.code(), failed.code());
        if (stream == null) {
            end(Outcome.PROTOCOL_ERROR, null);
            reply.failed(id, code, failed.message(), data);
        } else {
            endStream(Frames.error(id, code, failed.message(), data), Outcome.PROTOCOL_ERROR, null);
        }
    }

    private void broken(Fault fault) {
        if (over) {
            return;
        }
        if (stream == null) {
            end(Outcome.BROKEN, fault);
            reply.fault(id, fault);
        } else {
            var data = fault.dataJson();
            if (fault.kind() == Kind.INTERNAL) {
                log.atError()
                        .addKeyValue("tenant", call.version())
                        .setCause(fault)
                        .log("a call broke the edge");
            }
            endStream(
                    Frames.error(id, fault.kind().rpcCode(), fault.message(), data == null ? null : Json.of(data)),
                    Outcome.BROKEN,
                    fault);
        }
    }

    private void endStream(Json frame, Outcome outcome, @Nullable Fault fault) {
        var open = open();
        end(outcome, fault);
        open.event(null, frame);
        open.end();
    }

    private void end(Outcome outcome, @Nullable Fault fault) {
        over = true;
        running = null;
        stopWaiting();
        tools.account().ended(call, outcome, fault, System.nanoTime() - receivedNanos);
    }

    /** The client closed the connection: that is how it cancels (MCP 2026-07-28, Transports). */
    private void gone() {
        if (over) {
            return;
        }
        var cancelled = running;
        end(Outcome.CANCELLED, null);
        if (cancelled != null) {
            cancelled.cancel("the client closed the connection");
        }
    }
}
