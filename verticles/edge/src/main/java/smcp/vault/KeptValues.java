package smcp.vault;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Value;
import smcp.contract.ValueStore.Write;
import smcp.tenant.DataKey;
import smcp.tenant.TenantId;
import smcp.vault.Pass.Done;

/** The values of a tenant. Sealing one anew is a write: it gets a new version, and its end of life stays. */
final class KeptValues implements Keeper {
    private static final int PAGE = 100;
    /** What is there already fits, whatever was decided since. */
    private static final Size ANY_SIZE = new Size(Long.MAX_VALUE, Long.MAX_VALUE);

    private final ValueStore raw;
    private final SealedValues values;
    private final InstantSource clock;

    KeptValues(ValueStore raw, SealedValues values, InstantSource clock) {
        this.raw = raw;
        this.values = values;
        this.clock = clock;
    }

    @Override
    public void pass(Keys keys, Pass pass) throws InterruptedException {
        if (keys.owner().equals(DataKey.PLATFORM)) {
            return;
        }
        var tenant = new TenantId(keys.owner());
        @Nullable String after = null;
        do {
            var page = Pass.await(raw.list(tenant, "", after, PAGE));
            for (var key : page.keys()) {
                pass.one(Contexts.value(key.name()), () -> reseal(tenant, key.name(), keys.primary()));
            }
            after = page.next();
        } while (after != null);
    }

    private Future<Done> reseal(TenantId tenant, String key, int primary) {
        return raw.get(tenant, key).compose(found -> {
            var with = found.isEmpty() ? null : SealedValues.keyOf(found.get().content());
            if (found.isEmpty() || (with != null && with == primary) || (with == null && !values.mayReseal())) {
                return Future.succeededFuture(Done.NOTHING);
            }
            return values.open(tenant, key, found.get()).compose(value -> write(tenant, key, value));
        });
    }

    private Future<Done> write(TenantId tenant, String key, Value value) {
        var expires = value.expires();
        var life = expires == null ? null : Duration.between(clock.instant(), expires);
        if (life != null && life.compareTo(ValueStore.SHORTEST_LIFE) < 0) {
            // it ends before it could be written
            return Future.succeededFuture(Done.NOTHING);
        }
        return values.seal(tenant, key, value.content(), new Write(value.version(), life, ANY_SIZE))
                .map(Done.RESEALED);
    }
}
