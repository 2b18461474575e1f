package smcp.store.quorum;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.store.Conflicts;
import smcp.store.RegistryStore.Change;
import smcp.store.quorum.Member.Leader;

/**
 * The requests that this node has begun. Each is sent until the replica says what became of it: again when a trip failed or another leads. That is harmless, because members do a request of one name once. What a leader answers counts for nothing here.
 */
final class Commits implements Replica.Told {
    private static final Logger log = LoggerFactory.getLogger(Commits.class);

    /** Each trip that arrives is an entry of the log, needed or not. */
    private static final long AGAIN_NANOS = Duration.ofMillis(100).toNanos();

    private final long run = ThreadLocalRandom.current().nextLong();
    private final AtomicLong number = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Map<Part.Id, Waiting> waiting = new ConcurrentHashMap<>();
    private final QuorumConfig.Limits limits;

    /** One request. Sent from one thread; told and timed out from others. */
    static final class Waiting {
        private final Part.Id id;
        private final List<Part> parts;
        private final List<Change> changes;
        private final long weight;
        private final long deadline;
        private final boolean patient;
        private final CompletableFuture<Long> done = new CompletableFuture<>();
        private @Nullable Leader sentTo;
        private long sentAt;
        private volatile boolean again;

        private Waiting(Part.Id id, Request request, List<Change> changes, long deadline) {
            this.id = id;
            this.parts = Part.cut(id, request.encoded());
            this.changes = changes;
            this.weight = parts.stream().mapToLong(each -> each.bytes().length).sum();
            this.deadline = deadline;
            this.patient = request.isMark();
        }

        /** The revision. */
        CompletableFuture<Long> done() {
            return done;
        }
    }

    Commits(QuorumConfig.Limits limits) {
        this.limits = limits;
    }

    /**
     * @param changes of a commit, for the wording of a conflict
     * @param nanoDeadline of {@link System#nanoTime}
     */
    Waiting begin(Request request, List<Change> changes, long nanoDeadline) {
        var next = new Waiting(new Part.Id(run, number.incrementAndGet()), request, changes, nanoDeadline);
        if (waiting.size() >= limits.waiting()) {
            throw unavailable(
                    limits.waiting() + " commits are waiting, and no more may (store.registry.limits.waiting)");
        }
        if (bytes.addAndGet(next.weight) > limits.waitingBytes()) {
            bytes.addAndGet(-next.weight);
            throw unavailable("commits of " + limits.waitingBytes()
                    + " bytes are waiting, and no more may (store.registry.limits.waitingBytes)");
        }
        waiting.put(next.id, next);
        return next;
    }

    /** Sends what was not sent to this leader in this term, or did not arrive. From one thread. */
    void send(Member member, Leader leader) {
        var now = System.nanoTime();
        waiting.values().stream()
                .filter(each -> !leader.equals(each.sentTo) || (each.again && now - each.sentAt >= AGAIN_NANOS))
                .sorted((a, b) -> Long.compare(a.id.number(), b.id.number()))
                .forEach(each -> send(each, member, leader));
    }

    private static void send(Waiting each, Member member, Leader leader) {
        each.again = false;
        each.sentTo = leader;
        each.sentAt = System.nanoTime();
        for (var part : each.parts) {
            var _ = member.send(leader.id(), part).whenComplete((_, failure) -> {
                if (failure != null) {
                    each.again = true;
                    log.atDebug()
                            .addKeyValue("leader", leader.id())
                            .setCause(failure)
                            .log("a request did not arrive");
                }
            });
        }
    }

    /** Answers those whose time is up, and those that were never sent if {@code alone} says why that will not change soon; a mark waits all its time. */
    void expire(long nanoTime, @Nullable Fault alone) {
        for (var each : waiting.values()) {
            var sent = each.sentTo != null;
            if (!sent && alone != null && !each.patient) {
                fail(each, alone);
            } else if (nanoTime - each.deadline >= 0) {
                fail(each, sent ? uncertain("a majority did not confirm it in time") : late());
            }
        }
    }

    private static Fault late() {
        return unavailable("no majority of its members could be reached in time; nothing was written, try again later");
    }

    static Fault uncertain(String why) {
        return unavailable(why + "; it is uncertain whether it is written, read before you try again");
    }

    static Fault unavailable(String why) {
        return new Fault(Fault.Kind.STORE_UNAVAILABLE, "the registry: " + why);
    }

    void close() {
        for (var each : waiting.values()) {
            fail(each, each.sentTo == null ? unavailable("it is closed") : uncertain("it is being closed"));
        }
    }

    private void fail(Waiting each, Fault fault) {
        if (remove(each)) {
            each.done.completeExceptionally(fault);
        }
    }

    private boolean remove(Waiting each) {
        var removed = waiting.remove(each.id, each);
        if (removed) {
            bytes.addAndGet(-each.weight);
        }
        return removed;
    }

    @Override
    public void applied(Part.Id id, Outcome outcome) {
        var found = waiting.get(id);
        if (found == null || !remove(found)) {
            return;
        }
        switch (outcome) {
            case Outcome.Done(var revision) -> found.done.complete(revision);
            case Outcome.Conflict(var at, var live) -> {
                try {
                    Conflicts.check(found.changes.get(at), live);
                    found.done.completeExceptionally(new IllegalStateException("a conflict that is none"));
                } catch (Fault e) {
                    found.done.completeExceptionally(e);
                }
            }
        }
    }

    @Override
    public void replaced(RegistryState state) {
        for (var each : waiting.keySet()) {
            var outcome = state.outcomes.get(each);
            if (outcome != null) {
                applied(each, outcome);
            }
        }
    }
}
