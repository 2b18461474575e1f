package smcp.store;

import io.vertx.core.Future;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import smcp.bus.Fault;

/** The registry's records in this process only. */
final class MemoryRegistryStore implements RegistryStore {
    private static final int TOMBSTONES = 10_000;

    private final Map<String, Stored> live = new HashMap<>();
    private final Map<String, Stored> gone = new LinkedHashMap<>();
    private final Queue<Heard> heard = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();
    private Consumer<List<Stored>> feed = _ -> {};
    private long revision;
    private boolean closed;

    private record Heard(List<Stored> commit, CompletableFuture<Boolean> done) {}

    @Override
    public synchronized Future<Void> open(Consumer<List<Stored>> newFeed) {
        feed = newFeed;
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> commit(List<Change> changes) {
        return tell(() -> apply(changes));
    }

    /** As {@link Copies#restore(List)}. */
    Future<Void> restore(List<Stored> records) {
        return tell(() -> {
            records.forEach(this::put);
            return records;
        });
    }

    private Future<Void> tell(Supplier<List<Stored>> change) {
        var done = new CompletableFuture<Boolean>();
        var answer = Caller.future(done);
        try {
            synchronized (this) {
                heard.add(new Heard(change.get(), done));
            }
            deliver();
        } catch (Fault e) {
            var _ = done.completeExceptionally(e);
        }
        return answer.mapEmpty();
    }

    private List<Stored> apply(List<Change> changes) {
        if (closed) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "the registry is closed");
        }
        for (var change : changes) {
            var stored = live.get(change.path());
            Conflicts.check(change, stored == null ? 0 : stored.revision());
        }
        var next = revision + 1;
        var commit = changes.stream()
                .map(change -> new Stored(change.path(), next, change.json()))
                .toList();
        commit.forEach(this::put);
        return commit;
    }

    private void put(Stored record) {
        revision = Math.max(revision, record.revision());
        gone.remove(record.path());
        live.remove(record.path());
        (record.json() == null ? gone : live).put(record.path(), record);
        if (gone.size() > TOMBSTONES) {
            gone.remove(gone.keySet().iterator().next());
        }
    }

    /** As {@link Copies#registry}. */
    synchronized List<Stored> since(long known) {
        return Stream.concat(live.values().stream(), gone.values().stream())
                .filter(record -> record.revision() > known)
                .sorted(Comparator.comparingLong(Stored::revision))
                .toList();
    }

    synchronized void raise(long number) {
        revision = Math.max(revision, number);
    }

    /** Whoever comes first delivers for all, in order: the feed hears one commit at a time, and a listener may commit. */
    private void deliver() {
        if (undelivered.getAndIncrement() != 0) {
            return;
        }
        do {
            var next = heard.remove();
            feed.accept(next.commit());
            var _ = next.done().complete(true);
        } while (undelivered.decrementAndGet() != 0);
    }

    @Override
    public Durability durability() {
        return Durability.MEMORY;
    }

    @Override
    public void expire(long nanoTime) {
        // nothing ever waits here
    }

    @Override
    public synchronized Future<Void> close() {
        closed = true;
        return Future.succeededFuture();
    }
}
