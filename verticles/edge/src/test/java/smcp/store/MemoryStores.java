package smcp.store;

import java.time.InstantSource;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionStore;
import smcp.contract.SpentStates;
import smcp.contract.ValueStore;

/** The memory stores, for tests of other features. */
public record MemoryStores(
        SessionStore sessions, EventLog events, ChangeLog changes, ExchangeStore exchanges, SpentStates spent) {
    public static MemoryStores open() {
        var state = new MemoryState(StateBounds.DEFAULT);
        return new MemoryStores(state.sessions(), state.events(), state.changes(), state.exchanges(), state.spent());
    }

    public static ValueStore values(InstantSource clock) {
        return new MemoryValueStore(clock);
    }
}
