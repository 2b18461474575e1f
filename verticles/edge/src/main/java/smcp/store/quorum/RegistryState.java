package smcp.store.quorum;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import smcp.store.RegistryStore.Stored;
import smcp.store.quorum.Request.Item;

/**
 * What all members hold alike: each applies the same parts in the same order, and nothing here looks at a clock, the machine or the order of a hash table. Every bound is so part of the format, and a change of one is a change of format.
 *
 * <p>Read and changed under its lock: changes come from one thread, backups read from others.
 */
final class RegistryState {
    /** What a backup tells of deletions; a follower needs none of them, because it compares whole snapshots. */
    static final int TOMBSTONES = 100_000;

    /** Requests whose outcome is remembered. A sender gives up after seconds, and no cluster makes so many commits in that time. */
    static final int OUTCOMES = 16_384;

    /** Parts of requests that are not whole. Beyond, the oldest request is forgotten: its sender died or was cut off. */
    static final long MOST_UNFINISHED = 256L << 20;

    /** Of what a backup reads at once. */
    private static final long PAGE_BYTES = 1 << 20;

    final Map<String, Item> live = new HashMap<>();
    final SequencedMap<String, Long> gone = new LinkedHashMap<>();
    final SequencedMap<Part.Id, Outcome> outcomes = new LinkedHashMap<>();
    final SequencedMap<Part.Id, Part[]> unfinished = new LinkedHashMap<>();
    private long unfinishedBytes;
    private long revision;

    /**
     * A request that was whole now.
     *
     * @param changed what the feed shall hear
     */
    record Applied(Part.Id id, Outcome outcome, List<Stored> changed) {}

    /** @return null if nothing was done: more parts must come, or it was done before */
    synchronized @Nullable Applied apply(Part part) {
        if (outcomes.containsKey(part.id())) {
            return null;
        }
        var whole = whole(part);
        if (whole == null) {
            return null;
        }
        var request = Request.decode(whole);
        var changed = new ArrayList<Stored>(request.items().size());
        var outcome = switch (request.kind()) {
            case COMMIT -> commit(request.items(), changed);
            case RESTORE -> restore(request, changed);
        };
        outcomes.put(part.id(), outcome);
        if (outcomes.size() > OUTCOMES) {
            outcomes.pollFirstEntry();
        }
        return new Applied(part.id(), outcome, changed);
    }

    private byte @Nullable [] whole(Part part) {
        if (part.of() == 1) {
            return part.bytes();
        }
        var parts = unfinished.computeIfAbsent(part.id(), _ -> new Part[part.of()]);
        if (parts[part.at()] == null) {
            parts[part.at()] = part;
            unfinishedBytes += part.bytes().length;
        }
        if (Stream.of(parts).anyMatch(each -> each == null)) {
            while (unfinishedBytes > MOST_UNFINISHED) {
                forget(unfinished.keySet().iterator().next());
            }
            return null;
        }
        forget(part.id());
        var whole =
                new byte[Stream.of(parts).mapToInt(each -> each.bytes().length).sum()];
        var at = 0;
        for (var each : parts) {
            System.arraycopy(each.bytes(), 0, whole, at, each.bytes().length);
            at += each.bytes().length;
        }
        return whole;
    }

    private void forget(Part.Id id) {
        var parts = unfinished.remove(id);
        if (parts != null) {
            unfinishedBytes -= bytes(parts);
        }
    }

    private static long bytes(Part[] parts) {
        return Stream.of(parts)
                .filter(each -> each != null)
                .mapToLong(each -> each.bytes().length)
                .sum();
    }

    /** Of a snapshot. */
    void unfinished(Part part) {
        unfinished.computeIfAbsent(part.id(), _ -> new Part[part.of()])[part.at()] = part;
        unfinishedBytes += part.bytes().length;
    }

    private Outcome commit(List<Item> items, List<Stored> changed) {
        for (var at = 0; at < items.size(); at++) {
            var found = live.get(items.get(at).path());
            var number = found == null ? 0 : found.number();
            if (items.get(at).number() != number) {
                return new Outcome.Conflict(at, number);
            }
        }
        revision++;
        for (var item : items) {
            changed.add(put(new Item(item.path(), revision, item.packed())));
        }
        return new Outcome.Done(revision);
    }

    private Outcome restore(Request request, List<Stored> changed) {
        revision = Math.max(revision, request.above());
        for (var item : request.items()) {
            revision = Math.max(revision, item.number());
            changed.add(put(item));
        }
        return new Outcome.Done(revision);
    }

    private Stored put(Item item) {
        gone.remove(item.path());
        if (item.packed() == null) {
            live.remove(item.path());
            gone.put(item.path(), item.number());
            if (gone.size() > TOMBSTONES) {
                gone.pollFirstEntry();
            }
        } else {
            live.put(item.path(), item);
        }
        return stored(item);
    }

    static Stored stored(Item item) {
        return new Stored(item.path(), item.number(), Packed.json(item.packed()));
    }

    synchronized long revision() {
        return revision;
    }

    /** Of a snapshot. */
    void revision(long number) {
        revision = number;
    }

    /** What leads from {@code before} to this. */
    synchronized List<Stored> since(RegistryState before) {
        var told = new ArrayList<Stored>();
        for (var item : live.values()) {
            var was = before.live.get(item.path());
            if (was == null || was.number() != item.number()) {
                told.add(stored(item));
            }
        }
        for (var path : before.live.keySet()) {
            if (!live.containsKey(path)) {
                told.add(new Stored(path, gone.getOrDefault(path, revision), null));
            }
        }
        told.sort(Comparator.comparingLong(Stored::revision));
        return told;
    }

    /** As {@link smcp.store.Copies#registry}. */
    synchronized List<Stored> page(long above) {
        var newer = Stream.concat(
                        live.values().stream(),
                        gone.entrySet().stream().map(each -> new Item(each.getKey(), each.getValue(), null)))
                .filter(item -> item.number() > above)
                .sorted(Comparator.comparingLong(Item::number))
                .toList();
        var page = new ArrayList<Stored>();
        var bytes = 0L;
        for (var item : newer) {
            if (bytes >= PAGE_BYTES && item.number() != page.getLast().revision()) {
                break;
            }
            var next = stored(item);
            bytes += next.weight();
            page.add(next);
        }
        return page;
    }
}
