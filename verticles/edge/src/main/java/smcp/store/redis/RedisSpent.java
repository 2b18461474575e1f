package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import smcp.contract.SpentStates;
import smcp.store.Checked;
import smcp.tenant.TenantId;

/** Marks of used states: a sorted set a tenant, by the instant until which they must be known. */
final class RedisSpent implements SpentStates {
    private static final int AT_ONCE = 1_000;

    private final RedisLink link;
    private final StateKeys keys;
    private final TenantIndex index;

    RedisSpent(RedisLink link, StateKeys keys) {
        this.link = link;
        this.keys = keys;
        this.index = new TenantIndex(link, "spent");
    }

    private List<byte[]> touched(TenantId tenant) {
        return List.of(keys.of(tenant, "spent"), keys.of(tenant, "spent.due"));
    }

    @Override
    public Future<Boolean> spend(TenantId tenant, String id, Instant until) {
        return Checked.in(() -> {
            Checked.id("state", id);
            var args = List.of(bytes(Instants.ceil(until)), bytes(id));
            return index.cover(tenant, StateScripts.SPEND, touched(tenant), args)
                    .map(Answer::yes);
        });
    }

    @Override
    public Future<Integer> sweep(Instant now) {
        var swept = new AtomicInteger();
        return index.visit(
                        now,
                        (tenant, number) -> some(tenant, number, now).map(answer -> {
                            swept.addAndGet((int) answer.number(2));
                            return TenantIndex.Look.of(answer, false);
                        }))
                .map(_ -> swept.get());
    }

    private Future<Answer> some(TenantId tenant, long number, Instant now) {
        var args = List.of(bytes(number), bytes(Instants.text(now)), bytes(AT_ONCE));
        return link.run(StateScripts.SPENT_SWEEP, touched(tenant), args).map(Answer::of);
    }
}
