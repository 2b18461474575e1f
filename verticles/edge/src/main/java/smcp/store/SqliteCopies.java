package smcp.store;

import io.vertx.core.Future;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore.Value;
import smcp.store.RegistryStore.Stored;
import smcp.tenant.TenantId;

/** Backups of SQLite files: their stores know how. */
record SqliteCopies(SqliteRegistryStore registry, SqliteState state, SqliteValueStore values) implements Copies {
    @Override
    public Future<List<Stored>> registry(long revision) {
        return registry.since(revision);
    }

    @Override
    public Future<Page<KeptSession>> sessions(TenantId tenant, @Nullable String after) {
        return state.keptSessions(tenant, after);
    }

    @Override
    public Future<Page<KeptMark>> marks(TenantId tenant, @Nullable String after) {
        return state.marks(tenant, after);
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
        return registry.raise(number).compose(_ -> values.raise(number));
    }
}
