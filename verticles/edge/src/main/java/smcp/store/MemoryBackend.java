package smcp.store;

import io.vertx.core.Future;
import java.time.InstantSource;
import smcp.contract.ValueStore;

/** Everything in this process only. */
final class MemoryBackend implements Backend {
    private final MemoryRegistryStore registry = new MemoryRegistryStore();
    private final MemoryState state;
    private final MemoryValueStore values;

    MemoryBackend(StateBounds bounds, InstantSource clock) {
        this.state = new MemoryState(bounds);
        this.values = new MemoryValueStore(clock);
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
        return new MemoryCopies(registry, state, values);
    }

    @Override
    public Durability valuesDurability() {
        return Durability.MEMORY;
    }

    @Override
    public Future<Void> close() {
        return registry.close().eventually(state::close);
    }
}
