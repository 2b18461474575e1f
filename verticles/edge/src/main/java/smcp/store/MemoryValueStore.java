package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore;
import smcp.tenant.TenantId;

/** Values in this process only: {@link MemoryValues} each tenant, locked on its own. Operations are short and complete at once, on the caller's thread. */
final class MemoryValueStore implements ValueStore {
    private final InstantSource clock;
    private final Map<TenantId, MemoryValues> tenants = new ConcurrentHashMap<>();

    /** Above every version of a tenant that was dropped: one that comes again goes on from here. */
    private final AtomicLong floor = new AtomicLong();

    MemoryValueStore(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public Future<Optional<Value>> get(TenantId tenant, String key) {
        return now(() -> {
            var bytes = ValueChecks.key(key);
            return find(tenant).flatMap(values -> values.get(bytes, millis()));
        });
    }

    @Override
    public Future<Long> put(TenantId tenant, String key, Buffer value, Write how) {
        return now(() -> {
            var bytes = ValueChecks.key(key);
            ValueChecks.value(value);
            ValueChecks.write(how);
            var copy = value.copy();
            while (true) {
                var values = tenants.computeIfAbsent(tenant, _ -> new MemoryValues(floor.get()));
                var version = values.put(key, bytes, copy, how, clock.instant());
                if (version != MemoryValues.DROPPED) {
                    return version;
                }
            }
        });
    }

    /** As {@link Copies#restore(TenantId, String, ValueStore.Value)}. */
    Future<Void> restore(TenantId tenant, String key, Value value) {
        return now(() -> {
                    var bytes = ValueChecks.key(key);
                    ValueChecks.value(value.content());
                    return tenants.computeIfAbsent(tenant, _ -> new MemoryValues(floor.get()))
                            .restore(bytes, value);
                })
                .mapEmpty();
    }

    void raise(long number) {
        var _ = floor.accumulateAndGet(number, Math::max);
        tenants.values().forEach(values -> values.raise(number));
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String key, long expected) {
        return now(() -> {
            var bytes = ValueChecks.key(key);
            return find(tenant)
                    .map(values -> values.delete(key, bytes, expected, millis()))
                    .orElse(false);
        });
    }

    @Override
    public Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most) {
        return now(() -> {
            var from = ValueChecks.prefix(prefix);
            var behind = after == null ? null : ValueChecks.after(after);
            ValueChecks.most(most);
            return find(tenant)
                    .map(values -> values.list(from, behind, most, millis()))
                    .orElse(new Page(java.util.List.of(), null));
        });
    }

    @Override
    public Future<Size> size(TenantId tenant) {
        return now(() -> find(tenant).map(MemoryValues::size).orElse(new Size(0, 0)));
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        var _ = tenants.computeIfPresent(tenant, (_, values) -> {
            var last = values.drop();
            var _ = floor.accumulateAndGet(last, Math::max);
            return null;
        });
        return Future.succeededFuture();
    }

    @Override
    public Future<Integer> sweep(Instant now, int most) {
        var swept = 0;
        for (var values : tenants.values()) {
            swept += values.sweep(now.toEpochMilli(), most - swept);
        }
        return Future.succeededFuture(swept);
    }

    private Optional<MemoryValues> find(TenantId tenant) {
        return Optional.ofNullable(tenants.get(tenant));
    }

    private long millis() {
        return clock.millis();
    }

    private static <T> Future<T> now(Supplier<T> operation) {
        return Checked.in(() -> Future.succeededFuture(operation.get()));
    }
}
