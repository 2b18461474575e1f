package smcp.vault;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.ValueStore;
import smcp.tenant.TenantId;

/**
 * Seals values before a store sees them. Names stay readable, since the store orders and lists by them; versions, ends of life and quotas are the store's own, and so are sizes: what a tenant's values take includes
 * {@value #OVERHEAD} bytes for each.
 */
final class SealedValues implements ValueStore {
    /** No text in UTF-8 begins so. */
    private static final byte[] MAGIC = {(byte) 0xff, 'S', 'V', 1};

    static final int OVERHEAD = 4 + Keysets.OVERHEAD;

    private final ValueStore raw;
    private final DataKeys keys;
    private final Crypto crypto;
    private final Sealing.Mode mode;

    SealedValues(ValueStore raw, DataKeys keys, Crypto crypto, Sealing.Mode mode) {
        this.raw = raw;
        this.keys = keys;
        this.crypto = crypto;
        this.mode = mode;
    }

    @Override
    public Future<Optional<Value>> get(TenantId tenant, String key) {
        return raw.get(tenant, key)
                .compose(found -> found.isEmpty()
                        ? Future.succeededFuture(found)
                        : open(tenant, key, found.get()).map(Optional::of));
    }

    Future<Value> open(TenantId tenant, String key, Value stored) {
        var context = Contexts.value(key);
        var content = stored.content();
        if (!isSealed(content)) {
            return mode.readsUnsealed() ? Future.succeededFuture(stored) : Future.failedFuture(unsealed(tenant, key));
        }
        return crypto.run(content.length(), () -> {
            var sealedBytes = content.getBytes(MAGIC.length, content.length());
            var plain = keys.opening(tenant.value(), context).open(context, sealedBytes);
            return new Value(Buffer.buffer(plain), stored.version(), stored.expires());
        });
    }

    private static Fault unsealed(TenantId tenant, String key) {
        return new Fault(
                Kind.SEALED,
                Contexts.shown(tenant.value(), Contexts.value(key))
                        + " is stored unsealed; vault.acceptUnsealed: true reads it, smcp vault rotate-data-keys seals it");
    }

    static boolean isSealed(Buffer content) {
        if (content.length() < OVERHEAD) {
            return false;
        }
        for (var i = 0; i < MAGIC.length; i++) {
            if (content.getByte(i) != MAGIC[i]) {
                return false;
            }
        }
        return true;
    }

    /** Id of the key that sealed {@code content}; null if it is not sealed. */
    static @Nullable Integer keyOf(Buffer content) {
        return isSealed(content) ? Keysets.keyOf(content.getBytes(0, OVERHEAD), MAGIC.length) : null;
    }

    @Override
    public Future<Long> put(TenantId tenant, String key, Buffer value, Write how) {
        if (value.length() > LONGEST_VALUE) {
            return Future.failedFuture(new Fault(
                    Kind.INVALID_INPUT, "value must have at most " + LONGEST_VALUE + " bytes, got " + value.length()));
        }
        // what looks sealed is sealed even if nothing else is: it would be taken for ours when it is read
        if (!mode.seals() && !isSealed(value)) {
            return raw.put(tenant, key, value, how);
        }
        return seal(tenant, key, value, how);
    }

    /** Writes {@code value} sealed, whatever the mode. */
    Future<Long> seal(TenantId tenant, String key, Buffer value, Write how) {
        var context = Contexts.value(key);
        return keys.use(tenant.value())
                .compose(use -> crypto.run(
                                value.length(),
                                () -> Buffer.buffer(value.length() + OVERHEAD)
                                        .appendBytes(MAGIC)
                                        .appendBytes(use.keys().seal(context, value.getBytes())))
                        .compose(content -> raw.put(tenant, key, content, how))
                        .eventually(use::close));
    }

    /** May the unsealed be sealed, when everything is looked at anyway? */
    boolean mayReseal() {
        return mode.seals();
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String key, long expected) {
        return raw.delete(tenant, key, expected);
    }

    /** The bytes of a value that was stored unsealed are shown too small by {@value #OVERHEAD}: a list does not look into values. */
    @Override
    public Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most) {
        var page = raw.list(tenant, prefix, after, most);
        return mode.seals()
                ? page.map(found ->
                        new Page(found.keys().stream().map(SealedValues::plain).toList(), found.next()))
                : page;
    }

    private static Key plain(Key stored) {
        return new Key(stored.name(), stored.version(), Math.max(0, stored.bytes() - OVERHEAD), stored.expires());
    }

    @Override
    public Future<Size> size(TenantId tenant) {
        return raw.size(tenant);
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        return raw.drop(tenant);
    }

    @Override
    public Future<Integer> sweep(Instant now, int most) {
        return raw.sweep(now, most);
    }
}
