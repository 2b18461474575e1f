package smcp.engine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;
import smcp.protocol.Method;

/** One request an engine has taken and not answered. Its sink is called under its lock, so events keep their order and nothing follows the end, whichever thread brings them. */
final class InFlight implements TenantCall.Running {
    private static final Logger log = LoggerFactory.getLogger(InFlight.class);

    /** Who is told that nobody waits any more. */
    interface Owner {
        /** The call ended without an answer. Called once, on any thread, and never after an answer; must not block. */
        void givenUp(InFlight call, String reason);
    }

    /** What became of a notice. */
    enum Noticed {
        PASSED,
        /** The call has ended. */
        LATE,
        /** One more than a call may send. */
        OVER
    }

    final Method method;
    /** Null on a question of the platform's own. */
    final @Nullable Call call;

    final long deadlineNanos;
    private final CallSink sink;
    private final Owner owner;
    private volatile long id = -1;
    private boolean ended;
    private double progress = Double.NEGATIVE_INFINITY;

    InFlight(Method method, @Nullable Call call, long deadlineNanos, CallSink sink, Owner owner) {
        this.method = method;
        this.call = call;
        this.deadlineNanos = deadlineNanos;
        this.sink = sink;
        this.owner = owner;
    }

    /** Unique on the link. */
    long id() {
        return id;
    }

    void numbered(long number) {
        id = number;
    }

    /** Gives the last event; false if the call had ended before. */
    synchronized boolean end(CallEvent.End event) {
        if (ended) {
            return false;
        }
        ended = true;
        give(event);
        return true;
    }

    /** Ends the call from our side. The owner is told first, so that a caller who asks again at once finds the call's place free, and the tenant hears of the end before it hears the next call. */
    synchronized void breakOff(Fault fault) {
        if (!ended) {
            ended = true;
            owner.givenUp(this, fault.message());
            give(new CallEvent.Broken(fault));
        }
    }

    @Override
    public void cancel(String reason) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        owner.givenUp(this, reason);
    }

    /** Gives an event that is not the last. */
    synchronized Noticed notice(CallEvent event, int most) {
        if (ended) {
            return Noticed.LATE;
        }
        if (call != null && call.used().addNotice() > most) {
            return Noticed.OVER;
        }
        give(event);
        return Noticed.PASSED;
    }

    /** Notes {@code value}; false if it is no progress (MCP 2026-07-28, Progress: it must increase with each notification). */
    synchronized boolean progressed(double value) {
        if (!Double.isFinite(value) || value <= progress) {
            return false;
        }
        progress = value;
        return true;
    }

    private void give(CallEvent event) {
        try {
            sink.accept(event);
        } catch (RuntimeException e) {
            // one caller's mistake must not cost the others their engine
            log.atError().addKeyValue("method", method.wire()).setCause(e).log("a sink threw");
        }
    }
}
