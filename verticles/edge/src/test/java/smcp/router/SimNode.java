package smcp.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.LegacyRequest;
import smcp.contract.Loads;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.contract.PeerCalls;
import smcp.contract.Reply;
import smcp.contract.TenantCall;
import smcp.tenant.VersionRef;

/** A node in virtual time: the real table, reports, route and arrivals, around tenants, links and a membership that are played. */
final class SimNode implements TenantCall, Loads, Members, PeerCalls {
    private static final long AT_ONCE = RouterConfig.DEFAULT.facts().atOnce().toNanos();
    private static final long EVERY = RouterConfig.DEFAULT.facts().every().toNanos();

    private final SimCluster cluster;
    private final Member self;
    private final SplittableRandom random;
    private final Map<VersionRef, SimTenant> tenants = new LinkedHashMap<>();
    private final Set<Link> under = new LinkedHashSet<>();
    private final List<Member> others = new ArrayList<>();
    private final RoutingTable table;
    private final StatusWriter writer;
    private final Route route;
    private final Arrivals arrivals;
    private Members.@Nullable Listener listener;
    private boolean dead;
    private boolean hung;
    private boolean told;
    private double slowness = 1;

    SimNode(SimCluster cluster, Member self, SplittableRandom random) {
        this.cluster = cluster;
        this.self = self;
        this.random = random;
        this.table = new RoutingTable(RouterConfig.DEFAULT, this, this, this, time()::now);
        this.writer = new StatusWriter(self, this, RouterConfig.DEFAULT.facts());
        this.route = new Route(new Ways(table, this, Samples.directory("read"::equals), this, time()::now));
        this.arrivals = new Arrivals(table, this, (_, _) -> {});
    }

    void begin(List<Member> already) {
        others.addAll(already);
        table.begin();
        // no two nodes tell at the same moment
        later(random.nextLong(EVERY), this::tick);
        report(true);
    }

    private void tick() {
        table.tick(slowness > 1 ? (long) (Samples.millis(2) * slowness) : 0);
        report(false);
        later(EVERY, this::tick);
    }

    private void report(boolean whole) {
        var status = writer.next(table.draining(), table.overloaded(), table.lagNanos(), time().now(), whole);
        cluster.broadcast(this, status);
    }

    /** Runs {@code what} in a while, if this node still does anything then. */
    void later(long nanos, Runnable what) {
        time().in(nanos, () -> {
            if (hung) {
                later(Samples.millis(50), what);
            } else if (!dead) {
                what.run();
            }
        });
    }

    void changed() {
        if (!told) {
            told = true;
            later(AT_ONCE, () -> {
                told = false;
                report(false);
            });
        }
    }

    void engineStarted() {
        cluster.engineStarted(this);
    }

    void drain() {
        table.drain();
        changed();
    }

    void die() {
        dead = true;
        List.copyOf(under).forEach(link -> link.close(Kind.NODE_LOST));
    }

    void hang(boolean now) {
        hung = now;
    }

    void slow(double factor) {
        slowness = factor;
    }

    void join(SimNode other) {
        others.add(other.self);
        var heard = listener;
        if (heard != null) {
            heard.joined(other.self);
        }
        report(true);
    }

    void remove(SimNode other) {
        if (others.remove(other.self)) {
            var heard = listener;
            if (heard != null) {
                heard.lost(other.self);
            }
        }
        List.copyOf(other.under).stream().filter(link -> link.from == this).forEach(link -> link.close(Kind.NODE_LOST));
    }

    /** A client's call. */
    void take(Call call, CallSink sink) {
        var _ = route.start(call, sink);
    }

    RoutingTable table() {
        return table;
    }

    VirtualTime time() {
        return cluster.time();
    }

    SplittableRandom random() {
        return random;
    }

    double slowness() {
        return slowness;
    }

    /** Would a call that arrives now be answered? */
    boolean serves() {
        return !dead && !hung && !table.draining();
    }

    boolean dead() {
        return dead;
    }

    @Nullable
    Load truth(VersionRef version) {
        var tenant = tenants.get(version);
        return tenant == null ? null : tenant.truth();
    }

    @Override
    public Running start(Call call, CallSink sink) {
        cluster.executes(this);
        tenants.computeIfAbsent(call.version(), version -> cluster.tenant(version, this))
                .start(sink);
        return Running.ENDED;
    }

    @Override
    public boolean free(VersionRef version) {
        var tenant = tenants.get(version);
        return tenant != null && tenant.free();
    }

    @Override
    public @Nullable Load of(VersionRef version) {
        var tenant = tenants.get(version);
        return tenant == null ? null : tenant.load();
    }

    @Override
    public List<Load> all() {
        return tenants.values().stream()
                .map(SimTenant::load)
                .filter(load -> load.phase() != Phase.ASLEEP)
                .toList();
    }

    @Override
    public void onChange(Runnable changed) {
        // changes are reported by this node itself
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public List<Member> others() {
        return List.copyOf(others);
    }

    @Override
    public void listen(Members.Listener heard) {
        listener = heard;
    }

    @Override
    public TenantCall on(Member member) {
        var there = cluster.node(member);
        return (call, sink) -> {
            var link = new Link(this, there, sink);
            there.under.add(link);
            if (there.dead) {
                time().in(cluster.roundTrip(this, there), () -> link.close(Kind.NODE_UNREACHABLE));
            } else {
                time().in(
                                cluster.way(this, there),
                                () -> there.later(0, () -> {
                                    var _ = there.arrivals.start(call, link);
                                }));
            }
            return Running.ENDED;
        };
    }

    /** A call between two nodes. */
    private final class Link implements CallSink {
        private final SimNode from;
        private final SimNode there;
        private final CallSink out;
        private boolean over;

        Link(SimNode from, SimNode there, CallSink out) {
            this.from = from;
            this.there = there;
            this.out = out;
        }

        void close(Kind why) {
            deliver(new CallEvent.Broken(new Fault(why, "lost")));
        }

        @Override
        public void accept(CallEvent event) {
            time().in(cluster.way(from, there), () -> deliver(event));
        }

        private void deliver(CallEvent event) {
            if (over || from.dead) {
                return;
            }
            if (event instanceof CallEvent.End) {
                over = true;
                there.under.remove(this);
            }
            out.accept(event);
        }
    }

    @Override
    public void serve(Member member, LegacyRequest request, @Nullable Reply reply, Consumer<Fault> lost) {
        throw new UnsupportedOperationException();
    }

    @Override
    public OptionalLong roundTripNanos(Member member) {
        return OptionalLong.of(cluster.roundTrip(this, cluster.node(member)));
    }
}
