package smcp.control.testing;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;

/** A registry in memory with the compare-and-set of the real one. A deleted record leaves its revision behind, so that a write made from it never fits again. */
public final class MemoryRegistry implements Registry {
    private record Entry(@Nullable Record value, long revision) {}

    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private long lastRevision;
    private Predicate<List<RegistryWrite<?>>> refused = _ -> false;
    private Runnable beforeCommit = () -> {};

    /** Commits that match cannot be made durable from now on. */
    public synchronized void refuse(Predicate<List<RegistryWrite<?>>> which) {
        refused = which;
    }

    /** Runs once, before the next commit is looked at: a rival who is faster. */
    public synchronized void beforeNextCommit(Runnable rival) {
        beforeCommit = rival;
    }

    @Override
    public synchronized <T extends Record> @Nullable Versioned<T> get(RegistryKey<T> key) {
        var entry = entries.get(key.path());
        return entry == null || entry.value() == null
                ? null
                : new Versioned<>(key.type().cast(entry.value()), entry.revision());
    }

    @Override
    public synchronized <T extends Record> List<Versioned<T>> list(RegistryKey<T> prefix) {
        var found = new ArrayList<Versioned<T>>();
        for (var entry : entries.tailMap(prefix.path()).entrySet()) {
            if (!entry.getKey().startsWith(prefix.path())) {
                break;
            }
            var value = entry.getValue().value();
            if (value != null) {
                found.add(new Versioned<>(
                        prefix.type().cast(value), entry.getValue().revision()));
            }
        }
        return found;
    }

    @Override
    public Future<Void> commit(List<RegistryWrite<?>> writes) {
        takeRival().run();
        synchronized (this) {
            if (refused.test(writes)) {
                return Future.failedFuture(new Fault(Kind.STORE_UNAVAILABLE, "the store is away"));
            }
            for (var write : writes) {
                var entry = entries.get(write.key().path());
                var now = entry == null || entry.value() == null ? RegistryWrite.ABSENT : entry.revision();
                if (now != write.expected()) {
                    return Future.failedFuture(
                            new Fault(Kind.CONFLICT, write.key().path() + " was changed by somebody else"));
                }
            }
            for (var write : writes) {
                entries.put(write.key().path(), new Entry(write.value(), ++lastRevision));
            }
        }
        writes.forEach(write ->
                listeners.forEach(listener -> listener.accept(write.key().path())));
        return Future.succeededFuture();
    }

    @Override
    public synchronized long position() {
        return lastRevision;
    }

    @Override
    public Future<Void> reached(long position) {
        return position <= position()
                ? Future.succeededFuture()
                : Future.failedFuture(new IllegalStateException("this registry has no other writers"));
    }

    private synchronized Runnable takeRival() {
        var rival = beforeCommit;
        beforeCommit = () -> {};
        return rival;
    }

    @Override
    public void onChange(Consumer<String> listener) {
        listeners.add(listener);
    }

    /** Paths of all records there are. */
    public synchronized List<String> paths() {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().value() != null)
                .map(entry -> entry.getKey())
                .toList();
    }
}
