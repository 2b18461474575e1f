package smcp.store;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Page;
import smcp.contract.ValueStore.Size;
import smcp.contract.ValueStore.Value;
import smcp.contract.ValueStore.Write;

/** One tenant's values, in order of their keys' bytes. Its lock is never held while anything waits. Expiry is in milliseconds of the epoch. */
final class MemoryValues {
    /** Answer of a write to values that were dropped meanwhile. */
    static final long DROPPED = -1;

    private final TreeMap<byte[], Entry> entries = new TreeMap<>((Comparator<byte[]>) Arrays::compareUnsigned);
    private long bytes;
    private long newest;
    private boolean dropped;

    private record Entry(Buffer content, long version, long expires) {
        boolean live(long now) {
            return expires > now;
        }
    }

    /** @param newest the versions begin above it */
    MemoryValues(long newest) {
        this.newest = newest;
    }

    private @Nullable Entry live(byte[] key, long now) {
        var found = entries.get(key);
        return found != null && found.live(now) ? found : null;
    }

    synchronized Optional<Value> get(byte[] key, long now) {
        return Optional.ofNullable(live(key, now))
                .map(entry -> new Value(entry.content().copy(), entry.version(), ValueChecks.expires(entry.expires())));
    }

    /** @param content belongs to the store from now on */
    synchronized long put(String name, byte[] key, Buffer content, Write how, Instant now) {
        if (dropped) {
            return DROPPED;
        }
        var was = live(key, now.toEpochMilli());
        ValueChecks.expected(name, was == null ? ValueStore.ABSENT : was.version(), how.expected());
        var replaced = entries.get(key);
        var count = entries.size() + (replaced == null ? 1 : 0);
        var sum = bytes - weight(key, replaced) + key.length + content.length();
        ValueChecks.quota(new Size(count, sum), how.most());
        entries.put(key, new Entry(content, ++newest, ValueChecks.expires(now, how.life())));
        bytes = sum;
        return newest;
    }

    synchronized long restore(byte[] key, Value value) {
        var content = value.content().copy();
        bytes += key.length + content.length() - weight(key, entries.get(key));
        entries.put(key, new Entry(content, value.version(), ValueChecks.expires(value.expires())));
        raise(value.version());
        return newest;
    }

    /** Versions given from now on are greater. */
    synchronized void raise(long version) {
        newest = Math.max(newest, version);
    }

    private static long weight(byte[] key, @Nullable Entry entry) {
        return entry == null ? 0 : key.length + entry.content().length();
    }

    synchronized boolean delete(String name, byte[] key, long expected, long now) {
        var was = live(key, now);
        if (was == null) {
            return false;
        }
        ValueChecks.expected(name, was.version(), expected);
        bytes -= weight(key, entries.remove(key));
        return true;
    }

    synchronized Page list(byte[] prefix, byte @Nullable [] after, int most, long now) {
        var beyond = ValueChecks.beyond(prefix);
        var behind = after != null && Arrays.compareUnsigned(after, prefix) >= 0;
        var from = behind ? java.util.Objects.requireNonNull(after) : prefix;
        var keys = new ArrayList<ValueStore.Key>();
        if (Arrays.compareUnsigned(from, beyond) >= 0) {
            return new Page(keys, null);
        }
        for (var found : entries.subMap(from, !behind, beyond, false).entrySet()) {
            var entry = found.getValue();
            if (!entry.live(now)) {
                continue;
            }
            if (keys.size() == most) {
                return new Page(keys, keys.getLast().name());
            }
            keys.add(new ValueStore.Key(
                    ValueChecks.text(found.getKey()),
                    entry.version(),
                    entry.content().length(),
                    ValueChecks.expires(entry.expires())));
        }
        return new Page(keys, null);
    }

    synchronized Size size() {
        return new Size(entries.size(), bytes);
    }

    /** Answers the newest version it gave. */
    synchronized long drop() {
        dropped = true;
        entries.clear();
        bytes = 0;
        return newest;
    }

    synchronized int sweep(long now, int most) {
        var swept = 0;
        for (Iterator<java.util.Map.Entry<byte[], Entry>> each =
                        entries.entrySet().iterator();
                swept < most && each.hasNext(); ) {
            var entry = each.next();
            if (!entry.getValue().live(now)) {
                bytes -= weight(entry.getKey(), entry.getValue());
                each.remove();
                swept++;
            }
        }
        return swept;
    }
}
