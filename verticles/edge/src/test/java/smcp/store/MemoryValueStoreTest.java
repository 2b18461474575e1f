package smcp.store;

import java.time.Duration;
import java.time.Instant;
import smcp.contract.ValueStore;
import smcp.testing.TestClock;

/** The contract in memory. */
class MemoryValueStoreTest extends ValueStoreContract {
    private final TestClock clock = new TestClock();

    @Override
    protected ValueStore newStore() {
        return new MemoryValueStore(clock);
    }

    @Override
    protected void closeStore() {
        // nothing to close
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void pass(Duration time) {
        clock.forward(time);
    }
}
