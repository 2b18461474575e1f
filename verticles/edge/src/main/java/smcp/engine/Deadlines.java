package smcp.engine;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import smcp.bus.Fault;
import smcp.tenant.Limits;

/** Ends the calls of one engine whose time is up: looks at all of them every so often while there are any, which costs a call nothing. */
final class Deadlines {
    private static final Duration EVERY = Duration.ofMillis(50);

    private final CallTable calls;
    private final Limits limits;
    private final Runnable late;
    private final AtomicBoolean armed = new AtomicBoolean();

    /** @param late told after a tenant let a call's time go by; must be short */
    Deadlines(CallTable calls, Limits limits, Runnable late) {
        this.calls = calls;
        this.limits = limits;
        this.late = late;
    }

    /** To be called after a call was added. */
    void watch() {
        if (!armed.get() && armed.compareAndSet(false, true)) {
            EngineTimer.after(EVERY, this::look);
        }
    }

    private void look() {
        var now = System.nanoTime();
        calls.forEach(call -> {
            if (now - call.deadlineNanos >= 0) {
                call.breakOff(new Fault(Fault.Kind.TIMEOUT, what(call)));
                if (call.call != null) {
                    late.run();
                }
            }
        });
        armed.set(false);
        if (calls.size() > 0) {
            watch();
        }
    }

    private String what(InFlight call) {
        return call.call == null
                ? call.method.wire() + " was not answered within limits.startTimeoutMs ("
                        + limits.startTimeout().toMillis() + " ms)"
                : "the call took longer than limits.callTimeoutMs ("
                        + limits.callTimeout().toMillis() + " ms)";
    }
}
