package smcp.store;

import org.junit.jupiter.api.Nested;

/** All four contracts in memory. */
class MemoryStateTest {
    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Events extends EventLogContract {
        @Override
        State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Changes extends ChangeLogContract {
        @Override
        State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Exchanges extends ExchangeStoreContract {
        @Override
        State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Spent extends SpentStatesContract {
        @Override
        State newState() {
            return new MemoryState(BOUNDS);
        }
    }
}
