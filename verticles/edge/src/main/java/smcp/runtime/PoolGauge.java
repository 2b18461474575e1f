package smcp.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import smcp.tenant.VersionRef;

/** Shows a tenant's worker pool in the metrics for as long as it exists. */
final class PoolGauge {
    private final MeterRegistry meters;
    private final Meter.Id id;
    private final AtomicInteger busy = new AtomicInteger();

    PoolGauge(MeterRegistry meters, VersionRef version) {
        this.meters = meters;
        this.id = Gauge.builder("smcp.runtime.pool.busy", busy, AtomicInteger::get)
                .description("threads of a tenant's worker pool that are at work")
                .tag("tenant", version.tenant().value())
                .tag("version", String.valueOf(version.number()))
                .register(meters)
                .getId();
    }

    Executor counted(Executor pool) {
        return task -> pool.execute(() -> {
            busy.incrementAndGet();
            try {
                task.run();
            } finally {
                busy.decrementAndGet();
            }
        });
    }

    void close() {
        var _ = meters.remove(id);
    }
}
