package smcp.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.contract.Addresses;
import smcp.contract.Addresses.RegistryChanged;
import smcp.contract.Everywhere;
import smcp.contract.Everywhere.Acknowledged;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;

/** The registry, whose commits are answered when they hold on every node: a key that was revoked opens nothing anywhere, a version that was deployed serves everywhere (design §5). */
public final class AcknowledgedRegistry implements Registry {
    /** Behind it nobody waits any more: the asker's own deadline is at most this. */
    private static final long LONGEST_WAIT_MINUTES = 10;

    private final Registry here;
    private final Everywhere everywhere;

    /** @param here sees what is committed on any node, a little later */
    public AcknowledgedRegistry(Registry here, Everywhere everywhere) {
        this.here = here;
        this.everywhere = everywhere;
    }

    /**
     * Answers the other nodes.
     *
     * @param settled completes when what follows from the commits seen so far has been done
     */
    public static MessageConsumer<RegistryChanged> serve(
            Vertx vertx, String node, Registry here, Supplier<Future<Void>> settled) {
        return Addresses.REGISTRY_CHANGED
                .on(node)
                .serve(
                        vertx,
                        changed -> here.reached(changed.position())
                                .timeout(LONGEST_WAIT_MINUTES, TimeUnit.MINUTES)
                                .compose(_ -> settled.get())
                                .map(Acknowledged.YES));
    }

    @Override
    public <T extends Record> @Nullable Versioned<T> get(RegistryKey<T> key) {
        return here.get(key);
    }

    @Override
    public <T extends Record> List<Versioned<T>> list(RegistryKey<T> prefix) {
        return here.list(prefix);
    }

    @Override
    public Future<Void> commit(List<RegistryWrite<?>> writes) {
        return here.commit(writes)
                .compose(
                        _ -> everywhere.acknowledged(Addresses.REGISTRY_CHANGED, new RegistryChanged(here.position())));
    }

    @Override
    public long position() {
        return here.position();
    }

    @Override
    public Future<Void> reached(long position) {
        return here.reached(position);
    }

    @Override
    public void onChange(Consumer<String> listener) {
        here.onChange(listener);
    }
}
