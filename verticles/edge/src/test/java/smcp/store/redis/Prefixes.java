package smcp.store.redis;

import java.util.concurrent.atomic.AtomicInteger;
import smcp.store.redis.RedisConfig.Registry;

/** A corner of a shared server for each test. */
final class Prefixes {
    private static final AtomicInteger NEXT = new AtomicInteger();

    private Prefixes() {}

    static RedisConfig fresh(RedisConfig config) {
        return with(config, "test" + NEXT.incrementAndGet(), config.registry());
    }

    static RedisConfig waiting(RedisConfig config, Registry registry) {
        return with(config, config.prefix(), registry);
    }

    private static RedisConfig with(RedisConfig was, String prefix, Registry registry) {
        return new RedisConfig(
                was.mode(),
                was.endpoints(),
                was.master(),
                was.login(),
                was.sentinelLogin(),
                was.tls(),
                prefix,
                was.limits(),
                registry,
                was.durability());
    }
}
