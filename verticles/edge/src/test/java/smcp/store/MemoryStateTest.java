package smcp.store;

import org.junit.jupiter.api.Nested;

/** All four contracts in memory. */
class MemoryStateTest {
    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        protected State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Events extends EventLogContract {
        @Override
        protected State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Changes extends ChangeLogContract {
        @Override
        protected State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Exchanges extends ExchangeStoreContract {
        @Override
        protected State newState() {
            return new MemoryState(BOUNDS);
        }
    }

    @Nested
    class Spent extends SpentStatesContract {
        @Override
        protected State newState() {
            return new MemoryState(BOUNDS);
        }
    }
}
