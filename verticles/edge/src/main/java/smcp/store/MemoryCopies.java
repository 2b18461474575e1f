package smcp.store;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore.Value;
import smcp.store.RegistryStore.Stored;
import smcp.tenant.TenantId;

/** Backups of what is in this process only. */
record MemoryCopies(MemoryRegistryStore registry, MemoryState state, MemoryValueStore values) implements Copies {
    @Override
    public Future<List<Stored>> registry(long revision) {
        return Future.succeededFuture(registry.since(revision));
    }

    @Override
    public Future<Page<KeptSession>> sessions(TenantId tenant, @Nullable String after) {
        return Future.succeededFuture(new Page<>(state.keptSessions(tenant), null));
    }

    @Override
    public Future<Page<KeptMark>> marks(TenantId tenant, @Nullable String after) {
        return Future.succeededFuture(new Page<>(state.marks(tenant), null));
    }

    @Override
    public Future<Void> restore(List<Stored> records) {
        return registry.restore(records);
    }

    @Override
    public Future<Void> restore(TenantId tenant, String key, Value value) {
        return values.restore(tenant, key, value);
    }

    @Override
    public Future<Void> raise(long number) {
        registry.raise(number);
        values.raise(number);
        return Future.succeededFuture();
    }
}
