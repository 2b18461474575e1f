package smcp.control;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.Client;
import smcp.tenant.ClientId;
import smcp.tenant.KeyHolder;
import smcp.tenant.Permissions;
import smcp.tenant.TenantId;

/** The clients of the tenants. */
final class Clients {
    /** Of one tenant. */
    static final int MOST = 10_000;

    private static final int MOST_ROUNDS = 8;

    private final Registry registry;
    private final InstantSource clock;

    Clients(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    /** @throws Fault {@link Kind#NOT_FOUND} */
    Versioned<Client> get(TenantId tenant, ClientId id) {
        var found = registry.get(RegistryKey.client(tenant, id));
        if (found == null) {
            throw gone(tenant, id);
        }
        return found;
    }

    static Fault gone(TenantId tenant, ClientId id) {
        return new Fault(Kind.NOT_FOUND, "tenant \"" + tenant + "\" has no client \"" + id + "\"");
    }

    boolean exists(TenantId tenant, ClientId id) {
        return registry.get(RegistryKey.client(tenant, id)) != null;
    }

    /** In order of their names. */
    List<Versioned<Client>> all(TenantId tenant) {
        return registry.list(RegistryKey.clients(tenant));
    }

    /** Creates a client. Its tenant may be deleted at the same time: whoever comes second cleans up. */
    Future<Versioned<Client>> create(TenantId tenant, ClientId id, Permissions permissions) {
        TenantRecords.mustNotExist(
                "client \"" + id + "\" of tenant \"" + tenant + "\"", registry.get(RegistryKey.client(tenant, id)));
        if (all(tenant).size() >= MOST) {
            throw new Fault(
                    Kind.CONFLICT, "tenant \"" + tenant + "\" has " + MOST + " clients, the most; delete one first");
        }
        var key = RegistryKey.client(tenant, id);
        return registry.commit(List.of(RegistryWrite.create(key, new Client(tenant, id, permissions, clock.instant()))))
                .compose(_ -> registry.get(RegistryKey.tenant(tenant)) != null
                        ? Future.succeededFuture(get(tenant, id))
                        : delete(tenant, id)
                                .transform(_ -> Future.failedFuture(
                                        new Fault(Kind.TENANT_UNKNOWN, "there is no tenant \"" + tenant + "\""))));
    }

    Future<Versioned<Client>> change(Versioned<Client> was, Permissions permissions) {
        var client = was.value();
        var now = new Client(client.tenant(), client.id(), permissions, client.created());
        var key = RegistryKey.client(client.tenant(), client.id());
        return registry.commit(List.of(RegistryWrite.replace(key, was, now)))
                .map(_ -> get(client.tenant(), client.id()));
    }

    /** Deletes a client with its keys. Completes when none of them opens anything. */
    Future<Void> delete(TenantId tenant, ClientId id) {
        return delete(tenant, id, MOST_ROUNDS);
    }

    private Future<Void> delete(TenantId tenant, ClientId id, int left) {
        var holder = new KeyHolder.OfClient(tenant, id);
        var writes = new ArrayList<RegistryWrite<?>>();
        var client = registry.get(RegistryKey.client(tenant, id));
        if (client != null) {
            writes.add(RegistryWrite.delete(RegistryKey.client(tenant, id), client));
        }
        Keys.where(registry, holder::equals)
                .forEach(key -> writes.add(
                        RegistryWrite.delete(RegistryKey.key(key.value().id()), key)));
        if (writes.isEmpty()) {
            return Future.succeededFuture();
        }
        return registry.commit(writes)
                .recover(cause -> left > 1 && Fault.from(cause).kind() == Kind.CONFLICT
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause))
                .compose(_ -> delete(tenant, id, left - 1));
    }
}
