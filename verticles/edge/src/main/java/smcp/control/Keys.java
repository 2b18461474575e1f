package smcp.control;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.KeyRing;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.ApiKey;
import smcp.tenant.KeyHolder;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;

/** The keys of clients and the tokens of tenants: both are {@link ApiKey} records, told apart by whom they prove. */
final class Keys {
    /** Of one holder. */
    static final int MOST = 100;

    private final Registry registry;
    private final KeyRing ring;

    Keys(Registry registry, KeyRing ring) {
        this.registry = registry;
        this.ring = ring;
    }

    List<ApiKey> of(KeyHolder holder) {
        return where(registry, holder::equals).stream().map(Versioned::value).toList();
    }

    /** @param holderThere is the holder in the registry? Asked again after the commit, because it may be deleted at the same time */
    Future<KeyRing.Issued> issue(
            KeyHolder holder, @Nullable Instant expires, BooleanSupplier holderThere, Supplier<Fault> gone) {
        if (of(holder).size() >= MOST) {
            throw new Fault(
                    Kind.CONFLICT, "there are " + MOST + " keys, the most one holder may have; revoke one first");
        }
        var issued = ring.issue(holder, expires);
        var key = RegistryKey.key(issued.key().id());
        return registry.commit(List.of(RegistryWrite.create(key, issued.key())))
                .compose(_ -> holderThere.getAsBoolean()
                        ? Future.succeededFuture(issued)
                        : removeIfThere(key).transform(_ -> Future.failedFuture(gone.get())));
    }

    Future<Void> revoke(KeyHolder holder, String id) {
        var found = registry.get(RegistryKey.key(id));
        if (found == null || !found.value().holder().equals(holder)) {
            throw new Fault(Kind.NOT_FOUND, "there is no key \"" + Shown.of(id) + "\" of this holder");
        }
        return registry.commit(List.of(RegistryWrite.delete(RegistryKey.key(id), found)));
    }

    private <T extends Record> Future<Void> removeIfThere(RegistryKey<T> key) {
        var found = registry.get(key);
        return found == null ? Future.succeededFuture() : registry.commit(List.of(RegistryWrite.delete(key, found)));
    }

    static List<Versioned<ApiKey>> where(Registry registry, Predicate<KeyHolder> holder) {
        return registry.list(RegistryKey.KEYS).stream()
                .filter(key -> holder.test(key.value().holder()))
                .toList();
    }

    /** Does the key open anything of this tenant? */
    static boolean belongs(KeyHolder holder, TenantId id) {
        return switch (holder) {
            case KeyHolder.Operator _ -> false;
            case KeyHolder.TenantOwner owner -> owner.tenant().equals(id);
            case KeyHolder.OfClient client -> client.tenant().equals(id);
        };
    }
}
