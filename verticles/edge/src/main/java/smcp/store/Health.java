package smcp.store;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.StoreReport;

/**
 * How one way to a store is doing, told by what is done on it: the first failure that is the store's begins a trouble, and while there is one the store is probed, so that it ends without anybody's
 * request. Damage does not end: what was lost stays lost until the node is stopped and the store put right.
 */
public final class Health {
    private static final Logger log = LoggerFactory.getLogger(Health.class);

    private final String name;
    private final Supplier<Future<?>> probe;
    private final AtomicReference<@Nullable Fault> trouble = new AtomicReference<>();
    private final AtomicBoolean probing = new AtomicBoolean();

    /**
     * @param name of the store, as the operator knows it
     * @param probe does something small on the store, with a deadline: if that is done, the store works
     */
    public Health(String name, Supplier<Future<?>> probe) {
        this.name = name;
        this.probe = probe;
    }

    public String name() {
        return name;
    }

    /** What is wrong now; null if nothing is known to be. Any thread. */
    public @Nullable Fault trouble() {
        return trouble.get();
    }

    /** @param failure null if what was begun was done: that ends no trouble, because a write that changes nothing needs no disk */
    public void ended(@Nullable Throwable failure) {
        if (failure instanceof Fault fault && ofTheStore(fault.kind())) {
            failed(fault);
        }
    }

    private void worked() {
        var known = trouble.get();
        if (known != null && known.kind() != Fault.Kind.STORE_DAMAGED && trouble.compareAndSet(known, null)) {
            log.atInfo().addKeyValue("store", name).log("the store works again");
        }
    }

    private void failed(Fault fault) {
        var known = trouble.get();
        if (known != null && known.kind() == Fault.Kind.STORE_DAMAGED) {
            return;
        }
        if (trouble.compareAndSet(known, fault) && known == null) {
            var why = fault.getCause();
            log.atWarn()
                    .addKeyValue("store", name)
                    .addKeyValue("cause", why == null ? fault.message() : fault.message() + " (" + why + ")")
                    .log("the store is in trouble");
        }
    }

    private static boolean ofTheStore(Fault.Kind kind) {
        return kind == Fault.Kind.STORE_UNAVAILABLE || kind == Fault.Kind.STORE_DAMAGED;
    }

    /** Does something small on the store now, and completes when that ended, well or not. */
    public Future<Void> probe() {
        return probe.get().transform(done -> {
            if (done.succeeded()) {
                worked();
            } else {
                ended(done.cause());
            }
            return Future.succeededFuture();
        });
    }

    /** The same, for the operator: how long it took, and what is wrong then. */
    public Future<StoreReport.Way> checked() {
        var began = System.nanoTime();
        return probe().map(_ -> {
            var known = trouble();
            return new StoreReport.Way(
                    name, Duration.ofNanos(System.nanoTime() - began), known == null ? null : known.message());
        });
    }

    /** Looks after a trouble, one probe at a time. Called every second or so. */
    public void tick() {
        var known = trouble.get();
        if (known != null && known.kind() != Fault.Kind.STORE_DAMAGED && probing.compareAndSet(false, true)) {
            probe().onComplete(_ -> probing.set(false));
        }
    }
}
