package smcp.contract;

import org.jspecify.annotations.Nullable;

/**
 * One change of a registry record.
 *
 * @param value what it becomes; null deletes it (a tombstone stays, so that a deleted record cannot come back)
 * @param expected revision of the record the change was made from; {@link #ABSENT} if there must be none
 */
public record RegistryWrite<T extends Record>(
        RegistryKey<T> key, @Nullable T value, long expected) {
    public static final long ABSENT = 0;

    public static <T extends Record> RegistryWrite<T> create(RegistryKey<T> key, T value) {
        return new RegistryWrite<>(key, value, ABSENT);
    }

    public static <T extends Record> RegistryWrite<T> replace(RegistryKey<T> key, Versioned<T> was, T value) {
        return new RegistryWrite<>(key, value, was.revision());
    }

    public static <T extends Record> RegistryWrite<T> delete(RegistryKey<T> key, Versioned<T> was) {
        return new RegistryWrite<>(key, null, was.revision());
    }
}
