package smcp.router;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;

/**
 * Who serves a call: cost = round trip + expected wait + (asleep there ? cold start : 0), and the lowest wins (design §5). A function of its arguments only, so that it can be run in virtual time.
 *
 * <p>Candidates are the nodes on which the version is awake or being started, and one on which it sleeps: the first of the others of this region in the tenant's rendezvous order; if the region has none left, the first of each other region. That one only while none is being
 * started in its region. So every node sends the first calls of a sleeping tenant to the same node, and a tenant whose waits grow beyond a cold start widens by one node at a
 * time, the same one wherever its calls come in.
 *
 * <p>A start is paid for once and serves all calls after it, so it is not weighed against one call's wait, but against what calls have waited lately ({@link Question#waited}), as one who rents skis buys them when the rent has
 * reached their price: it never costs more than twice the best that one could do who knew the future.
 */
final class Policy {
    private final Situation situation;
    private final Question question;
    private final RouterConfig.Costs costs;
    private final Fitness worst;
    private final long tenant;
    /** Of the version, where it is shortest; 0 if nobody knows. */
    private final long quickest;

    private final long coldStart;

    private Policy(Situation situation, Question question, RouterConfig.Costs costs, Fitness worst) {
        this.situation = situation;
        this.question = question;
        this.costs = costs;
        this.worst = worst;
        this.tenant = Rendezvous.hash(question.version().tenant().value());
        var shortest = Long.MAX_VALUE;
        var longestStart = 0L;
        for (var i = 0; i < situation.nodes().size(); i++) {
            var load = load(i);
            if (load != null) {
                longestStart = Math.max(longestStart, load.coldStartNanos());
                if (load.serviceNanos() > 0 && fitness(i).compareTo(worst) <= 0) {
                    shortest = Math.min(shortest, load.serviceNanos());
                }
            }
        }
        this.quickest = shortest == Long.MAX_VALUE ? 0 : shortest;
        this.coldStart = Math.max(
                costs.leastColdStart().toNanos(),
                longestStart > 0 ? longestStart : costs.coldStart().toNanos());
    }

    /** Null only if the one node there is, is the one that is not to be chosen. */
    static @Nullable Choice decide(Situation situation, Question question, RouterConfig.Costs costs) {
        for (var worst : Fitness.values()) {
            var choice = new Policy(situation, question, costs, worst).choose();
            if (choice != null) {
                return choice;
            }
        }
        return null;
    }

    /** What a call would cost on {@code node}, candidate or not. */
    static long cost(Situation situation, Question question, RouterConfig.Costs costs, int node) {
        return new Policy(situation, question, costs, Fitness.LEAVING).cost(node);
    }

    private @Nullable Choice choose() {
        var nodes = situation.nodes().size();
        var starters = starters();
        var cost = new long[nodes];
        var lowest = Long.MAX_VALUE;
        for (var i = 0; i < nodes; i++) {
            cost[i] = candidate(i, starters) ? cost(i) : Long.MAX_VALUE;
            lowest = Math.min(lowest, cost[i]);
        }
        if (lowest == Long.MAX_VALUE) {
            return null;
        }
        var node = among(cost, lowest);
        return new Choice(node, cost[node], awake(node), avoidable(node), worst);
    }

    /** Of those that cost as good as the same: this node if it need not wait, the choice of before, this node, the first in the tenant's order. */
    private int among(long[] cost, long lowest) {
        var same = lowest + costs.indifference().toNanos();
        var kept = Math.max(same, lowest + lowest / 100 * costs.hysteresisPercent());
        var self = situation.self();
        if (cost[self] <= same && awake(self) && waitNanos(self) == 0) {
            return self;
        }
        if (question.before() >= 0 && cost[question.before()] <= kept) {
            return question.before();
        }
        if (cost[self] <= same) {
            return self;
        }
        var first = -1;
        for (var i = 0; i < cost.length; i++) {
            if (cost[i] <= same && (first < 0 || before(i, first))) {
                first = i;
            }
        }
        return first;
    }

    private boolean before(int node, int other) {
        return Long.compareUnsigned(weight(node), weight(other)) > 0;
    }

    private long weight(int node) {
        return Rendezvous.weight(tenant, situation.nodes().get(node).hash());
    }

    /** By region: the node that may wake the version there, or -1. */
    private int[] starters() {
        var starting = new boolean[situation.regions()];
        var first = new int[situation.regions()];
        Arrays.fill(first, -1);
        for (var i = 0; i < situation.nodes().size(); i++) {
            var node = situation.nodes().get(i);
            if (i == question.without() || node.fitness().compareTo(worst) > 0) {
                continue;
            }
            switch (phase(i)) {
                case AWAKE -> {
                    // it may widen
                }
                // while an engine starts, its callers wait for it, as many as its queue takes: a crowd at a cold
                // tenant's door is one start
                case STARTING -> starting[node.region()] |= !full(i);
                case ASLEEP -> {
                    var best = first[node.region()];
                    first[node.region()] = best < 0 || before(i, best) ? i : best;
                }
            }
        }
        var home = situation.here().region();
        var homeMayStart = first[home] >= 0 || starting[home];
        for (var region = 0; region < first.length; region++) {
            if (starting[region] || (region != home && homeMayStart)) {
                first[region] = -1;
            }
        }
        return first;
    }

    private boolean candidate(int node, int[] starters) {
        if (node == question.without() || fitness(node).compareTo(worst) > 0) {
            return false;
        }
        return phase(node) != Phase.ASLEEP
                || starters[situation.nodes().get(node).region()] == node;
    }

    /** Of the node, for this version. */
    private Fitness fitness(int node) {
        var fitness = situation.nodes().get(node).fitness();
        return full(node) ? fitness.orWorse(Fitness.DOUBTFUL) : fitness;
    }

    private boolean full(int node) {
        var load = load(node);
        return question.recent().get(node).full()
                || (load != null
                        && load.phase() != Phase.ASLEEP
                        && load.calls() + sent(node) >= load.concurrency() + load.queue());
    }

    private boolean awake(int node) {
        return phase(node) == Phase.AWAKE;
    }

    /** A node that sleeps for all we know, but has calls of ours, is being woken by them. */
    private Phase phase(int node) {
        var load = load(node);
        var known = load == null ? Phase.ASLEEP : load.phase();
        return known == Phase.ASLEEP && sent(node) > 0 ? Phase.STARTING : known;
    }

    private @Nullable Load load(int node) {
        return node == situation.self()
                ? question.here()
                : situation.nodes().get(node).loads().get(question.version());
    }

    private int sent(int node) {
        return Math.max(0, question.recent().get(node).calls());
    }

    private long cost(int node) {
        var view = situation.nodes().get(node);
        var way = node == situation.self()
                ? 0
                : view.roundTripNanos() + costs.hop().toNanos();
        var cost = way + view.delayNanos() + waitNanos(node);
        return awake(node) ? cost : cost + Math.max(0, coldStart - question.waited());
    }

    /** Of the cost of {@code node}, what an engine nearer by or with less to do would have spared. */
    private long avoidable(int node) {
        if (!awake(node)) {
            return 0;
        }
        var view = situation.nodes().get(node);
        var far = view.region() == situation.here().region() ? 0 : view.roundTripNanos();
        return far + view.delayNanos() + waitNanos(node);
    }

    /** In the queue, and for a machine that is slower at this than the quickest is. */
    private long waitNanos(int node) {
        var load = load(node);
        if (load == null) {
            return 0;
        }
        var service = load.serviceNanos() > 0 ? load.serviceNanos() : typical();
        var ahead = load.calls() + sent(node) + 1 - load.concurrency();
        var queueing = ahead <= 0 ? 0 : service * ahead / load.concurrency();
        return load.phase() == Phase.AWAKE ? queueing + slowness(load.serviceNanos()) : queueing;
    }

    private long typical() {
        return quickest > 0 ? quickest : costs.service().toNanos();
    }

    private long slowness(long service) {
        return slow(service, quickest, costs) ? service - quickest : 0;
    }

    /** Do calls run so much longer than on the quickest node that it is not by chance? */
    static boolean slow(long service, long quickest, RouterConfig.Costs costs) {
        return quickest > 0
                && service > quickest * costs.slowness()
                && service - quickest > costs.slownessFrom().toNanos();
    }
}
