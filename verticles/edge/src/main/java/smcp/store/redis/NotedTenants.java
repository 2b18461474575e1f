package smcp.store.redis;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import smcp.tenant.TenantId;

/**
 * Tenants that may have something of one kind, for who has to look through it. The set is in one slot and the tenants are in others, so no script can note the tenant and write what it is about in one step: a tenant is noted first, and is taken
 * out only when it has nothing and was last noted longer ago than any node relies on. So it may name a tenant that has nothing; it never misses one.
 */
final class NotedTenants {
    private static final Script NOTE = Script.resource("tenant-note");
    private static final Script FORGET = Script.resource("tenant-forget");

    /** A note is believed for so long without having been made again: a failover may have lost it. */
    private static final Duration BELIEVED = Duration.ofMinutes(10);

    private final RedisLink link;
    private final byte[] key;
    private final Duration life;
    private final long born = System.currentTimeMillis();
    private final Cache<TenantId, Boolean> noted = Caffeine.newBuilder()
            .maximumSize(100_000)
            .expireAfterWrite(BELIEVED)
            .build();

    /** @param life how long the set is kept without another note; zero: for ever */
    NotedTenants(RedisLink link, byte[] key, Duration life) {
        this.link = link;
        this.key = key;
        this.life = life;
    }

    /** When this was made, in milliseconds: no note made since is older, even if the clock was set back. */
    long born() {
        return born;
    }

    /** Completes when the tenant is among them, for more than {@link #BELIEVED} whoever else forgets it. */
    Future<Void> note(TenantId tenant) {
        if (noted.getIfPresent(tenant) != null) {
            return Future.succeededFuture();
        }
        var now = Math.max(born, System.currentTimeMillis());
        var args = List.of(RedisKeys.bytes(tenant.value()), RedisKeys.bytes(now), RedisKeys.bytes(life.toMillis()));
        return link.run(NOTE, List.of(key), args)
                .onSuccess(_ -> noted.put(tenant, true))
                .mapEmpty();
    }

    /** Those that were noted first, first. */
    Future<List<TenantId>> some(int from, int most) {
        return link.command(Command.ZRANGE, key, from, from + most - 1).map(found -> {
            var answer = Answer.of(found);
            var tenants = new ArrayList<TenantId>();
            for (var i = 0; i < answer.size(); i++) {
                tenants.add(new TenantId(answer.text(i)));
            }
            return tenants;
        });
    }

    /** Takes one out that has nothing, if it was last noted before {@code before}; true if it did. */
    Future<Boolean> forget(TenantId tenant, long before) {
        return link.run(FORGET, List.of(key), List.of(RedisKeys.bytes(tenant.value()), RedisKeys.bytes(before)))
                .map(answer -> Answer.of(answer).yes());
    }
}
