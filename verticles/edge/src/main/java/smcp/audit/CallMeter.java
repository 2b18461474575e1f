package smcp.audit;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.Account;
import smcp.contract.Call;
import smcp.protocol.Method;
import smcp.tenant.TenantId;

/** Counts and times calls by tenant, method and outcome. Tags are bounded by the number of tenants; a tool's name is the tenant's to choose, so it is none. */
public final class CallMeter implements Account {
    private static final Logger log = LoggerFactory.getLogger(CallMeter.class);

    private final MeterRegistry meters;
    private final Map<Key, Timer> timers = new ConcurrentHashMap<>();

    private record Key(TenantId tenant, Method method, Outcome outcome) {}

    public CallMeter(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void ended(Call call, Outcome outcome, @Nullable Fault fault, long nanos) {
        var key = new Key(call.version().tenant(), call.method(), outcome);
        var timer = timers.get(key);
        if (timer == null) {
            timer = timers.computeIfAbsent(key, this::timer);
        }
        timer.record(nanos, TimeUnit.NANOSECONDS);
        if (fault != null) {
            meters.counter("smcp.call.faults", "kind", fault.kind().name().toLowerCase(Locale.ROOT))
                    .increment();
            log.atDebug()
                    .addKeyValue("tenant", call.version())
                    .addKeyValue("fault", fault.kind())
                    .log("call ended: " + fault.message());
        }
    }

    private Timer timer(Key key) {
        return Timer.builder("smcp.call")
                .description("calls of tenants, from the request's first byte to the end of the answer")
                .tag("tenant", key.tenant().value())
                .tag("method", key.method().wire())
                .tag("outcome", key.outcome().name().toLowerCase(Locale.ROOT))
                .register(meters);
    }
}
