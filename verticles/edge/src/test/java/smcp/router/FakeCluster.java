package smcp.router;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.LegacyRequest;
import smcp.contract.Loads;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.contract.NodeStatus;
import smcp.contract.PeerCalls;
import smcp.contract.Reply;
import smcp.contract.TenantCall;
import smcp.tenant.VersionRef;

/** A node called {@code here} with a real table, among others that a test speaks for. Time stands still unless the test moves it. */
final class FakeCluster implements Members, PeerCalls, Loads {
    private final Member self = Samples.member("here", "r", "z");
    private final Map<String, Member> others = new LinkedHashMap<>();
    private final Map<VersionRef, Load> loads = new LinkedHashMap<>();
    private final List<Members.Listener> listeners = new ArrayList<>();
    /** Attempts in their order. */
    final List<Attempt> attempts = new ArrayList<>();

    final List<LegacyAttempt> legacy = new ArrayList<>();
    long now = System.nanoTime();
    private long number;
    final RoutingTable table = new RoutingTable(RouterConfig.DEFAULT, this, this, this, () -> now);
    final Ways ways = new Ways(
            table,
            this,
            Samples.directory(tool -> tool.startsWith("read")),
            (_, sink) -> attempt("here", sink),
            () -> now);

    /** A call at a node, in the test's hands. */
    static final class Attempt implements TenantCall.Running {
        final String node;
        final CallSink sink;

        @Nullable
        String cancelled;

        Attempt(String node, CallSink sink) {
            this.node = node;
            this.sink = sink;
        }

        void says(CallEvent event) {
            sink.accept(event);
        }

        void breaks(Kind kind) {
            sink.accept(new CallEvent.Broken(new Fault(kind, "broken at " + node)));
        }

        @Override
        public void cancel(String reason) {
            cancelled = reason;
        }
    }

    /** A legacy call at another node, in the test's hands. */
    record LegacyAttempt(String node, @Nullable Reply reply, Consumer<Fault> lost) {}

    private TenantCall.Running attempt(String node, CallSink sink) {
        var attempt = new Attempt(node, sink);
        attempts.add(attempt);
        return attempt;
    }

    FakeCluster(String... names) {
        for (var name : names) {
            others.put(name, Samples.member(name, "r", "z"));
        }
        table.begin();
    }

    void loadHere(Load load) {
        loads.put(load.version(), load);
    }

    /** {@code node} tells that all this is awake there. */
    void says(String node, Load... loads) {
        says(node, false, true, List.of(), loads);
    }

    void says(String node, boolean draining, boolean whole, List<VersionRef> asleep, Load... loads) {
        var member = member(node);
        table.heard(new NodeStatus(
                member.id(),
                member.run(),
                ++number,
                whole,
                draining,
                false,
                0,
                loads.length,
                0,
                0,
                List.of(loads),
                asleep));
    }

    void passes(double millis) {
        now += Samples.millis(millis);
        table.tick(0);
    }

    void leaves(String node) {
        var member = member(node);
        others.remove(node);
        listeners.forEach(listener -> listener.lost(member));
    }

    void joins(String node) {
        var member = Samples.member(node, "r", "z");
        others.put(node, member);
        listeners.forEach(listener -> listener.joined(member));
    }

    private Member member(String node) {
        var member = others.get(node);
        if (member == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return member;
    }

    String chosen() {
        return table.choose(Samples.ACME).member().name();
    }

    NodeView view(String node) {
        return table.situation().nodes().stream()
                .filter(view -> view.member().name().equals(node))
                .findFirst()
                .orElseThrow();
    }

    List<String> triedAt() {
        return attempts.stream().map(attempt -> attempt.node).toList();
    }

    @Override
    public Member self() {
        return self;
    }

    @Override
    public List<Member> others() {
        return List.copyOf(others.values());
    }

    @Override
    public void listen(Members.Listener listener) {
        listeners.add(listener);
    }

    @Override
    public TenantCall on(Member member) {
        return (_, sink) -> attempt(member.name(), sink);
    }

    @Override
    public void serve(Member member, LegacyRequest request, @Nullable Reply reply, Consumer<Fault> lost) {
        legacy.add(new LegacyAttempt(member.name(), reply, lost));
    }

    @Override
    public OptionalLong roundTripNanos(Member member) {
        return OptionalLong.of(Samples.millis(0.3));
    }

    @Override
    public boolean free(VersionRef version) {
        var load = loads.get(version);
        return load != null && load.phase() == Phase.AWAKE && load.running() < load.concurrency();
    }

    @Override
    public @Nullable Load of(VersionRef version) {
        return loads.get(version);
    }

    @Override
    public List<Load> all() {
        return List.copyOf(loads.values());
    }

    @Override
    public void onChange(Runnable changed) {
        // nobody asks here
    }
}
