package smcp.runtime;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import smcp.tenant.VersionRef;

/** Shows a version's worker pool in the metrics for as long as it exists. While a retired verticle of the version still ends its calls, another may be awake beside it: pools of one name are one pool, and so are their figures. */
final class PoolGauge {
    private final Shared pools;
    private final VersionRef version;
    private final AtomicInteger busy;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PoolGauge(Shared pools, VersionRef version, AtomicInteger busy) {
        this.pools = pools;
        this.version = version;
        this.busy = busy;
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

    /** May be called again. */
    void close() {
        if (closed.compareAndSet(false, true)) {
            pools.close(version);
        }
    }

    /** The pools of one node. */
    static final class Shared {
        private final MeterRegistry meters;
        private final Map<VersionRef, Pool> pools = new ConcurrentHashMap<>();

        private record Pool(AtomicInteger busy, int users, Meter.Id meter) {
            Pool used(int by) {
                return new Pool(busy, users + by, meter);
            }
        }

        Shared(MeterRegistry meters) {
            this.meters = meters;
        }

        PoolGauge open(VersionRef version) {
            var pool = pools.compute(version, (ref, was) -> was == null ? register(ref) : was.used(1));
            return new PoolGauge(this, version, pool.busy());
        }

        private Pool register(VersionRef version) {
            var busy = new AtomicInteger();
            var gauge = Gauge.builder("smcp.runtime.pool.busy", busy, AtomicInteger::get)
                    .description("threads of a tenant's worker pool that are at work")
                    .tag("tenant", version.tenant().value())
                    .tag("version", String.valueOf(version.number()))
                    .register(meters);
            return new Pool(busy, 1, gauge.getId());
        }

        private void close(VersionRef version) {
            pools.computeIfPresent(version, (_, was) -> {
                if (was.users() > 1) {
                    return was.used(-1);
                }
                var _ = meters.remove(was.meter());
                return null;
            });
        }
    }
}
