package smcp.control;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.control.TenantRecords.Plan;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Version;

/** Removes a tenant's records: all in one commit, then once more what somebody added while that was under way. */
final class TenantRemoval {
    private static final int MOST_ROUNDS = 8;

    private final Registry registry;
    private final TenantRecords tenants;

    TenantRemoval(Registry registry, TenantRecords tenants) {
        this.registry = registry;
        this.tenants = tenants;
    }

    /** Completes with the versions there were. */
    Future<List<Version>> remove(TenantId id, Consumer<Versioned<Tenant>> condition) {
        return tenants.change(id, was -> {
                    condition.accept(was);
                    var versions = registry.list(RegistryKey.versions(id)).stream()
                            .map(Versioned::value)
                            .toList();
                    var writes = hanging(id);
                    writes.add(RegistryWrite.delete(RegistryKey.tenant(id), was));
                    return new Plan<>(writes, versions);
                })
                .compose(versions -> sweep(id, MOST_ROUNDS).map(versions));
    }

    /** Whoever adds a client or a key looks for the tenant again afterwards ({@link Clients}); together the two leave nothing behind. */
    private Future<Void> sweep(TenantId id, int left) {
        var writes = hanging(id);
        if (writes.isEmpty() || registry.get(RegistryKey.tenant(id)) != null) {
            return Future.succeededFuture();
        }
        return registry.commit(writes)
                .recover(cause -> left > 1 && Fault.from(cause).kind() == Kind.CONFLICT
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause))
                .compose(_ -> sweep(id, left - 1));
    }

    private List<RegistryWrite<?>> hanging(TenantId id) {
        var writes = new ArrayList<RegistryWrite<?>>();
        delete(registry.list(RegistryKey.versions(id)), version -> RegistryKey.version(version.ref()), writes);
        delete(registry.list(RegistryKey.catalogues(id)), edition -> RegistryKey.catalogue(edition.version()), writes);
        delete(registry.list(RegistryKey.clients(id)), client -> RegistryKey.client(id, client.id()), writes);
        delete(Keys.where(registry, holder -> Keys.belongs(holder, id)), key -> RegistryKey.key(key.id()), writes);
        delete(registry.list(RegistryKey.secrets(id)), secret -> RegistryKey.secret(id, secret.name()), writes);
        deleteOne(RegistryKey.sealingKey(id), writes);
        // without it nothing that the tenant kept can be opened again, wherever copies are
        deleteOne(RegistryKey.dataKey(id.value()), writes);
        return writes;
    }

    private <T extends Record> void deleteOne(RegistryKey<T> key, List<RegistryWrite<?>> writes) {
        var record = registry.get(key);
        if (record != null) {
            writes.add(RegistryWrite.delete(key, record));
        }
    }

    private static <T extends Record> void delete(
            List<Versioned<T>> records, Function<T, RegistryKey<T>> key, List<RegistryWrite<?>> writes) {
        records.forEach(record -> writes.add(RegistryWrite.delete(key.apply(record.value()), record)));
    }
}
