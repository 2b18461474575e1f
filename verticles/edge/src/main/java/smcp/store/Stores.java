package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.ExchangeStore;
import smcp.contract.Packages;
import smcp.contract.Registry;
import smcp.contract.SessionStore;
import smcp.contract.SpentStates;
import smcp.store.StoreConfig.Kind;

/** Everything this node keeps: opened together for one data directory, closed together. */
public final class Stores {
    private static final Logger log = LoggerFactory.getLogger(Stores.class);
    private static final long TICK_MILLIS = 1_000;

    /** Names this run of the machine (Linux, random(4)). */
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final Closers closers;
    private final Registry registry;
    private final State state;
    private final Packages packages;
    private final Map<String, Durability> durability;

    private Stores(Opening opening, Registry registry) {
        this.closers = opening.closers();
        this.registry = registry;
        this.state = opening.state();
        this.packages = opening.packages();
        var declared = new LinkedHashMap<String, Durability>();
        declared.put("registry", opening.store().durability());
        declared.put("sessions", opening.state().durability());
        this.durability = Collections.unmodifiableMap(declared);
    }

    private record Opening(
            Closers closers,
            RegistryStore store,
            Future<? extends Registry> registry,
            State state,
            FilePackages packages) {}

    /**
     * Opens everything, making what is not there. Fails with {@link Fault.Kind#STORE_UNAVAILABLE} and a sentence for the operator if another node uses the directory, a file is damaged, or it was written by a newer program;
     * nothing stays open then.
     */
    public static Future<Stores> open(Vertx vertx, StoreConfig config) {
        var worker = vertx.createSharedWorkerExecutor("smcp-store-open", 1);
        return worker.executeBlocking(() -> begin(vertx, config), false)
                .map(Objects::requireNonNull)
                .compose(Stores::finish)
                .eventually(worker::close);
    }

    /** Blocks. */
    private static Opening begin(Vertx vertx, StoreConfig config) {
        var closers = new Closers();
        try {
            var directory = DataDir.lock(config.dataDir());
            closers.add(() -> unlock(directory));
            var packages = FilePackages.open(vertx, directory.root(), config.packages());
            closers.add(packages::close);
            var state = state(directory.root(), config);
            closers.add(state::close);
            var store = store(directory.root(), config);
            closers.add(store::close);
            var timer = vertx.setPeriodic(TICK_MILLIS, _ -> {
                state.expire(System.nanoTime());
                store.expire(System.nanoTime());
            });
            closers.add(() -> {
                var _ = vertx.cancelTimer(timer);
                return Future.succeededFuture();
            });
            var registry = StoredRegistry.open(store);
            directory.syncNames();
            return new Opening(closers, store, registry, state, packages);
        } catch (IOException e) {
            closers.close().onFailure(Stores::notClosed);
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE, "data directory " + config.dataDir() + " cannot be used: " + e, e);
        } catch (RuntimeException e) {
            closers.close().onFailure(Stores::notClosed);
            throw e;
        }
    }

    private static Future<Stores> finish(Opening opening) {
        return opening.registry()
                .map(registry -> new Stores(opening, registry))
                .recover(cause -> opening.closers().close().transform(_ -> Future.failedFuture(cause)));
    }

    private static State state(Path root, StoreConfig config) throws IOException {
        if (config.sessions() == Kind.MEMORY) {
            return new MemoryState(config.bounds());
        }
        var boot = Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "";
        return SqliteState.open(root.resolve("sessions.db"), config.bounds(), config.queue(), config.readers(), boot);
    }

    private static RegistryStore store(Path root, StoreConfig config) {
        return config.registry() == Kind.MEMORY
                ? new MemoryRegistryStore()
                : new SqliteRegistryStore(root.resolve("registry.db"), config.queue());
    }

    private static Future<Void> unlock(DataDir directory) {
        try {
            directory.unlock();
            return Future.succeededFuture();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    private static void notClosed(Throwable cause) {
        log.atWarn().setCause(cause).log("a store could not be closed");
    }

    public Registry registry() {
        return registry;
    }

    public SessionStore sessions() {
        return state.sessions();
    }

    public EventLog events() {
        return state.events();
    }

    public ChangeLog changes() {
        return state.changes();
    }

    public ExchangeStore exchanges() {
        return state.exchanges();
    }

    public SpentStates spent() {
        return state.spent();
    }

    public Packages packages() {
        return packages;
    }

    /** What each store promises, by its name, for the operator. */
    public Map<String, Durability> durability() {
        return durability;
    }

    /** Finishes the writes that wait, refuses what comes, and gives the directory free. No thread stays. */
    public Future<Void> close() {
        return closers.close();
    }
}
