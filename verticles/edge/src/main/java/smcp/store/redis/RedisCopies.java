package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.SessionRecord;
import smcp.contract.ValueStore.Value;
import smcp.store.Copies;
import smcp.store.RecordJson;
import smcp.store.RegistryStore.Stored;
import smcp.tenant.TenantId;

/** Backups of what is in Redis, tenant by tenant, whichever slots they are in. */
final class RedisCopies implements Copies {
    private static final long NANOS = 1_000_000_000L;
    private static final int LOOKED_AT = 200;

    private final RedisLink link;
    private final RedisRegistryStore registry;
    private final RedisValues values;
    private final StateKeys keys;

    RedisCopies(RedisLink link, RedisRegistryStore registry, RedisValues values) {
        this.link = link;
        this.registry = registry;
        this.values = values;
        this.keys = new StateKeys(link.keys());
    }

    @Override
    public Future<List<Stored>> registry(long revision) {
        return registry.since(revision);
    }

    /** One page of what is in a sorted set. What is in it all the time is seen, some of it twice (Redis, SCAN). */
    private Future<Answer> scan(TenantId tenant, String set, @Nullable String after) {
        return link.command(Command.ZSCAN, keys.of(tenant, set), after == null ? "0" : after, "COUNT", LOOKED_AT)
                .map(Answer::of);
    }

    private static @Nullable String next(Answer scanned) {
        return scanned.text(0).equals("0") ? null : scanned.text(0);
    }

    @Override
    public Future<Page<KeptSession>> sessions(TenantId tenant, @Nullable String after) {
        return scan(tenant, "sessions", after).compose(scanned -> {
            var found = new ArrayList<Future<Optional<KeptSession>>>();
            var members = scanned.at(1);
            for (var i = 0; i < members.size(); i += 2) {
                found.add(session(tenant, members.text(i)));
            }
            return Future.all(found)
                    .map(_ -> new Page<>(
                            found.stream()
                                    .flatMap(session -> session.result().stream())
                                    .toList(),
                            next(scanned)));
        });
    }

    private Future<Optional<KeptSession>> session(TenantId tenant, String id) {
        return link.command(Command.HMGET, keys.session(tenant, id), "expires", "record")
                .map(Answer::of)
                .map(found -> {
                    var expires = found.maybe(0);
                    return expires == null
                            ? Optional.empty()
                            : Optional.of(new KeptSession(
                                    RecordJson.read("session", found.bytes(1), SessionRecord.class),
                                    instant(Long.parseLong(expires.text()))));
                });
    }

    private static Instant instant(long nanos) {
        return Instant.ofEpochSecond(nanos / NANOS, nanos % NANOS);
    }

    @Override
    public Future<Page<KeptMark>> marks(TenantId tenant, @Nullable String after) {
        return scan(tenant, "spent", after).map(scanned -> {
            var marks = new ArrayList<KeptMark>();
            var members = scanned.at(1);
            for (var i = 0; i < members.size(); i += 2) {
                marks.add(new KeptMark(
                        members.text(i), Instant.ofEpochMilli((long) Double.parseDouble(members.text(i + 1)))));
            }
            return new Page<>(marks, next(scanned));
        });
    }

    @Override
    public Future<Void> restore(List<Stored> records) {
        return registry.restore(records, 0);
    }

    @Override
    public Future<Void> restore(TenantId tenant, String key, Value value) {
        return values.restore(tenant, key, value);
    }

    /** Versions are the servers' time already. */
    @Override
    public Future<Void> raise(long number) {
        return registry.restore(List.of(), number);
    }
}
