package smcp.runtime;

import java.util.concurrent.atomic.AtomicReference;
import smcp.bus.Fault;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;

/** A call that a version has taken on: waiting for its place, running, or over. It gives its place back exactly once, however it ends. */
final class Admitted implements CallSink, TenantCall.Running {
    private enum Phase {
        WAITING,
        RUNNING,
        OVER
    }

    /** Takes the place of a call back. */
    interface Release {
        /**
         * @param answered the tenant itself ended the call, so it works
         * @param nanos that the tenant worked on it; 0 if it never got it
         */
        void released(boolean answered, long nanos);
    }

    final Call call;
    private final CallSink out;
    private final Release release;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    private volatile TenantCall.Running running = TenantCall.Running.ENDED;
    private volatile long beganNanos;

    /** @param release gives back the place of a call that was running */
    Admitted(Call call, CallSink out, Release release) {
        this.call = call;
        this.out = out;
        this.release = release;
    }

    /** Hands the call to the engine, unless it was cancelled while it waited; then the place is free again. */
    void run(TenantCall engine) {
        if (!phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
            release.released(false, 0);
            return;
        }
        beganNanos = System.nanoTime();
        out.accept(CallEvent.Begun.NOW);
        running = engine.start(call, this);
        if (phase.get() == Phase.OVER) {
            // cancelled while it was being started
            running.cancel("cancelled");
        }
    }

    @Override
    public void accept(CallEvent event) {
        if (event instanceof CallEvent.End) {
            if (phase.compareAndSet(Phase.RUNNING, Phase.OVER)) {
                out.accept(event);
                release.released(!(event instanceof CallEvent.Broken), worked());
            }
        } else if (phase.get() == Phase.RUNNING) {
            out.accept(event);
        }
    }

    /** Ends a call that has no place yet. */
    boolean refuse(Fault fault) {
        if (!phase.compareAndSet(Phase.WAITING, Phase.OVER)) {
            return false;
        }
        out.accept(new CallEvent.Broken(fault));
        return true;
    }

    boolean waiting() {
        return phase.get() == Phase.WAITING;
    }

    @Override
    public void cancel(String reason) {
        var was = phase.getAndSet(Phase.OVER);
        if (was == Phase.RUNNING) {
            running.cancel(reason);
            release.released(false, worked());
        }
    }

    private long worked() {
        return System.nanoTime() - beganNanos;
    }
}
