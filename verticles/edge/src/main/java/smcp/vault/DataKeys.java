package smcp.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.crypto.tink.KeysetHandle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.DataKey;

/**
 * The data keys of all owners. The registry's record decides at every use: what is remembered here counts only for the revision it was made of, so a deleted or replaced key is gone with its record. Any thread.
 */
final class DataKeys {
    private static final int REMEMBERED = 10_000;

    private final Registry registry;
    private final KeyEncryption kek;
    private final Predicate<String> exists;
    private final Cache<String, Keys> remembered =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();
    private final Map<String, Future<Void>> making = new ConcurrentHashMap<>();
    private final Map<InUse, Integer> inUse = new ConcurrentHashMap<>();

    private record InUse(String owner, int key) {}

    /** @param exists may this owner have keys? Asked again when they are made, because a tenant may be deleted at the same time */
    DataKeys(Registry registry, KeyEncryption kek, Predicate<String> exists) {
        this.registry = registry;
        this.kek = kek;
        this.exists = exists;
        registry.onChange(path -> {
            if (path.startsWith(RegistryKey.DATA_KEYS.path())) {
                remembered.invalidate(
                        path.substring(RegistryKey.DATA_KEYS.path().length()));
            }
        });
    }

    /** Keys with which something is being written. Until it is closed, a rotation keeps the key that seals. */
    final class Use {
        private final Keys keys;
        private final InUse entry;

        private Use(Keys keys) {
            this.keys = keys;
            this.entry = new InUse(keys.owner(), keys.primary());
            var _ = inUse.merge(entry, 1, Integer::sum);
        }

        Keys keys() {
            return keys;
        }

        Future<Void> close() {
            var _ = inUse.computeIfPresent(entry, (_, count) -> count == 1 ? null : count - 1);
            return Future.succeededFuture();
        }
    }

    /** To seal with; makes the owner's first key. */
    Future<Use> use(String owner) {
        try {
            for (var keys = find(owner); keys != null; keys = find(owner)) {
                var use = new Use(keys);
                // a rotation that did not see this use is seen here, and the other way round
                if (current(keys)) {
                    return Future.succeededFuture(use);
                }
                var _ = use.close();
            }
            return make(owner).compose(_ -> use(owner));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private boolean current(Keys keys) {
        var record = registry.get(RegistryKey.dataKey(keys.owner()));
        return record != null && record.revision() == keys.revision();
    }

    /** To open with. Throws {@link Kind#SEALED} if there are none. */
    Keys opening(String owner, String context) {
        var keys = find(owner);
        if (keys == null) {
            throw new Fault(Kind.SEALED, Contexts.shown(owner, context) + " is sealed, and its data key is gone");
        }
        return keys;
    }

    /** Null if the owner has none. */
    @Nullable
    Keys find(String owner) {
        var record = registry.get(RegistryKey.dataKey(owner));
        if (record == null) {
            remembered.invalidate(owner);
            return null;
        }
        var known = remembered.getIfPresent(owner);
        if (known != null && known.revision() == record.revision()) {
            return known;
        }
        var keys = keys(record);
        remembered.put(owner, keys);
        return keys;
    }

    /** Throws {@link Kind#SEALED} if this node has not the key-encryption key. */
    Keys keys(Versioned<DataKey> record) {
        var owner = record.value().owner();
        try {
            return Keys.of(owner, record.revision(), kek.unwrap(record.value().keyset(), where(owner)));
        } catch (GeneralSecurityException e) {
            throw new Fault(
                    Kind.SEALED,
                    kek.ids().contains(record.value().kek())
                            ? "the data key of " + owner + " does not open: its record was changed"
                            : "the data key of " + owner + " is encrypted with key-encryption key "
                                    + record.value().kek() + ", and this node has only "
                                    + String.join(", ", kek.ids()) + " (" + kek.source() + ")");
        }
    }

    private static byte[] where(String owner) {
        return Contexts.dataKey(owner).getBytes(StandardCharsets.UTF_8);
    }

    /** One commit at a time for an owner on this node; between nodes the first one wins, and the others take its key. */
    private Future<Void> make(String owner) {
        var promise = Promise.<Void>promise();
        var under = making.putIfAbsent(owner, promise.future());
        if (under != null) {
            return under;
        }
        commitFirst(owner).onComplete(made -> {
            making.remove(owner);
            promise.handle(made);
        });
        return promise.future();
    }

    private Future<Void> commitFirst(String owner) {
        try {
            if (!exists.test(owner)) {
                return Future.failedFuture(gone(owner));
            }
            var key = RegistryKey.dataKey(owner);
            return registry.commit(List.of(RegistryWrite.create(key, record(owner, Keysets.fresh(), null))))
                    .recover(cause -> registry.get(key) == null ? Future.failedFuture(cause) : Future.succeededFuture())
                    .compose(_ -> exists.test(owner) ? Future.succeededFuture() : takeBack(owner));
        } catch (GeneralSecurityException | RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Void> takeBack(String owner) {
        var found = registry.get(RegistryKey.dataKey(owner));
        var removed = found == null
                ? Future.<Void>succeededFuture()
                : registry.commit(List.of(RegistryWrite.delete(RegistryKey.dataKey(owner), found)));
        return removed.transform(_ -> Future.failedFuture(gone(owner)));
    }

    private static Fault gone(String owner) {
        return new Fault(Kind.TENANT_UNKNOWN, "there is no tenant \"" + owner + "\"");
    }

    private DataKey record(String owner, KeysetHandle keyset, @Nullable Instant rotating)
            throws GeneralSecurityException {
        var wrapped = kek.wrap(keyset, where(owner));
        return new DataKey(owner, wrapped.kek(), wrapped.keyset(), rotating);
    }

    /** The write that gives an owner a new primary key beside those it has. */
    RegistryWrite<DataKey> grown(Versioned<DataKey> was, Instant now) {
        try {
            var owner = was.value().owner();
            return RegistryWrite.replace(
                    RegistryKey.dataKey(owner),
                    was,
                    record(owner, Keysets.grown(keys(was).keyset(), true), now));
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.INTERNAL, "no new key can be made", e);
        }
    }

    /** The write that drops all but the primary key. */
    RegistryWrite<DataKey> shrunk(Versioned<DataKey> was) {
        try {
            var owner = was.value().owner();
            return RegistryWrite.replace(
                    RegistryKey.dataKey(owner),
                    was,
                    record(owner, Keysets.onlyPrimary(keys(was).keyset()), null));
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.INTERNAL, "the older keys cannot be dropped", e);
        }
    }

    /** The write that encrypts the keyset with the primary key-encryption key. */
    RegistryWrite<DataKey> rewrapped(Versioned<DataKey> was) {
        try {
            var owner = was.value().owner();
            return RegistryWrite.replace(
                    RegistryKey.dataKey(owner),
                    was,
                    record(owner, keys(was).keyset(), was.value().rotating()));
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.INTERNAL, "the keys of " + was.value().owner() + " cannot be encrypted anew", e);
        }
    }

    /** Is something being written on this node with a key of {@code owner} other than {@code primary}? */
    boolean olderInUse(String owner, int primary) {
        return inUse.keySet().stream().anyMatch(use -> use.owner().equals(owner) && use.key() != primary);
    }
}
