package smcp.store.quorum;

import java.util.List;
import java.util.function.Consumer;
import org.apache.ratis.server.protocol.TermIndex;
import org.jspecify.annotations.Nullable;
import smcp.store.RegistryStore.Stored;

/**
 * What this node has heard, and who is told of it. It outlives the machine that feeds it: one that starts again begins with its last snapshot, and what comes before the place reached here is not told twice. Changed by one thread at a time, Ratis' updater.
 */
final class Replica {
    private final Consumer<List<Stored>> feed;
    private final Told told;
    private volatile RegistryState state = new RegistryState();
    private volatile @Nullable TermIndex reached;

    /** Hears what became of requests. */
    interface Told {
        void applied(Part.Id id, Outcome outcome);

        /** Much happened at once. */
        void replaced(RegistryState state);
    }

    Replica(Consumer<List<Stored>> feed, Told told) {
        this.feed = feed;
        this.told = told;
    }

    RegistryState state() {
        return state;
    }

    /** The last entry of the log that is in {@link #state}; null if there was none. */
    @Nullable
    TermIndex reached() {
        return reached;
    }

    /** Does nothing if this is not news. */
    void replace(RegistryState next, TermIndex at) {
        if (isReached(at)) {
            return;
        }
        var news = next.since(state);
        state = next;
        reached = at;
        if (!news.isEmpty()) {
            feed.accept(news);
        }
        told.replaced(next);
    }

    void apply(Part part, TermIndex at) {
        if (isReached(at)) {
            return;
        }
        var applied = state.apply(part);
        reached = at;
        if (applied != null) {
            if (!applied.changed().isEmpty()) {
                feed.accept(applied.changed());
            }
            told.applied(applied.id(), applied.outcome());
        }
    }

    /** An entry that changes nothing here. */
    void passed(TermIndex at) {
        if (!isReached(at)) {
            reached = at;
        }
    }

    private boolean isReached(TermIndex at) {
        var last = reached;
        return last != null && at.getIndex() <= last.getIndex();
    }
}
