package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore;
import smcp.store.Checked;
import smcp.store.ValueChecks;
import smcp.tenant.TenantId;

/**
 * Tenants' values in Redis, five keys a tenant in one slot: {@code names} in order of their bytes, {@code meta} (version, length and end of each), {@code values}, {@code expires} and {@code state} (last version, bytes). They are not keys with
 * an expiry of Redis' own: those would go without their lengths being taken off, and lists would show them. Each change is one script, by the master's clock.
 */
final class RedisValues implements ValueStore {
    private static final Script GET = Script.resource("values-get");
    private static final Script PUT = Script.resource("values-put");
    private static final Script RESTORE = Script.resource("values-restore");
    private static final Script DELETE = Script.resource("values-delete");
    private static final Script LIST = Script.resource("values-list");
    private static final Script SIZE = Script.resource("values-size");
    private static final Script DROP = Script.resource("values-drop");

    private final RedisLink link;
    private final ValueSweeper sweeper;

    RedisValues(RedisLink link) {
        this.link = link;
        this.sweeper = new ValueSweeper(link);
    }

    /** Where a tenant's values are. */
    static final class Keys {
        private final List<byte[]> all;

        Keys(RedisKeys keys, TenantId tenant) {
            this.all = List.of(
                    keys.tenant(tenant, "kv:names"),
                    keys.tenant(tenant, "kv:meta"),
                    keys.tenant(tenant, "kv:values"),
                    keys.tenant(tenant, "kv:expires"),
                    keys.tenant(tenant, "kv:state"));
        }

        /** As the scripts that change something take them. */
        List<byte[]> all() {
            return all;
        }

        byte[] names() {
            return all.get(0);
        }

        byte[] meta() {
            return all.get(1);
        }

        byte[] values() {
            return all.get(2);
        }

        byte[] state() {
            return all.get(4);
        }
    }

    private Keys keys(TenantId tenant) {
        return new Keys(link.keys(), tenant);
    }

    @Override
    public Future<Optional<Value>> get(TenantId tenant, String key) {
        return Checked.in(() -> {
            var keys = keys(tenant);
            return link.run(GET, List.of(keys.meta(), keys.values()), List.of(ValueChecks.key(key)))
                    .map(answer -> value(Answer.of(answer)));
        });
    }

    private static Optional<Value> value(Answer answer) {
        return answer.size() == 0
                ? Optional.empty()
                : Optional.of(new Value(Buffer.buffer(answer.bytes(2)), answer.number(0), expires(answer.number(1))));
    }

    private static @Nullable Instant expires(long millis) {
        return millis == 0 ? null : Instant.ofEpochMilli(millis);
    }

    @Override
    public Future<Long> put(TenantId tenant, String key, Buffer value, Write how) {
        return Checked.in(() -> {
            var name = ValueChecks.key(key);
            ValueChecks.value(value);
            ValueChecks.write(how);
            var life = how.life();
            var args = List.of(
                    name,
                    value.getBytes(),
                    RedisKeys.bytes(how.expected()),
                    RedisKeys.bytes(life == null ? 0 : life.toMillis()),
                    RedisKeys.bytes(how.most().entries()),
                    RedisKeys.bytes(how.most().bytes()));
            var ready = life == null ? Future.<Void>succeededFuture() : sweeper.announce(tenant);
            return ready.compose(_ -> link.run(PUT, keys(tenant).all(), args))
                    .map(answer -> version(key, how, Answer.of(answer)));
        });
    }

    /** As {@link smcp.store.Copies#restore(TenantId, String, ValueStore.Value)}. */
    Future<Void> restore(TenantId tenant, String key, Value value) {
        return Checked.in(() -> {
            var name = ValueChecks.key(key);
            ValueChecks.value(value.content());
            var ends = value.expires();
            var args = List.of(
                    name,
                    value.content().getBytes(),
                    RedisKeys.bytes(value.version()),
                    RedisKeys.bytes(ends == null ? 0 : ends.toEpochMilli()));
            var ready = ends == null ? Future.<Void>succeededFuture() : sweeper.announce(tenant);
            return ready.compose(_ -> link.run(RESTORE, keys(tenant).all(), args))
                    .mapEmpty();
        });
    }

    private static long version(String key, Write how, Answer answer) {
        return switch (answer.text(0)) {
            case "ok" -> answer.number(1);
            case "conflict" -> {
                ValueChecks.expected(key, answer.number(1), how.expected());
                throw new IllegalStateException("a conflict that is none");
            }
            default -> {
                ValueChecks.quota(new Size(answer.number(1), answer.number(2)), how.most());
                throw new IllegalStateException("a quota that is kept");
            }
        };
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String key, long expected) {
        return Checked.in(() -> {
            var args = List.of(ValueChecks.key(key), RedisKeys.bytes(expected));
            return link.run(DELETE, keys(tenant).all(), args).map(Answer::of).map(answer -> {
                if (answer.text(0).equals("conflict")) {
                    ValueChecks.expected(key, answer.number(1), expected);
                }
                return answer.text(0).equals("ok");
            });
        });
    }

    @Override
    public Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most) {
        return Checked.in(() -> {
            var first = ValueChecks.prefix(prefix);
            var from = after == null ? null : ValueChecks.after(after);
            ValueChecks.most(most);
            var behind = from != null && Arrays.compareUnsigned(from, first) >= 0;
            var args = List.of(
                    behind ? bound('(', Objects.requireNonNull(from)) : bound('[', first),
                    bound('(', ValueChecks.beyond(first)),
                    RedisKeys.bytes(most));
            var keys = keys(tenant);
            return link.run(LIST, List.of(keys.names(), keys.meta()), args).map(answer -> page(Answer.of(answer)));
        });
    }

    private static byte[] bound(char kind, byte[] key) {
        var bound = new ByteArrayOutputStream(key.length + 1);
        bound.write(kind);
        bound.writeBytes(key);
        return bound.toByteArray();
    }

    private static Page page(Answer answer) {
        var keys = new ArrayList<Key>();
        for (var i = 2; i < answer.size(); i += 2) {
            var known = answer.text(i + 1).split(" ", 3);
            keys.add(new Key(
                    answer.text(i),
                    Long.parseLong(known[0]),
                    Integer.parseInt(known[1]),
                    expires(Long.parseLong(known[2]))));
        }
        var more = answer.text(0).equals("1");
        return new Page(keys, more ? answer.text(1) : null);
    }

    @Override
    public Future<Size> size(TenantId tenant) {
        var keys = keys(tenant);
        return link.run(SIZE, List.of(keys.names(), keys.state()), List.of())
                .map(Answer::of)
                .map(answer -> new Size(answer.number(0), answer.number(1)));
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        return link.run(DROP, keys(tenant).all(), List.of()).mapEmpty();
    }

    @Override
    public Future<Integer> sweep(Instant now, int most) {
        return sweeper.sweep(now, most);
    }
}
