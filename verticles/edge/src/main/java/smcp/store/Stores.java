package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.ExchangeStore;
import smcp.contract.Registry;
import smcp.contract.SessionStore;
import smcp.contract.SpentStates;
import smcp.contract.StoreReport;
import smcp.contract.ValueStore;

/** The state that this node keeps: opened together for one data directory, closed together. Blobs, and the packages among them, have a store of their own. */
public final class Stores {
    private static final long TICK_MILLIS = 1_000;

    private final Closers closers;
    private final Registry registry;
    private final String kind;
    private final Backend backend;
    private final State state;
    private final ValueStore values;
    private final Map<String, Durability> durability;

    /**
     * What a backup reads: everything as it is kept, sealed where it is sealed.
     *
     * @param blobs packages among them
     */
    public record Source(Copies copies, ValueStore values, BlobStore blobs) {}

    private Stores(Opening opening, Registry registry) {
        this.closers = opening.closers();
        this.registry = registry;
        this.kind = opening.kind();
        this.backend = opening.backend();
        this.state = opening.backend().state();
        this.values = opening.backend().values();
        var declared = new LinkedHashMap<String, Durability>();
        declared.put("registry", opening.backend().registry().durability());
        declared.put("sessions", opening.backend().state().durability());
        declared.put("values", opening.backend().valuesDurability());
        this.durability = Collections.unmodifiableMap(declared);
    }

    private record Opening(Closers closers, String kind, Backend backend) {}

    /** Opens with what this package knows: SQLite and memory. */
    public static Future<Stores> open(Vertx vertx, StoreConfig config) {
        return open(vertx, config, directory -> Future.succeededFuture(backend(directory, config)));
    }

    /** What keeps the state, of the kinds that need nothing but this node. Blocks. */
    public static Backend backend(Path directory, StoreConfig config) {
        return switch (config.kind()) {
            case SQLITE -> SqliteBackend.open(directory, config, InstantSource.system());
            case MEMORY -> new MemoryBackend(config.bounds(), InstantSource.system());
            case REDIS -> throw new IllegalArgumentException("store.kind redis needs an opener of its own");
        };
    }

    /**
     * Opens everything, making what is not there. Fails with {@link Fault.Kind#STORE_UNAVAILABLE} and a sentence for the operator if another node uses the directory, a file is damaged, or it was written by a newer program;
     * nothing stays open then.
     */
    public static Future<Stores> open(Vertx vertx, StoreConfig config, Backend.Opener opener) {
        var worker = vertx.createSharedWorkerExecutor("smcp-store-open", 1);
        var closers = new Closers();
        return worker.executeBlocking(() -> begin(vertx, config, opener, closers), false)
                .compose(Objects::requireNonNull)
                .recover(cause -> closers.close().transform(_ -> Future.failedFuture(cause)))
                .eventually(worker::close);
    }

    /** Blocks. */
    private static Future<Stores> begin(Vertx vertx, StoreConfig config, Backend.Opener opener, Closers closers) {
        try {
            var directory = DataDir.lock(config.dataDir());
            closers.add(() -> unlock(directory));
            directory.refuseHalfRestored();
            return opener.open(directory.root()).compose(backend -> {
                closers.add(backend::close);
                var opening = new Opening(closers, config.kind().word(), backend);
                return StoredRegistry.open(backend.registry())
                        .map(registry -> begun(vertx, opening, registry, directory));
            });
        } catch (IOException e) {
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE, "data directory " + config.dataDir() + " cannot be used: " + e, e);
        }
    }

    private static Stores begun(Vertx vertx, Opening opening, Registry registry, DataDir directory) {
        directory.syncNames();
        var timer = vertx.setPeriodic(TICK_MILLIS, _ -> {
            opening.backend().expire(System.nanoTime());
            opening.backend().health().forEach(Health::tick);
        });
        opening.closers().add(() -> {
            var _ = vertx.cancelTimer(timer);
            return Future.succeededFuture();
        });
        return new Stores(opening, registry);
    }

    private static Future<Void> unlock(DataDir directory) {
        try {
            directory.unlock();
            return Future.succeededFuture();
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
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

    /** What tenants keep. */
    public ValueStore values() {
        return values;
    }

    /**
     * What a backup reads.
     *
     * @param blobs as they are kept, not opened
     */
    public Source source(BlobStore blobs) {
        return new Source(backend.copies(), values, blobs);
    }

    /** What each store promises, by its name, for the operator. */
    public Map<String, Durability> durability() {
        return durability;
    }

    /** How the ways to the stores are doing. */
    public List<Health> health() {
        return backend.health();
    }

    /** What the stores promise and how they are doing. */
    public StoreReport report() {
        return new Report(Report.stores(kind, durability), this::health);
    }

    /** Finishes the writes that wait, refuses what comes, and gives the directory free. No thread stays. */
    public Future<Void> close() {
        return closers.close();
    }
}
