package smcp.engine;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.ChangeLog;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.protocol.EngineLine;
import smcp.protocol.Json;
import smcp.protocol.Method;

/**
 * A version's code in a process of its own. Calls are put into the {@link Outbox} by whoever makes them; what comes back reaches their sinks straight from the thread that reads. No method waits for the process.
 */
final class ProcessEngine implements Engine, Inbound.Effects, InFlight.Owner {
    private static final Logger log = LoggerFactory.getLogger(ProcessEngine.class);
    /** Questions of the platform itself beside the calls. */
    private static final int ASKS = 16;
    /** For a process that let a call's time go by to answer a question of ours. */
    private static final Duration REACTION = Duration.ofSeconds(2);

    /** What V8 says before it aborts, which the process table shows as a signal. */
    private static final String HEAP_FULL = "JavaScript heap out of memory";

    private static final String ABORTED = "was ended by signal 6";

    private enum Phase {
        NEW,
        STARTING,
        RUNNING,
        OVER
    }

    private final EngineFactory.Spec spec;
    private final Told told;
    private final HostCalls host;
    private final CallTable calls;
    private final Deadlines deadlines;
    private final Outbox outbox = new Outbox(ProcessEngine::afterReading);
    private final Child child;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
    private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
    /** A question whether the process still reacts is under way. */
    private final AtomicBoolean testing = new AtomicBoolean();

    private volatile boolean heapFull;

    ProcessEngine(EngineFactory.Spec spec, Listener listener, Launcher launcher, Command command, HostCalls host) {
        this.spec = spec;
        this.host = host;
        told = new Told(listener);
        var limits = spec.limits();
        calls = new CallTable(limits.concurrency() + limits.queue() + ASKS);
        deadlines = new Deadlines(calls, limits, this::test);
        var inbound = new Inbound(calls, limits, this);
        child = new Child(launcher, command, spec.pool(), outbox, inbound::line, this::printed, this::over);
    }

    /** On an event loop: once it has dealt with everything it has read. Elsewhere: now. */
    private static void afterReading(Runnable task) {
        var context = ContextInternal.current();
        if (context != null && context.isEventLoopContext() && context.inThread()) {
            context.nettyEventLoop().execute(task);
        } else {
            task.run();
        }
    }

    @Override
    public Future<Void> start() {
        if (!phase.compareAndSet(Phase.NEW, Phase.STARTING)) {
            return Future.failedFuture(new IllegalStateException("an engine is started once"));
        }
        var _ = outbox.put(LinkMessages.start(spec.root(), spec.manifest()));
        child.start();
        var limit = spec.limits().startTimeout();
        var late = EngineTimer.after(
                limit,
                () -> startFailed(
                        "did not answer smcp/start within limits.startTimeoutMs (" + limit.toMillis() + " ms)"));
        var _ = started.whenComplete((_, _) -> late.cancel(false));
        return home(started).mapEmpty();
    }

    @Override
    public void started(EngineLine answer) {
        if (answer.isError()) {
            startFailed("does not start: " + answer.errorMessage());
        } else if (phase.compareAndSet(Phase.STARTING, Phase.RUNNING)) {
            started.complete(null);
        }
    }

    private void startFailed(String why) {
        child.kill(Shorten.to(4000, why));
    }

    @Override
    public Running start(Call call, CallSink sink) {
        var inFlight = new InFlight(call.method(), call, call.deadlineNanos(), sink, this);
        if (!accept(inFlight)) {
            return Running.ENDED;
        }
        if (!outbox.put(LinkMessages.request(inFlight.id(), call)) && calls.remove(inFlight)) {
            refuse(inFlight, "more than " + Outbox.MOST + " bytes wait to be read by the tenant's server");
            return Running.ENDED;
        }
        return inFlight;
    }

    @Override
    public Future<Json> ask(Method method) {
        var answer = new CompletableFuture<Json>();
        var deadline = System.nanoTime() + spec.limits().startTimeout().toNanos();
        var inFlight = new InFlight(method, null, deadline, event -> answered(answer, event), this);
        if (accept(inFlight) && !outbox.put(LinkMessages.ask(inFlight.id(), method)) && calls.remove(inFlight)) {
            refuse(inFlight, "more than " + Outbox.MOST + " bytes wait to be read by the tenant's server");
        }
        return home(answer);
    }

    static void answered(CompletableFuture<Json> answer, CallEvent event) {
        switch (event) {
            case CallEvent.Result result -> answer.complete(result.result());
            case CallEvent.Failed failed ->
                answer.completeExceptionally(new Fault(
                        Kind.TENANT_BROKEN, "error " + failed.code() + ": " + Shorten.to(4000, failed.message())));
            case CallEvent.Broken broken -> answer.completeExceptionally(broken.fault());
            case CallEvent.Begun _, CallEvent.Notice _, CallEvent.CloseStream _ -> {}
        }
    }

    /** A call's time went by. It may have been slow, or its code may be in a loop that leaves nobody else a turn, for ever: only a process that answers at all is worth keeping. */
    private void test() {
        if (testing.compareAndSet(false, true)) {
            var deadline = System.nanoTime() + REACTION.toNanos();
            var question = new InFlight(Method.DISCOVER, null, deadline, this::tested, this);
            if (accept(question)) {
                // a process that reads nothing has no room for it either, and will not answer in time
                var _ = outbox.putBeyond(LinkMessages.ask(question.id(), Method.DISCOVER));
            }
        }
    }

    private void tested(CallEvent event) {
        testing.set(false);
        if (event instanceof CallEvent.Broken broken && broken.fault().kind() == Kind.TIMEOUT) {
            child.kill("did not react for " + REACTION.toSeconds()
                    + " s after a call had taken longer than limits.callTimeoutMs ("
                    + spec.limits().callTimeout().toMillis() + " ms)");
        }
    }

    /** Puts the call into the table; if it cannot, the call has ended. */
    private boolean accept(InFlight call) {
        var limits = spec.limits();
        if (!calls.add(call, limits.concurrency() + limits.queue() + (call.call == null ? ASKS : 0))) {
            refuse(
                    call,
                    "limits.concurrency (" + limits.concurrency() + ") and limits.queue (" + limits.queue()
                            + ") are used up");
            return false;
        }
        // after the entry: whoever ends the engine changes the phase first and then sweeps the table
        if (phase.get() != Phase.RUNNING) {
            if (calls.remove(call)) {
                var _ = call.end(
                        new CallEvent.Broken(new Fault(Kind.NOT_DEPLOYED, "the tenant's engine is not running")));
            }
            return false;
        }
        deadlines.watch();
        return true;
    }

    private static void refuse(InFlight call, String why) {
        var _ = call.end(new CallEvent.Broken(new Fault(Kind.OVERLOADED, "too many calls: " + why)));
    }

    @Override
    public void givenUp(InFlight call, String reason) {
        if (calls.remove(call)) {
            // if even the reserve is full the process reads nothing, and will not miss it
            var _ = outbox.putBeyond(LinkMessages.cancelled(call.id(), reason));
        }
    }

    @Override
    public void changed(ChangeLog.Kind kind, String uri) {
        told.changed(kind, uri);
    }

    @Override
    public void asked(EngineLine request) {
        var id = request.id();
        if (id == null) {
            return;
        }
        host.serve(request, new HostCalls.Answer() {
            @Override
            public void result(Json result) {
                var _ = outbox.putBeyond(LinkMessages.answer(id, result));
            }

            @Override
            public void failed(int code, String message) {
                var _ = outbox.putBeyond(LinkMessages.refusal(id, code, message));
            }
        });
    }

    @Override
    public void doomed(String why) {
        child.kill(why);
    }

    private void printed(String line) {
        // the last words of V8 before it aborts: "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap
        // out of memory"
        if (line.startsWith("FATAL ERROR: ") && line.endsWith(HEAP_FULL)) {
            heapFull = true;
        }
        told.printed(line);
    }

    /** The process is gone, and this is why. */
    private void over(String how) {
        var why = heapFull && how.equals(ABORTED) ? "ran out of memory (" + HEAP_FULL + ")" : how;
        var before = phase.getAndSet(Phase.OVER);
        outbox.close();
        sweep(why);
        if (before == Phase.STARTING) {
            var fault = new Fault(Kind.TENANT_BROKEN, "the tenant's server " + why);
            // the caller is told when nothing is left
            var _ = child.gone().thenRun(() -> started.completeExceptionally(fault));
        } else if (before == Phase.RUNNING) {
            log.atWarn()
                    .addKeyValue("tenant", spec.version())
                    .addKeyValue("reason", why)
                    .log("engine lost");
            told.lost(new Fault(Kind.ENGINE_LOST, "the tenant's server " + why));
        }
    }

    private void sweep(String why) {
        var fault = new Fault(Kind.ENGINE_LOST, "the tenant's server " + why);
        calls.forEach(call -> {
            if (calls.remove(call)) {
                var _ = call.end(new CallEvent.Broken(fault));
            }
        });
    }

    @Override
    public Future<Void> close() {
        told.close();
        var before = phase.getAndSet(Phase.OVER);
        sweep("was stopped");
        if (before == Phase.NEW) {
            child.neverStarted();
        } else {
            child.stop();
        }
        if (before == Phase.STARTING) {
            var _ = child.gone()
                    .thenRun(() -> started.completeExceptionally(
                            new Fault(Kind.TENANT_BROKEN, "the engine was closed while it started")));
        }
        return home(child.gone()).mapEmpty();
    }

    /** Futures end on the context of who asked, not on a thread of the engine. */
    private <T extends @Nullable Object> Future<T> home(CompletableFuture<T> here) {
        return Future.fromCompletionStage(here, spec.vertx().getOrCreateContext());
    }
}
