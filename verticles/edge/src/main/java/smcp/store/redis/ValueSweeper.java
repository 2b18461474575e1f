package smcp.store.redis;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import smcp.tenant.TenantId;

/** Removes values that have expired, tenant by tenant. */
final class ValueSweeper {
    private static final Script SWEEP = Script.resource("values-sweep");

    /** Tenants of one sweep; the next goes on behind them. */
    private static final int WINDOW = 256;

    /** Much longer than a node relies on its note, so that clocks may differ. */
    private static final Duration STALE = Duration.ofDays(1);

    private final RedisLink link;
    private final NotedTenants mortal;
    private final AtomicInteger position = new AtomicInteger();

    ValueSweeper(RedisLink link) {
        this.link = link;
        this.mortal = new NotedTenants(link, link.keys().platform("values", "mortal"), Duration.ZERO);
    }

    /** Completes when the tenant is among those that are swept; to be called before it gets a value that ends. */
    Future<Void> announce(TenantId tenant) {
        return mortal.note(tenant);
    }

    Future<Integer> sweep(Instant now, int most) {
        var from = position.get();
        return mortal.some(from, WINDOW).compose(tenants -> sweep(tenants, 0, now, most, 0));
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
        return link.run(SWEEP, keys, args).map(Answer::of).compose(answer -> {
            var more = swept + answer.count(0);
            var rest = answer.count(1) > 0 ? Future.<Void>succeededFuture() : forget(tenant);
            return rest.compose(_ -> sweep(tenants, at + 1, now, most, more));
        });
    }

    private Future<Void> forget(TenantId tenant) {
        return mortal.forget(tenant, System.currentTimeMillis() - STALE.toMillis())
                .mapEmpty();
    }
}
