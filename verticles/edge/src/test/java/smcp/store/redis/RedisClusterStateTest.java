package smcp.store.redis;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import smcp.store.ChangeLogContract;
import smcp.store.EventLogContract;
import smcp.store.ExchangeStoreContract;
import smcp.store.SessionStoreContract;
import smcp.store.SpentStatesContract;
import smcp.store.State;
import smcp.testing.RealRedis;

/** All contracts of sessions and logs on a cluster of three masters: no script touches two slots. */
class RedisClusterStateTest {
    private static RealRedis.Cluster servers;
    private static RedisNodes nodes;

    @BeforeAll
    static void start() {
        servers = RealRedis.cluster(0);
        nodes = RedisNodes.of(servers);
    }

    @AfterAll
    static void stop() {
        nodes.close();
        servers.close();
    }

    @Nested
    class Sessions extends SessionStoreContract {
        @Override
        protected State newState() {
            return nodes.alone(BOUNDS);
        }
    }

    @Nested
    class Events extends EventLogContract {
        @Override
        protected State newState() {
            return nodes.alone(BOUNDS);
        }
    }

    @Nested
    class Changes extends ChangeLogContract {
        @Override
        protected State newState() {
            return nodes.alone(BOUNDS);
        }
    }

    @Nested
    class Exchanges extends ExchangeStoreContract {
        @Override
        protected State newState() {
            return nodes.alone(BOUNDS);
        }
    }

    @Nested
    class Spent extends SpentStatesContract {
        @Override
        protected State newState() {
            return nodes.alone(BOUNDS);
        }
    }
}
