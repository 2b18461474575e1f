package smcp.runtime;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallSink;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;
import smcp.contract.TenantCall;
import smcp.tenant.Limits;
import smcp.tenant.VersionRef;

/**
 * One version on this node, awake or not: counts its running calls, keeps the rest in a bounded queue, wakes it for the first and lets it sleep after the last. Calls come from any event loop; the state is
 * under one lock that is only ever held for a few instructions, never while an engine or a sink is called.
 */
final class TenantHost {
    /** What the host asks of its surroundings. */
    interface Life {
        /** Starts the version; {@link TenantHost#started} or {@link TenantHost#startFailed} is called when it is decided. */
        void wake(TenantHost host);

        /** The version is not needed any more. */
        void stop(TenantVerticle verticle);

        /** A version begins to start, is awake, or is so no more. */
        void changed();
    }

    /** How long a version's pace is believed after its last call: a machine that was slow may be quick again, and only a new call shows it. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final VersionRef version;
    private final Life life;
    private final InstantSource clock;
    private Limits limits;
    private State state = State.ASLEEP;
    /** It goes when the calls it has have ended; those that wait are served first. */
    private boolean retired;

    private @Nullable TenantVerticle verticle;
    private Backoff backoff = Backoff.NONE;
    private final Queue<Admitted> queue = new ArrayDeque<>();
    private int running;
    private long idleSince = System.nanoTime();
    private long wakingSince;
    private final Smoothed service = new Smoothed();
    private final Smoothed coldStart = new Smoothed();

    private enum State {
        /** Undeployed: costs an entry in a table. */
        ASLEEP,
        /** Its verticle is being deployed; calls wait in the queue. */
        STARTING,
        AWAKE,
        /** Its verticle is gone and will not be started again. */
        GONE
    }

    TenantHost(VersionRef version, Limits limits, Life life, InstantSource clock) {
        this.version = version;
        this.limits = limits;
        this.life = life;
        this.clock = clock;
    }

    VersionRef version() {
        return version;
    }

    /** Null if this host has gone meanwhile: there may be another one. */
    TenantCall.@Nullable Running start(Call call, CallSink sink) {
        var admitted = new Admitted(call, sink, this::released);
        TenantCall now = null;
        Fault refused = null;
        var wake = false;
        synchronized (this) {
            if (state == State.GONE) {
                return null;
            }
            idleSince = System.nanoTime();
            if (state == State.AWAKE && running < limits.concurrency() && queue.isEmpty()) {
                running++;
                now = engine();
            } else if (state == State.ASLEEP && !backoff.open(clock.instant())) {
                refused = new Fault(
                        Kind.TENANT_BROKEN,
                        "the tenant's server broke " + backoff.failures()
                                + " times in a row; it is started again after " + backoff.until());
            } else if (running + queue.size() >= limits.concurrency() + limits.queue()) {
                refused = new Fault(
                        Kind.OVERLOADED,
                        "limits.concurrency: " + limits.concurrency() + " calls are running and limits.queue: "
                                + limits.queue() + " are waiting");
            } else {
                queue.add(admitted);
                if (state == State.ASLEEP) {
                    state = State.STARTING;
                    wakingSince = idleSince;
                    wake = true;
                }
            }
        }
        if (now != null) {
            admitted.run(now);
        } else if (refused != null) {
            var _ = admitted.refuse(refused);
        } else if (wake) {
            life.wake(this);
            life.changed();
        }
        return admitted;
    }

    private TenantCall engine() {
        var awake = verticle;
        if (awake == null) {
            throw new IllegalStateException(version + " is awake without a verticle");
        }
        return awake.engine();
    }

    /** The version is up. False if it is not wanted any more: whoever started it stops it. */
    boolean started(TenantVerticle up) {
        TenantVerticle over;
        synchronized (this) {
            if (state != State.STARTING) {
                return false;
            }
            state = State.AWAKE;
            verticle = up;
            idleSince = System.nanoTime();
            coldStart.add(idleSince - wakingSince, idleSince);
            over = takeIfOver();
        }
        life.changed();
        runQueued();
        return over == null;
    }

    /** The version did not come up. */
    void startFailed(Fault why) {
        refuseAll(null, why);
    }

    /** The version died while it was awake. */
    void lost(TenantVerticle which, Fault why) {
        refuseAll(which, why);
        life.stop(which);
    }

    /** Who waits is told, the next call tries again. */
    private void refuseAll(@Nullable TenantVerticle which, Fault why) {
        Queue<Admitted> waiting;
        synchronized (this) {
            if (verticle != which) {
                return;
            }
            verticle = null;
            state = retired ? State.GONE : State.ASLEEP;
            backoff = backoff.after(clock.instant());
            waiting = new ArrayDeque<>(queue);
            queue.clear();
        }
        life.changed();
        waiting.forEach(admitted -> {
            var _ = admitted.refuse(why);
        });
    }

    private void released(boolean answered, long nanos) {
        TenantVerticle over;
        synchronized (this) {
            running--;
            idleSince = System.nanoTime();
            if (nanos > 0) {
                service.add(nanos, idleSince);
            }
            if (answered) {
                backoff = Backoff.NONE;
            }
            over = takeIfOver();
        }
        if (over != null) {
            life.changed();
            life.stop(over);
        } else {
            runQueued();
        }
    }

    /** Under the lock: a retired host without calls is gone; answers the verticle that is to be stopped. */
    private @Nullable TenantVerticle takeIfOver() {
        if (!retired || running > 0 || !queue.isEmpty() || state == State.STARTING) {
            return null;
        }
        var over = verticle;
        verticle = null;
        state = State.GONE;
        return over;
    }

    private void runQueued() {
        while (true) {
            Admitted next;
            TenantCall engine;
            synchronized (this) {
                if (state != State.AWAKE || running >= limits.concurrency()) {
                    return;
                }
                next = queue.poll();
                if (next == null) {
                    return;
                }
                running++;
                engine = engine();
            }
            next.run(engine);
        }
    }

    /** Looks after what only time changes: calls that waited too long, a version nobody calls. Called every so often. */
    void tick(long nowNanos) {
        var late = new ArrayDeque<Admitted>();
        TenantVerticle sleepy = null;
        synchronized (this) {
            queue.removeIf(admitted -> {
                if (!admitted.waiting()) {
                    return true;
                }
                if (nowNanos - admitted.call.deadlineNanos() < 0) {
                    return false;
                }
                return late.add(admitted);
            });
            var idle = nowNanos - idleSince > limits.idle().toNanos();
            if (state == State.AWAKE && running == 0 && queue.isEmpty() && idle) {
                state = State.ASLEEP;
                sleepy = verticle;
                verticle = null;
            }
        }
        late.forEach(admitted -> {
            var _ = admitted.refuse(new Fault(
                    Kind.TIMEOUT,
                    "limits.callTimeoutMs: the call waited "
                            + limits.callTimeout().toMillis() + " ms for its turn"));
        });
        if (sleepy != null) {
            life.changed();
            life.stop(sleepy);
        }
    }

    /** It is not needed any more: the verticle goes when the calls that run or wait have ended. */
    void retire() {
        TenantVerticle over;
        synchronized (this) {
            retired = true;
            over = takeIfOver();
        }
        if (over != null) {
            life.changed();
            life.stop(over);
        }
    }

    /** Takes the verticle away, running calls or not: they are told by the engine. */
    void abort() {
        TenantVerticle over;
        Queue<Admitted> waiting;
        synchronized (this) {
            state = State.GONE;
            over = verticle;
            verticle = null;
            waiting = new ArrayDeque<>(queue);
            queue.clear();
        }
        waiting.forEach(admitted -> {
            var _ = admitted.refuse(new Fault(Kind.NOT_DEPLOYED, "this version was withdrawn"));
        });
        life.changed();
        if (over != null) {
            life.stop(over);
        }
    }

    /** Awake, with a place for one more call. */
    synchronized boolean free() {
        return state == State.AWAKE && running < limits.concurrency() && queue.isEmpty();
    }

    synchronized Load load(long nowNanos) {
        var phase = switch (state) {
            case ASLEEP, GONE -> Phase.ASLEEP;
            case STARTING -> Phase.STARTING;
            case AWAKE -> Phase.AWAKE;
        };
        return new Load(
                version,
                phase,
                running,
                queue.size(),
                limits.concurrency(),
                limits.queue(),
                service.since(nowNanos, FRESH_NANOS),
                coldStart.value());
    }

    synchronized boolean gone() {
        return state == State.GONE;
    }

    synchronized void limits(Limits now) {
        limits = now;
    }

    synchronized int running() {
        return running;
    }

    synchronized int queued() {
        return queue.size();
    }

    synchronized boolean awake() {
        return state == State.AWAKE;
    }

    synchronized @Nullable TenantVerticle verticle() {
        return verticle;
    }
}
