package smcp.router;

import java.util.ArrayDeque;
import java.util.Queue;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;
import smcp.protocol.Json;
import smcp.tenant.VersionRef;

/** A version on a node in virtual time: sleeps, starts, works on a number of calls at once and keeps a bounded queue, as the real one does. */
final class SimTenant {
    static final int CONCURRENCY = 32;
    static final int QUEUE = 256;
    private static final int WEIGHT = 8;

    private final VersionRef version;
    private final SimNode node;
    private final long service;
    private final long coldStart;
    private Phase phase = Phase.ASLEEP;
    private int running;
    private final Queue<CallSink> queue = new ArrayDeque<>();
    private long pace;
    private long pacedAt;
    private long took;

    /**
     * @param service how long a call runs, in the mean
     * @param coldStart how long it takes to wake
     */
    SimTenant(VersionRef version, SimNode node, long service, long coldStart) {
        this.version = version;
        this.node = node;
        this.service = service;
        this.coldStart = coldStart;
    }

    void start(CallSink sink) {
        if (phase == Phase.AWAKE && running < CONCURRENCY) {
            run(sink);
            return;
        }
        if (running + queue.size() >= CONCURRENCY + QUEUE) {
            sink.accept(new CallEvent.Broken(new Fault(Kind.OVERLOADED, "the queue is full")));
            return;
        }
        queue.add(sink);
        if (phase == Phase.ASLEEP) {
            phase = Phase.STARTING;
            node.engineStarted();
            node.changed();
            node.later((long) (coldStart * node.slowness()), this::awake);
        }
    }

    private void awake() {
        phase = Phase.AWAKE;
        took = coldStart;
        node.changed();
        while (!queue.isEmpty() && running < CONCURRENCY) {
            run(queue.remove());
        }
    }

    private void run(CallSink sink) {
        running++;
        sink.accept(CallEvent.Begun.NOW);
        var nanos = (long) (service * node.slowness() * (0.5 + node.random().nextDouble()));
        node.later(nanos, () -> {
            running--;
            pace = pace == 0 ? nanos : pace + (nanos - pace) / WEIGHT;
            pacedAt = node.time().now();
            sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
            if (!queue.isEmpty() && running < CONCURRENCY) {
                run(queue.remove());
            }
        });
    }

    boolean free() {
        return phase == Phase.AWAKE && running < CONCURRENCY && queue.isEmpty();
    }

    Load load() {
        var fresh = node.time().now() - pacedAt < Samples.millis(10_000);
        return new Load(version, phase, running, queue.size(), CONCURRENCY, QUEUE, fresh ? pace : 0, took);
    }

    /** As one sees it who knows everything. */
    Load truth() {
        return new Load(
                version,
                phase,
                running,
                queue.size(),
                CONCURRENCY,
                QUEUE,
                (long) (service * node.slowness()),
                coldStart);
    }
}
