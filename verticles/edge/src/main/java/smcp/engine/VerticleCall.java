package smcp.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.protocol.Json;
import smcp.protocol.Splice;
import smcp.runner.Execution;
import smcp.runner.Runner;
import smcp.runner.RunnerReply;
import smcp.tenant.Limits;

/** One call that runs inside the node: what the runner says becomes events, within the tenant's limits. */
final class VerticleCall implements RunnerReply, InFlight.Owner, Runnable {
    /** Told of calls as they come and go. */
    interface Desk {
        /** The call has ended; its thread may still be busy. */
        void ended(VerticleCall call);

        /** The call was given up: it has ended, and tenant code is to be told. */
        void abandoned(VerticleCall call);

        /** Its thread is free. */
        void left(VerticleCall call);
    }

    /** What the call is to the pool. */
    private enum Hold {
        WAITING,
        RUNNING,
        /** Running, though it was given up long enough ago. */
        STUCK,
        LEFT
    }

    final InFlight inFlight;
    private final Call call;
    private final Limits limits;
    private final Desk desk;
    private volatile @Nullable Execution execution;
    private final AtomicReference<Hold> hold = new AtomicReference<>(Hold.WAITING);

    VerticleCall(Call call, CallSink sink, Limits limits, Desk desk) {
        this.call = call;
        this.limits = limits;
        this.desk = desk;
        inFlight = new InFlight(call.method(), call, call.deadlineNanos(), sink, this);
    }

    /** To be called before {@link #run}, once the call has its number. */
    void bind(Runner runner) {
        execution = runner.call(new VerticleRequest(inFlight, call), this);
    }

    @Override
    public void run() {
        try {
            var bound = execution;
            hold.set(Hold.RUNNING);
            if (bound != null) {
                bound.run();
            }
        } finally {
            execution = null;
            end(new CallEvent.Broken(new Fault(Kind.TENANT_BROKEN, "the tool ended without an answer")));
            desk.left(this);
        }
    }

    /** Tells tenant code that nobody waits. Its cancel hooks run here. */
    void signal() {
        var bound = execution;
        if (bound != null) {
            bound.cancel(Execution.OnCancel.INTERRUPT);
        }
    }

    /** Its thread is busy for nobody; false if it has none. */
    boolean stuck() {
        return hold.compareAndSet(Hold.RUNNING, Hold.STUCK);
    }

    /** Its thread is free; true if it was stuck. */
    boolean leave() {
        return hold.getAndSet(Hold.LEFT) == Hold.STUCK;
    }

    String what() {
        return call.method().wire() + " " + Shorten.to(200, call.name());
    }

    @Override
    public void givenUp(InFlight ended, String reason) {
        desk.abandoned(this);
    }

    @Override
    public void progress(double progress, @Nullable Double total, @Nullable String message) {
        var token = call.progressToken();
        if (token == null || !inFlight.progressed(progress)) {
            return;
        }
        var out = new Splice(160)
                .put(ascii("{\"progressToken\":"))
                .put(token)
                .put(ascii(",\"progress\":" + number(progress)));
        if (total != null && Double.isFinite(total)) {
            out.put(ascii(",\"total\":" + number(total)));
        }
        if (message != null) {
            out.put(ascii(",\"message\":")).putString(message);
        }
        notice("notifications/progress", out.put('}').json());
    }

    @Override
    public void log(String level, @Nullable String logger, byte[] dataJson) {
        var out = new Splice(96 + dataJson.length).put(ascii("{\"level\":")).putString(level);
        if (logger != null) {
            out.put(ascii(",\"logger\":")).putString(logger);
        }
        notice(
                "notifications/message",
                out.put(ascii(",\"data\":")).put(dataJson).put('}').json());
    }

    @Override
    public void closeStream(long retryMs) {
        give(new CallEvent.CloseStream(Duration.ofMillis(retryMs)));
    }

    @Override
    public void complete(byte[] resultJson) {
        result(Json.of(resultJson));
    }

    @Override
    public void inputRequired(byte[] inputRequestsJson, @Nullable String state) {
        var out = new Splice(96 + inputRequestsJson.length)
                .put(ascii("{\"resultType\":\"input_required\",\"inputRequests\":"))
                .put(inputRequestsJson);
        if (state != null) {
            out.put(ascii(",\"requestState\":")).putString(state);
        }
        result(out.put('}').json());
    }

    @Override
    public void failed(int code, String message, byte @Nullable [] dataJson) {
        end(new CallEvent.Failed(code, message, dataJson == null ? null : Json.of(dataJson)));
    }

    private void result(Json result) {
        if (result.length() > limits.responseBytes()) {
            end(new CallEvent.Broken(tooLong(result.length())));
        } else {
            call.used().addResponseBytes(result.length());
            end(new CallEvent.Result(result));
        }
    }

    private void end(CallEvent.End event) {
        if (inFlight.end(event)) {
            desk.ended(this);
        }
    }

    private void notice(String method, Json params) {
        if (params.length() > limits.responseBytes()) {
            inFlight.breakOff(tooLong(params.length()));
        } else {
            give(new CallEvent.Notice(method, params));
        }
    }

    private void give(CallEvent event) {
        if (inFlight.notice(event, limits.notices()) == InFlight.Noticed.OVER) {
            inFlight.breakOff(new Fault(
                    Kind.LIMIT, "the call sent more notifications than limits.notices (" + limits.notices() + ")"));
        }
    }

    private Fault tooLong(int length) {
        return new Fault(
                Kind.LIMIT,
                "the tenant's server sent " + length + " bytes in one frame, more than limits.responseBytes ("
                        + limits.responseBytes() + ")");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
