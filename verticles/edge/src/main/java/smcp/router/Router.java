package smcp.router;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import smcp.contract.Addresses;
import smcp.contract.LegacyHost;
import smcp.contract.Loads;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.contract.NodeReport;
import smcp.contract.PeerCalls;
import smcp.contract.TenantCall;
import smcp.contract.TenantDirectory;

/** Knows who serves what in the cluster, and tells the others about this node. One instance a node; its timers and reports are confined to its event loop. */
public final class Router extends VerticleBase {
    private static final int LAG_WEIGHT = 4;

    private final RouterConfig config;
    private final Members members;
    private final Loads loads;
    private final RoutingTable table;
    private final Ways ways;
    private final StatusWriter writer;
    private final AtomicBoolean soon = new AtomicBoolean();
    private final AtomicBoolean stranger = new AtomicBoolean();
    private long tickedAt;
    private long lagNanos;

    private Router(
            RouterConfig config,
            Members members,
            PeerCalls links,
            Loads loads,
            TenantDirectory directory,
            TenantCall here,
            MeterRegistry meters) {
        this.config = config;
        this.members = members;
        this.loads = loads;
        this.table = new RoutingTable(config, members, links, loads, System::nanoTime);
        this.writer = new StatusWriter(members.self(), loads, config.facts());
        this.ways = new Ways(table, links, directory, here, System::nanoTime);
        Gauge.builder("smcp.router.fit", table, RoutingTable::fit)
                .description("nodes, this one included, that calls are given to")
                .register(meters);
        ways.bind(meters);
    }

    /**
     * A router that begins when it is deployed; until then this node serves everything itself.
     *
     * @param here executes calls on this node, and counts nothing
     */
    public static Router of(
            RouterConfig config,
            Members members,
            PeerCalls links,
            Loads loads,
            TenantDirectory directory,
            TenantCall here,
            MeterRegistry meters) {
        return new Router(config, members, links, loads, directory, here, meters);
    }

    @Override
    public Future<?> start() {
        table.begin();
        members.listen(new Members.Listener() {
            @Override
            public void joined(Member member) {
                stranger.set(true);
                publishSoon();
            }

            @Override
            public void lost(Member member) {
                // the table has heard it too
            }
        });
        loads.onChange(this::publishSoon);
        tickedAt = System.nanoTime();
        vertx.setPeriodic(config.facts().every().toMillis(), _ -> tick());
        return Addresses.NODE_STATUS.hear(vertx, table::heard).completion().onSuccess(_ -> publish());
    }

    private void tick() {
        var now = System.nanoTime();
        var late = Math.max(0, now - tickedAt - config.facts().every().toNanos());
        tickedAt = now;
        lagNanos += (late - lagNanos) / LAG_WEIGHT;
        table.tick(lagNanos);
        publish();
    }

    /** Any thread. */
    private void publishSoon() {
        if (soon.compareAndSet(false, true)) {
            vertx.setTimer(
                    config.facts().atOnce().toMillis(),
                    _ -> context.runOnContext(_ -> {
                        if (soon.getAndSet(false)) {
                            publish();
                        }
                    }));
        }
    }

    private void publish() {
        soon.set(false);
        Addresses.NODE_STATUS.publish(
                vertx,
                writer.next(
                        table.draining(),
                        table.overloaded(),
                        table.lagNanos(),
                        System.nanoTime(),
                        stranger.getAndSet(false)));
    }

    /** Serves modern calls, here or elsewhere. */
    public Route route() {
        return new Route(ways);
    }

    /** Serves legacy calls, by {@code here} or elsewhere. */
    public LegacyRoute route(LegacyHost here) {
        return new LegacyRoute(ways, here);
    }

    /** Serves what other nodes send: here, and never further. */
    public Arrivals arrivals(LegacyHost here) {
        return new Arrivals(table, ways.here(), here);
    }

    /** From now on other nodes get new calls, also those of clients that are connected here. Any thread. */
    public void drain() {
        table.drain();
        publishSoon();
    }

    /** Calls of clients of this node that are under way on others. Any thread. */
    public int underWay() {
        return table.underWay();
    }

    /** All nodes as this one knows them, itself first. */
    public List<NodeReport> nodes() {
        return table.report();
    }
}
