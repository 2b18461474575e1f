package smcp.store.backup;

import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** How many records and bytes went through, by kind. Written by one thread, read by any. */
public final class Tally {
    /** @param bytes of content, before it is packed */
    public record Count(long records, long bytes) {
        private Count plus(long more, long moreBytes) {
            return new Count(records + more, bytes + moreBytes);
        }
    }

    private final Map<Section.Kind, Count> counts = new EnumMap<>(Section.Kind.class);

    synchronized void add(Section.Kind kind, long records, long bytes) {
        counts.merge(kind, new Count(records, bytes), (was, more) -> was.plus(more.records(), more.bytes()));
    }

    /** By the names of the sections: registry, values, sessions, spent, blobs. */
    public synchronized Map<String, Count> counts() {
        var named = new TreeMap<String, Count>();
        counts.forEach((kind, count) -> named.put(kind.word(), count));
        return named;
    }
}
