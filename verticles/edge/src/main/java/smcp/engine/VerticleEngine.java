package smcp.engine;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.api.ListKind;
import smcp.api.ServerInfo;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.ChangeLog;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.runner.CatalogueList;
import smcp.runner.Outbound;
import smcp.runner.Runner;
import smcp.runner.StartFailure;
import smcp.runner.StartRequest;

/**
 * A version's code inside the node. Its calls end in time for the client, but a thread in the JVM cannot be ended: one that does not heed its interrupt stays busy, counts against the tenant's concurrency for as long, and is
 * reported. Code the operator does not sign for has no business here.
 */
final class VerticleEngine implements Engine, Outbound, VerticleCall.Desk {
    private static final Logger log = LoggerFactory.getLogger(VerticleEngine.class);
    /** After a call was given up, until its thread counts as lost. */
    private static final Duration HINT = Duration.ofSeconds(1);
    /** For tenant code to leave when the engine closes. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int TRACE_LINES = 40;

    private enum Phase {
        NEW,
        STARTING,
        RUNNING,
        OVER
    }

    private final EngineFactory.Spec spec;
    private final Told told;
    private final CallTable calls;
    private final Deadlines deadlines;
    private final int threads;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
    /** Executions whose thread is busy or that wait for one. */
    private final AtomicInteger busy = new AtomicInteger();
    /** Of those, the ones whose thread is lost until their code ends. */
    private final AtomicInteger stuck = new AtomicInteger();

    private final CompletableFuture<@Nullable Void> started = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();
    private final AtomicReference<@Nullable Thread> starter = new AtomicReference<>();
    private volatile @Nullable Runner runner;
    private volatile @Nullable TenantLoader loader;

    VerticleEngine(EngineFactory.Spec spec, Listener listener, int threads) {
        this.spec = spec;
        this.threads = threads;
        told = new Told(listener);
        var limits = spec.limits();
        calls = new CallTable(limits.concurrency() + limits.queue());
        deadlines = new Deadlines(calls, limits, () -> {});
    }

    @Override
    public Future<Void> start() {
        if (!phase.compareAndSet(Phase.NEW, Phase.STARTING)) {
            return Future.failedFuture(new IllegalStateException("an engine is started once"));
        }
        var limit = spec.limits().startTimeout();
        var late = EngineTimer.after(
                limit, () -> startFailed("did not start within limits.startTimeoutMs (" + limit.toMillis() + " ms)"));
        try {
            spec.pool().execute(this::load);
        } catch (RejectedExecutionException e) {
            startFailed("found no thread in its worker pool");
        }
        var _ = started.whenComplete((_, _) -> late.cancel(false));
        return home(started).mapEmpty();
    }

    private void load() {
        starter.set(Thread.currentThread());
        try {
            var opened = TenantLoader.of(spec.version(), spec.root());
            loader = opened;
            var manifest = spec.manifest();
            var info = new ServerInfo(manifest.name(), manifest.version(), manifest.title());
            runner = Runner.start(opened, new StartRequest(manifest.entry(), info, manifest.instructions()), this);
            if (phase.compareAndSet(Phase.STARTING, Phase.RUNNING)) {
                started.complete(null);
            }
        } catch (StartFailure | IOException e) {
            startFailed("does not start: " + Shorten.to(4000, e.getMessage()));
        } finally {
            starter.set(null);
            var _ = Thread.interrupted();
            if (phase.get() == Phase.OVER) {
                release();
            }
        }
    }

    private void startFailed(String why) {
        if (phase.compareAndSet(Phase.STARTING, Phase.OVER)) {
            var thread = starter.get();
            if (thread != null && thread != Thread.currentThread()) {
                thread.interrupt();
            }
            told.close();
            started.completeExceptionally(new Fault(Kind.TENANT_BROKEN, "the tenant's server " + why));
        }
    }

    @Override
    public Running start(Call call, CallSink sink) {
        var one = new VerticleCall(call, sink, spec.limits(), this);
        if (!accept(one)) {
            return Running.ENDED;
        }
        var running = runner;
        if (running == null) {
            drop(one, new Fault(Kind.NOT_DEPLOYED, "the tenant's engine is not running"));
            left(one);
            return Running.ENDED;
        }
        one.bind(running);
        if (call.method() == Method.TOOLS_CALL && running.inline(call.name())) {
            one.run();
            return Running.ENDED;
        }
        try {
            spec.pool().execute(one);
        } catch (RejectedExecutionException e) {
            drop(one, new Fault(Kind.NOT_DEPLOYED, "the tenant's engine is not running"));
            left(one);
        }
        return one.inFlight;
    }

    private boolean accept(VerticleCall call) {
        var limits = spec.limits();
        // what was given up and has not left counts, or the pool's queue would have no bound
        if (busy.incrementAndGet() > limits.concurrency() + limits.queue()
                || !calls.add(call.inFlight, Integer.MAX_VALUE)) {
            refuse(
                    call,
                    "limits.concurrency (" + limits.concurrency() + ") and limits.queue (" + limits.queue()
                            + ") are used up");
            return false;
        }
        if (stuck.get() >= threads) {
            refuse(call, "each of the " + threads + " threads is busy with a call that ended but whose code runs on");
            return false;
        }
        // after the entry: whoever ends the engine changes the phase first and then sweeps the table
        if (phase.get() != Phase.RUNNING) {
            drop(call, new Fault(Kind.NOT_DEPLOYED, "the tenant's engine is not running"));
            left(call);
            return false;
        }
        deadlines.watch();
        return true;
    }

    private void refuse(VerticleCall call, String why) {
        drop(call, new Fault(Kind.OVERLOADED, "too many calls: " + why));
        left(call);
    }

    private void drop(VerticleCall call, Fault fault) {
        var _ = calls.remove(call.inFlight);
        var _ = call.inFlight.end(new CallEvent.Broken(fault));
    }

    @Override
    public Future<Json> ask(Method method) {
        var running = runner;
        if (phase.get() != Phase.RUNNING || running == null) {
            return Future.failedFuture(new Fault(Kind.NOT_DEPLOYED, "the tenant's engine is not running"));
        }
        if (method == Method.DISCOVER) {
            return Future.succeededFuture(Json.of(running.discover()));
        }
        for (var list : CatalogueList.values()) {
            if (list.method().equals(method.wire()) && running.serves(method.wire())) {
                return Future.succeededFuture(Json.of(running.list(list)));
            }
        }
        return Future.failedFuture(new Fault(Kind.TENANT_BROKEN, "error -32601: Method not found: " + method.wire()));
    }

    @Override
    public void ended(VerticleCall call) {
        var _ = calls.remove(call.inFlight);
    }

    @Override
    public void abandoned(VerticleCall call) {
        var _ = calls.remove(call.inFlight);
        // cancel hooks are tenant code: neither a timer nor an event loop may wait for them
        Thread.ofVirtual().name("smcp-engine-cancel").start(call::signal);
        EngineTimer.after(HINT, () -> hint(call));
    }

    private void hint(VerticleCall call) {
        // counted first, so that it cannot be taken off before
        var lost = stuck.incrementAndGet();
        if (call.stuck()) {
            told.printed(call.what() + " does not heed its cancellation: its thread stays busy (" + lost + " of "
                    + threads + ")");
        } else {
            stuck.decrementAndGet();
        }
    }

    @Override
    public void left(VerticleCall call) {
        if (call.leave()) {
            stuck.decrementAndGet();
        }
        if (busy.decrementAndGet() == 0 && phase.get() == Phase.OVER) {
            release();
        }
    }

    @Override
    public void listChanged(ListKind kind) {
        told.changed(
                switch (kind) {
                    case TOOLS -> ChangeLog.Kind.TOOLS;
                    case PROMPTS -> ChangeLog.Kind.PROMPTS;
                    case RESOURCES -> ChangeLog.Kind.RESOURCES;
                },
                "");
    }

    @Override
    public void resourceUpdated(String uri) {
        told.changed(ChangeLog.Kind.RESOURCE, uri);
    }

    @Override
    public void tenantFailed(String what, Throwable cause) {
        var trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        told.printed(Shorten.to(Printed.LONGEST, what + " failed"));
        trace.toString().lines().limit(TRACE_LINES).forEach(line -> told.printed(Shorten.to(Printed.LONGEST, line)));
    }

    @Override
    public Future<Void> close() {
        told.close();
        var before = phase.getAndSet(Phase.OVER);
        started.completeExceptionally(new Fault(Kind.TENANT_BROKEN, "the engine was closed while it started"));
        var fault = new Fault(Kind.ENGINE_LOST, "the tenant's server was stopped");
        calls.forEach(call -> call.breakOff(fault));
        if (before == Phase.STARTING) {
            var thread = starter.get();
            if (thread != null) {
                thread.interrupt();
            }
        } else if (busy.get() == 0) {
            release();
        }
        var patience = EngineTimer.after(PATIENCE, this::abandon);
        var _ = gone.thenRun(() -> patience.cancel(false));
        return home(gone).mapEmpty();
    }

    private void abandon() {
        if (gone.isDone()) {
            return;
        }
        log.atWarn()
                .addKeyValue("tenant", spec.version())
                .addKeyValue("calls", busy.get())
                .log("code of a tenant runs on after its engine was closed");
        closeLoader();
        gone.complete(null);
    }

    /** Closes what the tenant was made of; on a thread of its own, because the tenant's own close runs there. */
    private void release() {
        Thread.ofVirtual().name("smcp-engine-close").start(() -> {
            var running = runner;
            runner = null;
            if (running != null) {
                running.close();
            }
            closeLoader();
            gone.complete(null);
        });
    }

    /** Null before the start and after the end. */
    @Nullable
    TenantLoader loader() {
        return loader;
    }

    private void closeLoader() {
        var open = loader;
        loader = null;
        if (open == null) {
            return;
        }
        try {
            open.close();
        } catch (IOException e) {
            log.atWarn().addKeyValue("tenant", spec.version()).setCause(e).log("a package could not be closed");
        }
    }

    /** Futures end on the context of who asked, not on a thread of the engine. */
    private <T extends @Nullable Object> Future<T> home(CompletableFuture<T> here) {
        return Future.fromCompletionStage(here, spec.vertx().getOrCreateContext());
    }
}
