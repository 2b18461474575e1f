package smcp.router;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import smcp.contract.CallEvent;
import smcp.contract.Member;
import smcp.contract.NodeStatus;
import smcp.protocol.Method;
import smcp.tenant.VersionRef;

/** Some nodes in virtual time, the network between them, and clients that call. */
final class SimCluster {
    private static final long REMOVED_AFTER_KILL = Samples.millis(150);
    private static final long REMOVED_AFTER_HANG = Samples.millis(5_000);
    /** Beyond half a round trip: the bus is not the link. */
    private static final long BUS = Samples.millis(1);

    private final VirtualTime time = new VirtualTime();
    private final SplittableRandom random;
    private final Map<String, SimNode> nodes = new LinkedHashMap<>();
    private final Map<String, Long> between;
    private final long service;
    private final long coldStart;
    private Tally tally = new Tally();
    private int runs;

    /**
     * @param between round trips between regions, by {@code a-b} in the order of the alphabet, in nanoseconds
     * @param service how long calls run
     * @param coldStart how long tenants take to wake
     */
    SimCluster(long seed, Map<String, Long> between, long service, long coldStart) {
        this.random = new SplittableRandom(seed);
        this.between = Map.copyOf(between);
        this.service = service;
        this.coldStart = coldStart;
    }

    VirtualTime time() {
        return time;
    }

    /** What was seen since the last time. */
    Tally tally() {
        var seen = tally;
        tally = new Tally();
        return seen;
    }

    SimNode node(String name) {
        var node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return node;
    }

    SimNode node(Member member) {
        var node = nodes.get(member.name());
        if (node == null || !node.self().is(member)) {
            // a run that is over: nothing answers any more
            var past = new SimNode(this, member, random.split());
            past.die();
            return past;
        }
        return node;
    }

    void join(String name, String region, String zone) {
        var member = Samples.member(name, region, zone);
        var run = new Member(
                member.id(), "run-" + ++runs, name, region, zone, member.host(), member.peerPort(), member.program());
        var node = new SimNode(this, run, random.split());
        var alive = nodes.values().stream().filter(other -> !other.dead()).toList();
        nodes.remove(name);
        nodes.put(name, node);
        node.begin(alive.stream().map(SimNode::self).toList());
        alive.forEach(other -> other.join(node));
    }

    void kill(String name) {
        var node = node(name);
        node.die();
        time.in(REMOVED_AFTER_KILL, () -> nodes.values().forEach(other -> other.remove(node)));
    }

    void hang(String name) {
        var node = node(name);
        node.hang(true);
        time.in(REMOVED_AFTER_HANG, () -> nodes.values().forEach(other -> other.remove(node)));
    }

    /** Stopped in order: it says that it goes, ends its calls, and goes. */
    void drain(String name, long bound) {
        var node = node(name);
        node.drain();
        time.in(bound, () -> kill(name));
    }

    void broadcast(SimNode from, NodeStatus status) {
        for (var to : List.copyOf(nodes.values())) {
            if (to != from && !to.dead()) {
                // a hung node gets them all when it is back, and none while it hangs
                time.in(
                        roundTrip(from, to) / 2 + BUS,
                        () -> to.later(0, () -> to.table().heard(status)));
            }
        }
    }

    long roundTrip(SimNode a, SimNode b) {
        var one = a.self().region();
        var other = b.self().region();
        if (!one.equals(other)) {
            var key = one.compareTo(other) < 0 ? one + "-" + other : other + "-" + one;
            var known = between.get(key);
            if (known == null) {
                throw new IllegalArgumentException("no round trip between " + key);
            }
            return known;
        }
        return a.self().zone().equals(b.self().zone()) ? Samples.millis(0.3) : Samples.millis(1);
    }

    /** One way of a call, forwarding included. */
    long way(SimNode from, SimNode to) {
        return roundTrip(from, to) / 2 + RouterConfig.Costs.DEFAULT.hop().toNanos() / 2;
    }

    SimTenant tenant(VersionRef version, SimNode node) {
        return new SimTenant(version, node, service, coldStart);
    }

    void engineStarted(SimNode node) {
        tally.started(node.self().name());
    }

    void executes(SimNode node) {
        tally.went(node.self().name());
    }

    /** Clients that call {@code version} at {@code at}, at random moments, so often a second until {@code end}. While the node is down they go to {@code instead}. */
    void clients(VersionRef version, String at, @Nullable String instead, double perSecond, long end) {
        var pause = (long) (-Math.log(1 - random.nextDouble()) / perSecond * 1e9);
        time.in(pause, () -> {
            if (time.now() < end) {
                var there = nodes.get(at);
                var up = there != null && there.serves();
                if (up || instead != null) {
                    call(version, up ? at : instead == null ? at : instead);
                }
                clients(version, at, instead, perSecond, end);
            }
        });
    }

    /** One call; every third is of a tool that may be repeated. */
    void call(VersionRef version, String at) {
        var node = node(at);
        var began = time.now();
        var name = random.nextInt(3) == 0 ? "read" : "write";
        var call = Samples.call(version, Method.TOOLS_CALL, name, began + Samples.millis(60_000));
        var seen = tally;
        judge(seen, node, version);
        node.take(call, event -> {
            if (event instanceof CallEvent.End end) {
                seen.ended(time.now() - began, call.used().attempts(), end);
            }
        });
    }

    /** Compares what the node would choose with what one would choose who knows everything at this moment. */
    private void judge(Tally seen, SimNode node, VersionRef version) {
        var chosen = node(node.table().choose(version).member());
        var views = new ArrayList<NodeView>();
        var serving = new ArrayList<SimNode>();
        for (var other : nodes.values()) {
            if (other.serves()) {
                var truth = other.truth(version);
                serving.add(other);
                views.add(new NodeView(
                        other.self(),
                        0,
                        0,
                        other == node ? 0 : roundTrip(node, other),
                        Fitness.FIT,
                        0,
                        truth == null ? Map.of() : Map.of(version, truth)));
            }
        }
        var self = serving.indexOf(node);
        if (self < 0) {
            return;
        }
        var situation = new Situation(views, self, 1);
        var question = new Question(
                version, node.truth(version), Collections.nCopies(views.size(), Question.Recent.NOTHING), -1, 0, -1);
        var best = Long.MAX_VALUE;
        for (var i = 0; i < views.size(); i++) {
            best = Math.min(best, Policy.cost(situation, question, RouterConfig.Costs.DEFAULT, i));
        }
        var index = serving.indexOf(chosen);
        var cost = index < 0 ? Long.MAX_VALUE : Policy.cost(situation, question, RouterConfig.Costs.DEFAULT, index);
        seen.judged(cost > best + best / 5 + Samples.millis(10));
    }
}
