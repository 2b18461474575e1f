package smcp.vault;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.ValueStore;
import smcp.tenant.TenantId;

/** Values in memory that a test can get at; they never expire. */
final class MapValues implements ValueStore {
    private final TreeMap<String, Value> kept = new TreeMap<>();
    private long version;
    private Future<Void> stalled = Future.succeededFuture();

    /** The next write waits for this. */
    synchronized void stall(Future<Void> until) {
        stalled = until;
    }

    private static String path(TenantId tenant, String key) {
        return tenant + "\n" + key;
    }

    synchronized Buffer raw(TenantId tenant, String key) {
        return Objects.requireNonNull(kept.get(path(tenant, key))).content();
    }

    synchronized void tamper(TenantId tenant, String key, Buffer content) {
        kept.put(path(tenant, key), new Value(content, ++version, null));
    }

    synchronized List<Buffer> all() {
        return kept.values().stream().map(Value::content).toList();
    }

    @Override
    public synchronized Future<Optional<Value>> get(TenantId tenant, String key) {
        return Future.succeededFuture(Optional.ofNullable(kept.get(path(tenant, key))));
    }

    @Override
    public Future<Long> put(TenantId tenant, String key, Buffer value, Write how) {
        Future<Void> until;
        synchronized (this) {
            until = stalled;
            stalled = Future.succeededFuture();
        }
        return until.compose(_ -> write(tenant, key, value, how));
    }

    private synchronized Future<Long> write(TenantId tenant, String key, Buffer value, Write how) {
        var was = kept.get(path(tenant, key));
        if (how.expected() != ANY && how.expected() != (was == null ? ABSENT : was.version())) {
            return Future.failedFuture(new Fault(Kind.CONFLICT, key));
        }
        kept.put(path(tenant, key), new Value(value.copy(), ++version, null));
        return Future.succeededFuture(version);
    }

    @Override
    public synchronized Future<Boolean> delete(TenantId tenant, String key, long expected) {
        return Future.succeededFuture(kept.remove(path(tenant, key)) != null);
    }

    @Override
    public synchronized Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most) {
        var names = kept.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(path(tenant, prefix)))
                .map(entry -> new Key(
                        entry.getKey().substring(entry.getKey().indexOf('\n') + 1),
                        entry.getValue().version(),
                        entry.getValue().content().length(),
                        null))
                .filter(key -> after == null || key.name().compareTo(after) > 0)
                .limit(most + 1L)
                .toList();
        return Future.succeededFuture(
                names.size() <= most
                        ? new Page(names, null)
                        : new Page(names.subList(0, most), names.get(most - 1).name()));
    }

    @Override
    public Future<Size> size(TenantId tenant) {
        return Future.succeededFuture(new Size(0, 0));
    }

    @Override
    public synchronized Future<Void> drop(TenantId tenant) {
        kept.keySet().removeIf(path -> path.startsWith(tenant + "\n"));
        return Future.succeededFuture();
    }

    @Override
    public Future<Integer> sweep(Instant now, int most) {
        return Future.succeededFuture(0);
    }
}
