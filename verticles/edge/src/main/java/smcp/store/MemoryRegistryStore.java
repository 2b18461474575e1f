package smcp.store;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import smcp.bus.Fault;

/** The registry's records in this process only. */
final class MemoryRegistryStore implements RegistryStore {
    private final Map<String, Long> revisions = new HashMap<>();
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
        var done = new CompletableFuture<Boolean>();
        var answer = Caller.future(done);
        try {
            synchronized (this) {
                heard.add(new Heard(apply(changes), done));
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
            Conflicts.check(change, revisions.getOrDefault(change.path(), 0L));
        }
        revision++;
        var stored = new ArrayList<Stored>(changes.size());
        for (var change : changes) {
            if (change.json() == null) {
                revisions.remove(change.path());
            } else {
                revisions.put(change.path(), revision);
            }
            stored.add(new Stored(change.path(), revision, change.json()));
        }
        return stored;
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
