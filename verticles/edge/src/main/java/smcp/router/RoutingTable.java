package smcp.router;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import smcp.contract.Loads;
import smcp.contract.Loads.Load;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.contract.NodeReport;
import smcp.contract.NodeStatus;
import smcp.contract.PeerCalls;
import smcp.router.Question.Recent;
import smcp.tenant.VersionRef;

/**
 * What this node knows of all nodes. What changes it is rare and under a lock; what reads it sees one immutable {@link Situation} at a time. A call of a version that is awake here, with a place free, costs a look at that and
 * at the version's own state.
 */
final class RoutingTable implements Members.Listener {
    /** Choices remembered for {@link Question#before}: of versions that are served elsewhere. */
    private static final int MOST_CHOICES = 10_000;
    /** Nodes that have gone and whose health is remembered. */
    private static final int MOST_GONE = 1_000;

    private static final Duration UNMEASURED_ZONE = Duration.ofNanos(500_000);
    private static final Duration UNMEASURED_REGION = Duration.ofMillis(80);

    private final RouterConfig config;
    private final Members members;
    private final PeerCalls links;
    private final Loads loads;
    private final LongSupplier nanos;
    private final long selfHash;
    private final Map<String, Peer> peers = new LinkedHashMap<>();
    private final Map<String, Health> gone = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Health> eldest) {
            return size() > MOST_GONE;
        }
    };
    private final Map<VersionRef, Before> before = new ConcurrentHashMap<>();

    private volatile Known known;
    private boolean draining;
    private boolean overloaded;
    private long lagNanos;

    RoutingTable(RouterConfig config, Members members, PeerCalls links, Loads loads, LongSupplier nanos) {
        this.config = config;
        this.members = members;
        this.links = links;
        this.loads = loads;
        this.nanos = nanos;
        this.selfHash = Rendezvous.hash(members.self().id());
        this.known = new Known(new Situation(List.of(here()), 0, 1), List.of(), Set.of());
    }

    /**
     * One state of the table.
     *
     * @param peers in the order of the situation's nodes, which begins with this one
     * @param slowHere versions that run elsewhere several times as quickly as here
     */
    private record Known(Situation situation, List<Peer> peers, Set<VersionRef> slowHere) {}

    /**
     * How the calls of a version have gone lately that were not simply served here.
     *
     * @param node that the last one was sent to, by id
     * @param waited see {@link Question#waited}
     * @param at when that was counted last
     */
    private record Before(String node, long waited, long at) {
        /** What is left of it now: half of it is forgotten after {@code half}. */
        long waited(long now, Duration half) {
            return (long) (waited * Math.pow(0.5, (double) (now - at) / half.toNanos()));
        }
    }

    /** From now on it hears who comes and goes. */
    void begin() {
        members.listen(this);
        synchronized (this) {
            members.others().forEach(this::add);
            rebuild();
        }
    }

    boolean alone() {
        return known.situation().alone();
    }

    Situation situation() {
        return known.situation();
    }

    boolean isHere(NodeView node) {
        return node.member().is(members.self());
    }

    /** The node that serves a call of {@code version} best. */
    NodeView choose(VersionRef version) {
        var now = known;
        var here = now.situation().here();
        if (now.situation().alone()
                || (here.fitness() == Fitness.FIT
                        && here.delayNanos() == 0
                        && loads.free(version)
                        && !now.slowHere().contains(version))) {
            return here;
        }
        var choice = Policy.decide(now.situation(), question(now, version, -1), config.costs());
        if (choice == null) {
            throw new IllegalStateException("no node was found, and not even this one");
        }
        return remembered(version, now.situation(), choice);
    }

    /** The next best node, when a call has failed on {@code without}; null if there is none. */
    @Nullable
    NodeView another(VersionRef version, NodeView without) {
        var now = known;
        var failed = now.situation().indexOf(without.member().id());
        var choice = Policy.decide(now.situation(), question(now, version, failed), config.costs());
        return choice == null ? null : remembered(version, now.situation(), choice);
    }

    private NodeView remembered(VersionRef version, Situation situation, Choice choice) {
        var node = situation.nodes().get(choice.node());
        var id = node.member().id();
        var now = nanos.getAsLong();
        var was = before.get(version);
        if (was == null && before.size() >= MOST_CHOICES) {
            // who loses his memory chooses afresh, which costs a little and harms nobody
            before.clear();
        }
        if (was == null || !choice.awake()) {
            before.put(version, new Before(id, choice.avoidableNanos(), now));
        } else if (now - was.at() >= config.facts().every().toNanos()) {
            var waited = was.waited(now, config.costs().waited()) + choice.avoidableNanos();
            before.put(version, new Before(id, waited, now));
        } else if (!id.equals(was.node())) {
            before.put(version, new Before(id, was.waited(), was.at()));
        }
        return node;
    }

    private Question question(Known now, VersionRef version, int without) {
        var nodes = now.situation().nodes().size();
        var recent = new Recent[nodes];
        recent[0] = Recent.NOTHING;
        for (var i = 1; i < nodes; i++) {
            var calls = now.peers().get(i - 1).sent(version);
            recent[i] = calls == null ? Recent.NOTHING : new Recent(calls.unknown(), calls.full());
        }
        var last = before.get(version);
        return new Question(
                version,
                loads.of(version),
                List.of(recent),
                last == null ? -1 : now.situation().indexOf(last.node()),
                last == null ? 0 : last.waited(nanos.getAsLong(), config.costs().waited()),
                without);
    }

    /** Calls of clients of this node that are under way on others. */
    int underWay() {
        return known.peers().stream().mapToInt(Peer::underWay).sum();
    }

    /** A call of {@code version} goes to {@code node} now; null if that is this node or gone. */
    @Nullable
    Sending sending(NodeView node, VersionRef version) {
        for (var peer : known.peers()) {
            if (peer.member.is(node.member())) {
                return new Sending(this, peer, peer.sending(version), nanos.getAsLong());
            }
        }
        return null;
    }

    void failed(Peer peer) {
        synchronized (this) {
            var now = nanos.getAsLong();
            var was = peer.health();
            peer.health(was.failed(now, config.ejection()));
            if (peer.health().ejected(now) && !was.ejected(now)) {
                rebuild();
            }
        }
    }

    void succeeded(Peer peer) {
        if (!peer.health().spotless()) {
            synchronized (this) {
                peer.health(peer.health().succeeded(nanos.getAsLong(), config.ejection()));
            }
        }
    }

    void heardFrom(Peer peer) {
        peer.heardNow(nanos.getAsLong());
    }

    synchronized void goes(Peer peer) {
        if (peer.goes()) {
            rebuild();
        }
    }

    synchronized void heard(NodeStatus status) {
        var peer = peers.get(status.run());
        if (peer != null && peer.heard(status, nanos.getAsLong())) {
            rebuild();
        }
    }

    @Override
    public synchronized void joined(Member member) {
        add(member);
        rebuild();
    }

    private void add(Member member) {
        peers.computeIfAbsent(
                member.run(),
                _ -> new Peer(member, gone.getOrDefault(member.id(), Health.SPOTLESS), nanos.getAsLong()));
    }

    @Override
    public synchronized void lost(Member member) {
        var peer = peers.remove(member.run());
        if (peer != null) {
            gone.put(
                    member.id(),
                    peer.draining() ? peer.health() : peer.health().vanished(nanos.getAsLong(), config.ejection()));
            rebuild();
        }
    }

    /** This node takes no more calls of others, and gives its own to them. */
    synchronized void drain() {
        draining = true;
        rebuild();
    }

    synchronized boolean draining() {
        return draining;
    }

    synchronized boolean overloaded() {
        return overloaded;
    }

    synchronized long lagNanos() {
        return lagNanos;
    }

    /** Time has passed: facts are older, round trips are others, ejections have ended. */
    synchronized void tick(long lag) {
        lagNanos = lag;
        overloaded = lag >= config.facts().overload().toNanos();
        rebuild();
    }

    /** How many nodes calls are given to. */
    int fit() {
        return (int) known.situation().nodes().stream()
                .filter(node -> node.fitness() == Fitness.FIT)
                .count();
    }

    /** All nodes, this one first. */
    synchronized List<NodeReport> report() {
        var now = nanos.getAsLong();
        var nodes = known.situation().nodes();
        var reports = new ArrayList<NodeReport>(nodes.size());
        var all = loads.all();
        reports.add(new NodeReport(
                members.self(),
                word(nodes.getFirst().fitness()),
                null,
                Duration.ZERO,
                0,
                (int) all.stream()
                        .filter(load -> load.phase() == Loads.Phase.AWAKE)
                        .count(),
                all.stream().mapToInt(Load::running).sum(),
                all.stream().mapToInt(Load::waiting).sum()));
        for (var i = 1; i < nodes.size(); i++) {
            reports.add(report(known.peers().get(i - 1), nodes.get(i), now));
        }
        return List.copyOf(reports);
    }

    private NodeReport report(Peer peer, NodeView view, long now) {
        var measured = links.roundTripNanos(peer.member);
        var said = peer.said();
        return new NodeReport(
                peer.member,
                word(view.fitness()),
                measured.isPresent() ? Duration.ofNanos(measured.getAsLong()) : null,
                Duration.ofNanos(peer.silentFor(now)),
                peer.health().times(),
                said == null ? 0 : said.awake(),
                said == null ? 0 : said.running(),
                said == null ? 0 : said.waiting());
    }

    private static String word(Fitness fitness) {
        return fitness.name().toLowerCase(Locale.ROOT);
    }

    private void rebuild() {
        var now = nanos.getAsLong();
        var order = new ArrayList<>(peers.values());
        var regions = new HashMap<String, Integer>();
        regions.put(members.self().region(), 0);
        var out = ejected(order, now);
        var nodes = new ArrayList<NodeView>(order.size() + 1);
        nodes.add(here());
        for (var peer : order) {
            var region = regions.computeIfAbsent(peer.member.region(), _ -> regions.size());
            nodes.add(view(peer, region, out.contains(peer), now));
        }
        var situation = new Situation(nodes, 0, regions.size());
        known = new Known(situation, List.copyOf(order), slowHere(situation));
    }

    private NodeView here() {
        var fitness = draining ? Fitness.LEAVING : overloaded ? Fitness.DOUBTFUL : Fitness.FIT;
        return new NodeView(members.self(), 0, selfHash, 0, fitness, lagged(lagNanos), Map.of());
    }

    private NodeView view(Peer peer, int region, boolean out, long now) {
        var said = peer.said();
        var silent = peer.silentFor(now);
        var doubtful = said == null
                || out
                || said.overloaded()
                || silent >= config.facts().silence().toNanos();
        var delay =
                Math.max(0, silent - config.facts().fresh().toNanos()) + (said == null ? 0 : lagged(said.lagNanos()));
        return new NodeView(
                peer.member,
                region,
                peer.hash,
                roundTrip(peer.member),
                peer.draining() ? Fitness.LEAVING : doubtful ? Fitness.DOUBTFUL : Fitness.FIT,
                delay,
                peer.loads());
    }

    private long lagged(long lag) {
        return lag < config.facts().lagFrom().toNanos() ? 0 : lag;
    }

    private long roundTrip(Member member) {
        var self = members.self();
        var measured = links.roundTripNanos(member);
        if (!member.region().equals(self.region())) {
            return Math.max(
                    measured.orElse(UNMEASURED_REGION.toNanos()),
                    config.costs().region().toNanos());
        }
        var near = measured.orElse(UNMEASURED_ZONE.toNanos());
        return member.zone().equals(self.zone())
                ? near
                : Math.max(near, config.costs().zone().toNanos());
    }

    /** Who is left out for failing. If that were too many, those whose time is over first are let in: it is more likely that something else is wrong than that half of a cluster is. */
    private Set<Peer> ejected(List<Peer> all, long now) {
        var failing = all.stream()
                .filter(peer -> peer.health().ejected(now))
                .sorted(Comparator.comparingLong(
                                (Peer peer) -> now - peer.health().until())
                        .thenComparing(peer -> peer.member.id()))
                .toList();
        var most = Math.max(1, all.size() * config.ejection().sharePercent() / 100);
        return new HashSet<>(failing.subList(0, Math.min(most, failing.size())));
    }

    private Set<VersionRef> slowHere(Situation situation) {
        var slow = new HashSet<VersionRef>();
        var from = config.costs().slownessFrom().toNanos();
        for (var load : loads.all()) {
            if (load.serviceNanos() > from
                    && Policy.slow(load.serviceNanos(), quickestElsewhere(situation, load), config.costs())) {
                slow.add(load.version());
            }
        }
        return Set.copyOf(slow);
    }

    private static long quickestElsewhere(Situation situation, Load here) {
        var quickest = 0L;
        for (var node : situation.nodes()) {
            var load = node.fitness() == Fitness.FIT ? node.loads().get(here.version()) : null;
            if (load != null && load.serviceNanos() > 0) {
                quickest = quickest == 0 ? load.serviceNanos() : Math.min(quickest, load.serviceNanos());
            }
        }
        return quickest;
    }
}
