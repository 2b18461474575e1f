package smcp.router;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.PeerCalls;
import smcp.contract.TenantCall;
import smcp.contract.TenantDirectory;
import smcp.protocol.Method;

/** The ways that a call can go, and the one rule of whether it may go a second one. */
final class Ways {
    private final RoutingTable table;
    private final PeerCalls links;
    private final TenantDirectory directory;
    private final TenantCall here;
    private final LongSupplier nanos;
    private final LongAdder forwarded = new LongAdder();
    private final LongAdder repeated = new LongAdder();

    Ways(RoutingTable table, PeerCalls links, TenantDirectory directory, TenantCall here, LongSupplier nanos) {
        this.table = table;
        this.links = links;
        this.directory = directory;
        this.here = here;
        this.nanos = nanos;
    }

    void bind(MeterRegistry meters) {
        FunctionCounter.builder("smcp.router.forwarded", forwarded, LongAdder::doubleValue)
                .description("attempts at calls that were made on another node")
                .register(meters);
        FunctionCounter.builder("smcp.router.repeated", repeated, LongAdder::doubleValue)
                .description("calls that were tried a second time, on another node than the first")
                .register(meters);
    }

    RoutingTable table() {
        return table;
    }

    PeerCalls links() {
        return links;
    }

    TenantCall here() {
        return here;
    }

    void countForwarded() {
        forwarded.increment();
    }

    void countRepeated() {
        repeated.increment();
    }

    /**
     * May a call that failed so, and of which nothing has reached the client, be tried on another node? A failure that is the tenant's own is not listed: an engine that died, a limit.
     */
    boolean mayRepeat(Call call, Kind fault) {
        var allowed = switch (fault) {
            // nothing was executed: it was not delivered, or refused at the door
            case NODE_UNREACHABLE, DRAINING, OVERLOADED, NOT_DEPLOYED -> true;
            // it may have been executed
            case NODE_LOST -> harmlessTwice(call);
            default -> false;
        };
        return allowed && call.deadlineNanos() - nanos.getAsLong() > 0;
    }

    private boolean harmlessTwice(Call call) {
        if (call.method() != Method.TOOLS_CALL) {
            return true;
        }
        var entry = directory.byName(call.version().tenant().value());
        var offer = entry == null ? null : entry.offer(call.version().number());
        return offer != null && offer.repeatable(call.name());
    }
}
