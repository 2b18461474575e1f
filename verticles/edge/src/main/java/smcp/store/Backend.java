package smcp.store;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import smcp.contract.ValueStore;

/** One place where a node's state is kept, whole: opened by who knows the kind, closed by {@link Stores}. */
public interface Backend {
    RegistryStore registry();

    State state();

    ValueStore values();

    /** How a backup is read from it, and comes back. */
    Copies copies();

    /** What the values' store promises about an acknowledged write. */
    Durability valuesDurability();

    /** How the ways to it are doing. */
    default List<Health> health() {
        return List.of();
    }

    /** Answers those who waited too long for the store; called every second or so. */
    default void expire(long nanoTime) {
        registry().expire(nanoTime);
        state().expire(nanoTime);
    }

    /** Finishes what was begun, refuses what comes, and leaves no thread or connection behind. */
    Future<Void> close();

    /** How {@link Stores} comes to one. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens it, leaving nothing open on failure; its {@link RegistryStore} is opened by who called. On a worker thread, which may be blocked.
         *
         * @param directory of this node alone, locked
         */
        Future<Backend> open(Path directory);
    }
}
