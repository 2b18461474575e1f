package smcp.store;

import io.vertx.core.Future;
import smcp.contract.ValueStore;

/** One place where a node's state is kept, whole: opened by who knows the kind, closed by {@link Stores}. */
public interface Backend {
    RegistryStore registry();

    State state();

    ValueStore values();

    /** What the values' store promises about an acknowledged write. */
    Durability valuesDurability();

    /** Finishes what was begun, refuses what comes, and leaves no thread or connection behind. */
    Future<Void> close();
}
