package smcp.contract;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The platform's own truth: tenants, versions, catalogues, clients, keys. Whole in memory on every node, so reads never wait; writes are durable before their future completes.
 */
public interface Registry {
    /** The record now, on this node. Any thread. */
    <T extends Record> @Nullable Versioned<T> get(RegistryKey<T> key);

    /** The records whose path begins with {@code prefix}'s, in path order. Any thread. */
    <T extends Record> List<Versioned<T>> list(RegistryKey<T> prefix);

    /**
     * All of {@code writes} or none. Fails with {@link smcp.bus.Fault.Kind#CONFLICT} naming the record if one was changed since it was read, with
     * {@link smcp.bus.Fault.Kind#STORE_UNAVAILABLE} if it could not be made durable. When it completes, {@link #get} on this node sees the change and the listeners have been told.
     */
    Future<Void> commit(List<RegistryWrite<?>> writes);

    /** Number of the newest commit that reads on this node see; only grows. Any thread. */
    long position();

    /** Completes when {@link #position} has come that far, and the listeners have been told. The caller has a deadline of its own. Any thread. */
    Future<Void> reached(long position);

    /** {@code listener} hears the path of every record that changed, on this node or another, after reads see the change; must not block. Called from any thread, one at a time. */
    void onChange(Consumer<String> listener);
}
