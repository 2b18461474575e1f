package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import smcp.tenant.TenantId;

/**
 * Removes values that have expired, tenant by tenant. Tenants are in different slots, so no script can note the tenant and write its value in one step: a tenant is noted first, and taken out only when it has nothing that ends and was last noted
 * longer ago than any node relies on.
 */
final class ValueSweeper {
    private static final Script SWEEP = Script.resource("values-sweep");
    private static final Script FORGET = Script.resource("values-forget");

    /** Tenants of one sweep; the next goes on behind them. */
    private static final int WINDOW = 256;

    /** Much longer than a node relies on an announcement, so that clocks may differ. */
    private static final Duration STALE = Duration.ofDays(1);

    private final RedisLink link;
    private final byte[] mortal;
    private final AtomicInteger position = new AtomicInteger();

    ValueSweeper(RedisLink link) {
        this.link = link;
        this.mortal = link.keys().platform("values", "mortal");
    }

    /** Completes when the tenant is among those that are swept. */
    Future<Void> announce(TenantId tenant) {
        return link.command(Command.ZADD, mortal, "GT", Long.toString(System.currentTimeMillis()), tenant.value())
                .mapEmpty();
    }

    Future<Integer> sweep(Instant now, int most) {
        var from = position.get();
        return link.command(Command.ZRANGE, mortal, from, from + WINDOW - 1).compose(answer -> {
            var tenants = new ArrayList<TenantId>();
            RedisLink.answered(answer)
                    .forEach(name -> tenants.add(new TenantId(name.toString(StandardCharsets.UTF_8))));
            return sweep(tenants, 0, now, most, 0);
        });
    }

    private Future<Integer> sweep(List<TenantId> tenants, int at, Instant now, int most, int swept) {
        if (at == tenants.size()) {
            position.set(tenants.size() < WINDOW ? 0 : position.get() + WINDOW);
            return Future.succeededFuture(swept);
        }
        if (swept == most) {
            return Future.succeededFuture(swept); // the next one begins here again, and finds these empty
        }
        var tenant = tenants.get(at);
        var keys = new RedisValues.Keys(link.keys(), tenant).all();
        var args = List.of(RedisKeys.bytes(now.toEpochMilli()), RedisKeys.bytes(most - swept));
        return link.run(SWEEP, keys, args).compose(answer -> {
            var more = swept + Reply.count(answer, 0);
            var rest = Reply.count(answer, 1) > 0 ? Future.<Void>succeededFuture() : forget(tenant);
            return rest.compose(_ -> sweep(tenants, at + 1, now, most, more));
        });
    }

    private Future<Void> forget(TenantId tenant) {
        var before = System.currentTimeMillis() - STALE.toMillis();
        return link.run(FORGET, List.of(mortal), List.of(RedisKeys.bytes(tenant.value()), RedisKeys.bytes(before)))
                .mapEmpty();
    }
}
