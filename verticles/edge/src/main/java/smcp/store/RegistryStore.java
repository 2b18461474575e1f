package smcp.store;

import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;

/**
 * Where the registry's records are kept: JSON under paths, nothing typed, so that a store that seals what it passes on can stand before another one. {@link StoredRegistry} makes the registry out of it.
 *
 * <p>Revisions are numbers of commits: every record of a commit gets the commit's number, numbers only grow, and none is ever given twice, even when every record they were given to is gone.
 */
public interface RegistryStore {
    /**
     * Delivers every live record to {@code feed}, then completes. From then on {@code feed} hears every commit, whoever made it, whole and in order of revisions, one at a time, on any thread; it does not block. Called once.
     */
    Future<Void> open(Consumer<List<Stored>> feed);

    /**
     * All of {@code changes} or none; the paths differ. Completes when they are durable and {@code feed} has heard them. Fails with {@link smcp.bus.Fault.Kind#CONFLICT} naming the path if an expected revision is not the stored
     * one, with {@link smcp.bus.Fault.Kind#STORE_UNAVAILABLE} if they could not be made durable.
     */
    Future<Void> commit(List<Change> changes);

    Durability durability();

    /** Answers those who waited too long for the store; called every second or so. */
    void expire(long nanoTime);

    /** Finishes what was begun, refuses what comes, and leaves no thread behind. */
    Future<Void> close();

    /**
     * A record as it is stored.
     *
     * @param json null: deleted (a tombstone)
     */
    record Stored(String path, long revision, @Nullable Json json) {
        public int weight() {
            return path.length() + (json == null ? 0 : json.length());
        }
    }

    /**
     * What a record shall become.
     *
     * @param expected revision of the live record; 0 if there must be none
     * @param json null deletes
     */
    record Change(String path, long expected, @Nullable Json json) {
        public int weight() {
            return path.length() + (json == null ? 0 : json.length());
        }
    }
}
