package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Account.Outcome;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.Patience;
import smcp.contract.Reply;
import smcp.contract.Seal;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.TenantCall;
import smcp.protocol.Frames;
import smcp.protocol.Json;
import smcp.protocol.ResultParts;

/**
 * One round of a legacy call. JSON if the tenant's first word is the answer, otherwise a stream with a log, which outlives the connection: a client that goes away has not cancelled anything (digest §3.2). Engine
 * threads call {@link #accept}; all else happens on one context.
 */
final class LegacyRun extends Patience.Waiting implements CallSink, Runs.Run {
    private static final Logger log = LoggerFactory.getLogger(LegacyRun.class);

    final Call call;
    final Json requestId;
    final SessionKey session;
    private final LegacyCalls calls;
    private final ContextInternal context;
    private final long beganNanos;
    /** The connection the first round came on; later rounds have only the stream. */
    private final @Nullable Reply reply;

    final Seal.@Nullable Chain chain;
    private @Nullable StreamWriter writer;
    private TenantCall.@Nullable Running running;
    private boolean over;

    LegacyRun(
            Call call,
            Json requestId,
            SessionKey session,
            LegacyCalls calls,
            ContextInternal context,
            @Nullable Reply reply,
            @Nullable StreamWriter writer,
            Seal.@Nullable Chain chain) {
        this.call = call;
        this.requestId = requestId;
        this.session = session;
        this.calls = calls;
        this.context = context;
        this.reply = reply;
        this.writer = writer;
        this.chain = chain;
        this.beganNanos = System.nanoTime();
    }

    void start() {
        if (writer == null) {
            calls.patience().await(this);
        }
        var started = calls.steps().route().start(call, this);
        running = over ? null : started;
    }

    @Override
    public void accept(CallEvent event) {
        context.emit(event, this::hear);
    }

    private void hear(CallEvent event) {
        if (over) {
            return;
        }
        switch (event) {
            case CallEvent.Begun _ -> {
                // a legacy answer has one status whatever comes, so it may become a stream at any time
            }
            case CallEvent.Notice notice -> notice(notice);
            case CallEvent.CloseStream close -> closeForPolling(close.retry().toMillis());
            case CallEvent.Result result -> result(result.result());
            case CallEvent.Failed failed -> failed(failed);
            case CallEvent.Broken broken -> broken(broken.fault());
        }
    }

    private void notice(CallEvent.Notice notice) {
        // a frame that cannot be written ends the call by itself
        var _ = write(Frames.notification(notice.method(), notice.params()));
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
            over = true;
            stopWaiting();
            account(Outcome.INPUT_REQUIRED, null);
            calls.ask(this, parts);
        } else {
            complete(parts.legacy());
        }
    }

    private void failed(CallEvent.Failed failed) {
        var told = LegacyErrors.of(call.method(), failed.code(), failed.message(), failed.data(), call.name());
        if (told.asToolError()) {
            complete(LegacyErrors.toolError(told.message()));
            return;
        }
        end(Outcome.PROTOCOL_ERROR, null);
        if (writer == null && reply != null) {
            reply.failed(requestId, told.code(), told.message(), told.data());
        } else {
            last(Frames.error(requestId, told.code(), told.message(), told.data()));
        }
    }

    /** Ends the call with this result. */
    void complete(Json result) {
        end(Outcome.COMPLETE, null);
        if (writer == null && reply != null) {
            reply.result(requestId, result);
        } else {
            last(Frames.result(requestId, result));
        }
    }

    /** Ends the call with this failure of the platform's. */
    void broken(Fault fault) {
        end(Outcome.BROKEN, fault);
        if (fault.kind() == Kind.INTERNAL && writer != null) {
            log.atError().addKeyValue("tenant", call.version()).setCause(fault).log("a call broke the edge");
        }
        if (writer == null && reply != null) {
            reply.fault(requestId, fault);
        } else {
            last(Frames.error(requestId, fault.kind().rpcCode(), fault.message(), null));
        }
    }

    /** True when the call has ended, or waits for its client. */
    boolean over() {
        return over;
    }

    ContextInternal context() {
        return context;
    }

    /** Runs {@code task} on this call's context. */
    void execute(Runnable task) {
        context.execute(task);
    }

    @Override
    protected void overdue() {
        if (!over) {
            var _ = stream();
        }
    }

    /** The stream of this call; opened if there is none yet. */
    StreamWriter stream() {
        var open = writer;
        if (open == null) {
            stopWaiting();
            open = calls.openStream(this, reply);
            writer = open;
        }
        return open;
    }

    /** Writes a frame; if the log cannot take it, the call has no way to answer and ends. */
    Future<Void> write(Json frame) {
        return stream().write(frame).onFailure(cause -> context.execute(() -> unwritable(cause)));
    }

    private void unwritable(Throwable cause) {
        log.atWarn()
                .addKeyValue("tenant", call.version())
                .setCause(cause)
                .log("a stream's log could not be written; its call ends");
        calls.lost(stream());
        cancelRunning("the answer could not be written");
    }

    private void last(Json frame) {
        write(frame)
                .compose(_ -> stream().end())
                .onFailure(cause -> log.atDebug().setCause(cause).log("a stream did not end in order"));
    }

    private void closeForPolling(long retryMillis) {
        if (!calls.polls(call)) {
            return;
        }
        var open = stream();
        open.settled().onSuccess(_ -> calls.closeForPolling(open, retryMillis));
    }

    @Override
    public void cancelled(String reason) {
        context.execute(() -> cancelRunning(reason));
    }

    private void cancelRunning(String reason) {
        if (over) {
            return;
        }
        var cancelled = running;
        end(Outcome.CANCELLED, null);
        if (cancelled != null) {
            cancelled.cancel(reason);
        }
        // no response to a cancelled request (digest §9.7): the connection just ends
        if (writer != null) {
            writer.end().onFailure(cause -> log.atDebug().setCause(cause).log("a stream did not end in order"));
        } else if (reply != null) {
            reply.stream().end();
        }
    }

    private void end(Outcome outcome, @Nullable Fault fault) {
        if (!over) {
            account(outcome, fault);
        }
        over = true;
        running = null;
        stopWaiting();
        calls.runs().end(Runs.Key.of(session, requestId));
    }

    private void account(Outcome outcome, @Nullable Fault fault) {
        calls.steps().account().ended(call, outcome, fault, System.nanoTime() - beganNanos);
    }
}
