package smcp.store;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.protocol.Json;
import smcp.store.RegistryStore.Change;
import smcp.store.RegistryStore.Stored;

/**
 * The registry, whole in memory over a {@link RegistryStore}. Reads take no lock and see what the store's feed delivered, nothing else: a record read after a commit is the one a restart would read. The records of one commit
 * become visible in the order of its writes, so a reader may for an instant see the first of them only; a commit that makes a record and one that refers to it names the referred one first. Listeners hear of a commit after all of it is visible.
 *
 * <p>Records of kinds this program does not know stay in the store and in memory as they are; fields it does not know survive a rewrite of the record (outermost level only: within a known field they cannot be told from what
 * the writer took away). Both only matter after a step back to an older program.
 */
final class StoredRegistry implements Registry {
    private static final Logger log = LoggerFactory.getLogger(StoredRegistry.class);
    private static final int MOST_WRITES = 1_000;
    private static final int LONGEST_PATH = 512;

    private final RegistryStore store;
    private final ConcurrentSkipListMap<String, StoredRecord> records = new ConcurrentSkipListMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();

    private final Reached reached = new Reached();

    private StoredRegistry(RegistryStore store) {
        this.store = store;
    }

    /** The registry in {@code store}, when all of it is in memory. */
    static Future<StoredRegistry> open(RegistryStore store) {
        var registry = new StoredRegistry(store);
        return store.open(registry::heard).map(_ -> registry);
    }

    @Override
    public <T extends Record> @Nullable Versioned<T> get(RegistryKey<T> key) {
        var found = records.get(key.path());
        return found == null ? null : found.as(key.type());
    }

    @Override
    public <T extends Record> List<Versioned<T>> list(RegistryKey<T> prefix) {
        var found = new ArrayList<Versioned<T>>();
        for (var entry : records.tailMap(prefix.path(), true).entrySet()) {
            if (!entry.getKey().startsWith(prefix.path())) {
                break;
            }
            found.add(entry.getValue().as(prefix.type()));
        }
        return found;
    }

    @Override
    public Future<Void> commit(List<RegistryWrite<?>> writes) {
        if (writes.isEmpty()) {
            return Future.succeededFuture();
        }
        try {
            return store.commit(changes(writes));
        } catch (Fault e) {
            return Future.failedFuture(e);
        }
    }

    @Override
    public long position() {
        return reached.position();
    }

    @Override
    public Future<Void> reached(long position) {
        return reached.until(position);
    }

    @Override
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    private List<Change> changes(List<RegistryWrite<?>> writes) {
        if (writes.size() > MOST_WRITES) {
            throw invalid("a commit must have at most " + MOST_WRITES + " writes, got " + writes.size());
        }
        var paths = new HashSet<String>();
        var changes = new ArrayList<Change>(writes.size());
        for (var write : writes) {
            var path = write.key().path();
            if (!paths.add(path)) {
                throw invalid("a commit must write a record once, got " + Text.shown(path) + " twice");
            }
            if (path.endsWith("/")) {
                throw invalid("a prefix cannot be written: " + Text.shown(path));
            }
            Text.check("registry path", path, LONGEST_PATH);
            changes.add(new Change(path, write.expected(), json(write)));
        }
        return changes;
    }

    private @Nullable Json json(RegistryWrite<?> write) {
        var value = write.value();
        if (value == null) {
            return null;
        }
        var path = write.key().path();
        var was = records.get(path);
        return Json.of(RecordJson.write(path, value, was == null ? null : was.foreign(value.getClass())));
    }

    /** One at a time, in order of revisions: the store sees to it. */
    private void heard(List<Stored> changed) {
        for (var stored : changed) {
            if (stored.json() == null) {
                var _ = records.remove(stored.path());
            } else {
                records.put(
                        stored.path(),
                        new StoredRecord(
                                stored.path(),
                                stored.revision(),
                                stored.json().detached().bytes()));
            }
        }
        for (var listener : listeners) {
            changed.forEach(stored -> tell(listener, stored.path()));
        }
        reached.now(changed.stream().mapToLong(Stored::revision).max().orElse(0));
    }

    private static void tell(Consumer<String> listener, String path) {
        try {
            listener.accept(path);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("path", path).setCause(e).log("a listener of the registry failed");
        }
    }

    private static Fault invalid(String message) {
        return new Fault(Fault.Kind.INVALID_INPUT, message);
    }
}
