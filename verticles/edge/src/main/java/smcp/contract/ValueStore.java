package smcp.contract;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;

/**
 * Small values that tenants keep under keys. Keys are any Unicode text without lone surrogates, 1 to {@link #LONGEST_KEY} bytes in UTF-8, ordered by those bytes. Tenants cannot name each other's keys: every operation carries the tenant.
 * Every operation fails with {@link Fault.Kind#INVALID_INPUT}, naming field and bound, for a key, prefix, value, version, life or page beyond the bounds. Times are exact to the millisecond.
 */
public interface ValueStore {
    /** Bytes of a key in UTF-8. */
    int LONGEST_KEY = 512;

    /** Bytes of a value, whatever an operator allows. */
    int LONGEST_VALUE = 25 << 20;

    /** Bytes of a value as a store is given it: sealing makes values longer. */
    int LONGEST_STORED = LONGEST_VALUE + 1_024;

    /** Keys of one page. */
    int MOST_KEYS = 1_000;

    Duration SHORTEST_LIFE = Duration.ofMillis(1);

    Duration LONGEST_LIFE = Duration.ofDays(36_500);

    /** Write whatever is there. */
    long ANY = -1;

    /** Write only if the key has no value. */
    long ABSENT = 0;

    /**
     * A stored value.
     *
     * @param version a number that no other write of this tenant ever got, not even of a key that was deleted; later writes have greater ones
     * @param expires null: never
     */
    record Value(Buffer content, long version, @Nullable Instant expires) {
        @Override
        public String toString() {
            return "Value[" + content.length() + " bytes, version " + version + "]";
        }
    }

    /** A key and what is known of its value. */
    record Key(
            String name, long version, int bytes, @Nullable Instant expires) {}

    /**
     * Keys in order.
     *
     * @param next where to go on; null at the end
     */
    record Page(List<Key> keys, @Nullable String next) {}

    /** What a tenant's values take: their number, and the bytes of keys and values as they are stored. What has expired counts until it is swept. */
    record Size(long entries, long bytes) {}

    /**
     * How to write.
     *
     * @param expected version of the value to replace, {@link #ANY} or {@link #ABSENT}
     * @param life null: for ever
     * @param most what the tenant may have after the write
     */
    record Write(long expected, @Nullable Duration life, Size most) {
        /**
         * Under a tenant's limits.
         *
         * @param bytes of the value as the tenant gives it
         * @throws Fault {@link Fault.Kind#QUOTA} if the value is longer than one may be
         */
        public static Write within(Limits.Storage limits, int bytes, long expected, @Nullable Duration life) {
            if (bytes > limits.valueBytes()) {
                throw new Fault(
                        Fault.Kind.QUOTA,
                        "a value of this tenant must have at most " + limits.valueBytes()
                                + " bytes (limits.valueBytes), got " + bytes);
            }
            return new Write(expected, life, new Size(limits.kvEntries(), limits.kvBytes()));
        }
    }

    /** Empty if there is none or it has expired. */
    Future<Optional<Value>> get(TenantId tenant, String key);

    /**
     * Writes a value; answers its version. Fails with {@link Fault.Kind#CONFLICT} naming the key if the stored version is not the expected one, with {@link Fault.Kind#QUOTA} naming what would be exceeded.
     * A value that has expired is none: {@link #ABSENT} finds its key free.
     */
    Future<Long> put(TenantId tenant, String key, Buffer value, Write how);

    /** Removes a value; false if there was none (or it has expired). Fails with {@link Fault.Kind#CONFLICT} if its version is neither {@code expected} nor that {@link #ANY}. */
    Future<Boolean> delete(TenantId tenant, String key, long expected);

    /**
     * Keys that begin with {@code prefix}, in order, at most {@code most} (1 to {@link #MOST_KEYS}); keys written meanwhile may or may not be seen, all others are, each once.
     *
     * @param after the {@link Page#next} of the page before; null at the start
     */
    Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most);

    Future<Size> size(TenantId tenant);

    /** Forgets everything of a tenant. */
    Future<Void> drop(TenantId tenant);

    /** Removes what expired before {@code now}, at most {@code most}; answers how many it removed. */
    Future<Integer> sweep(Instant now, int most);
}
