package smcp.store;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import smcp.bus.Fault;
import smcp.contract.ValueStore;

/** Everything in SQLite files of one directory, of one node. */
final class SqliteBackend implements Backend {
    /** Names this run of the machine (Linux, random(4)). */
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    private final SqliteRegistryStore registry;
    private final SqliteState state;
    private final SqliteValueStore values;

    private SqliteBackend(SqliteRegistryStore registry, SqliteState state, SqliteValueStore values) {
        this.registry = registry;
        this.state = state;
        this.values = values;
    }

    /** Blocks while it opens the files; that of the registry is opened with {@link RegistryStore#open}. */
    static SqliteBackend open(Path directory, StoreConfig config, InstantSource clock) {
        var registry = new SqliteRegistryStore(directory.resolve("registry.db"), config.queue());
        var state = SqliteState.open(
                directory.resolve("sessions.db"), config.bounds(), config.queue(), config.readers(), boot());
        try {
            var file = directory.resolve("values.db");
            var values = SqliteValueStore.open(file, config.queue(), config.readers(), clock);
            return new SqliteBackend(registry, state, values);
        } catch (RuntimeException e) {
            state.close().onFailure(e::addSuppressed);
            throw e;
        }
    }

    private static String boot() {
        try {
            return Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : "";
        } catch (IOException e) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, BOOT + " cannot be read: " + e, e);
        }
    }

    @Override
    public RegistryStore registry() {
        return registry;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public ValueStore values() {
        return values;
    }

    @Override
    public Copies copies() {
        return new SqliteCopies(registry, state, values);
    }

    @Override
    public Durability valuesDurability() {
        return SqliteValueStore.durability();
    }

    @Override
    public List<Health> health() {
        return Stream.of(registry.health(), state.health(), values.health())
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public void expire(long nanoTime) {
        registry.expire(nanoTime);
        state.expire(nanoTime);
        values.expire(nanoTime);
    }

    @Override
    public Future<Void> close() {
        return Future.join(registry.close(), state.close(), values.close()).mapEmpty();
    }
}
