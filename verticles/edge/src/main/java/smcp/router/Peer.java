package smcp.router;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import smcp.contract.Loads.Load;
import smcp.contract.Member;
import smcp.contract.NodeStatus;
import smcp.tenant.VersionRef;

/** What this node remembers of another one: what that said last, what was sent there since, and how it went. Facts are written under the table's lock; the rest by any thread. */
final class Peer {
    final Member member;
    final long hash;
    private @Nullable NodeStatus said;
    private Map<VersionRef, Load> loads = Map.of();
    private long number;
    private boolean draining;
    /** When anything last came from it: facts, or an event of a call. */
    private volatile long heardAt;

    private long factsAt;
    private volatile Health health;
    private final Map<VersionRef, Sent> sent = new ConcurrentHashMap<>();

    Peer(Member member, Health before, long now) {
        this.member = member;
        this.hash = Rendezvous.hash(member.id());
        this.health = before;
        this.heardAt = now;
        this.factsAt = now;
    }

    /** Calls of one version that this node has under way there. */
    static final class Sent {
        private final AtomicInteger underWay = new AtomicInteger();
        /** How many of them its facts know of. */
        private volatile int known;

        private volatile boolean full;

        int unknown() {
            return underWay.get() - known;
        }

        boolean full() {
            return full;
        }

        void began() {
            underWay.incrementAndGet();
        }

        void ended() {
            underWay.decrementAndGet();
        }

        void refused() {
            full = true;
        }
    }

    /** False if it is older than what was heard before. */
    boolean heard(NodeStatus status, long now) {
        if (status.number() <= number) {
            return false;
        }
        number = status.number();
        said = status;
        draining = status.draining();
        factsAt = now;
        heardAt = now;
        loads = status.whole() ? whole(status) : changed(status);
        sent.values().removeIf(calls -> {
            calls.known = calls.underWay.get();
            calls.full = false;
            return calls.known == 0;
        });
        return true;
    }

    private static Map<VersionRef, Load> whole(NodeStatus status) {
        var next = HashMap.<VersionRef, Load>newHashMap(status.loads().size());
        status.loads().forEach(load -> next.put(load.version(), load));
        return next;
    }

    private Map<VersionRef, Load> changed(NodeStatus status) {
        if (status.loads().isEmpty() && status.asleep().isEmpty()) {
            return loads;
        }
        var next = new HashMap<>(loads);
        status.loads().forEach(load -> next.put(load.version(), load));
        status.asleep().forEach(next::remove);
        return next;
    }

    /** It said to a call that it goes. True if that is new. */
    boolean goes() {
        var was = draining;
        draining = true;
        return !was;
    }

    boolean draining() {
        return draining;
    }

    /** Never changed once it is handed out. */
    Map<VersionRef, Load> loads() {
        return loads;
    }

    @Nullable
    NodeStatus said() {
        return said;
    }

    long silentFor(long now) {
        return Math.max(0, now - factsAt);
    }

    void heardNow(long now) {
        heardAt = now;
    }

    boolean heardSince(long then) {
        return heardAt - then > 0;
    }

    @Nullable
    Sent sent(VersionRef version) {
        return sent.get(version);
    }

    /** Calls that this node has under way there. */
    int underWay() {
        return sent.values().stream().mapToInt(calls -> calls.underWay.get()).sum();
    }

    Sent sending(VersionRef version) {
        return sent.computeIfAbsent(version, _ -> new Sent());
    }

    Health health() {
        return health;
    }

    void health(Health now) {
        health = now;
    }
}
