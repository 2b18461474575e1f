package smcp.store;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import smcp.contract.EventLog.Event;
import smcp.contract.EventLog.Slice;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.EventLog.Unended;
import smcp.protocol.Json;

/** The frames of one stream. Guarded by its tenant. */
final class MemoryStream {
    private final StateBounds bounds;
    private final String request;
    private final Deque<Event> frames = new ArrayDeque<>();
    private Instant expires = Instant.MIN;
    private long next;
    private long bytes;
    private boolean ended;

    MemoryStream(StateBounds bounds, String request) {
        this.bounds = bounds;
        this.request = request;
    }

    void keepUntil(Instant later) {
        expires = expires.isBefore(later) ? later : expires;
    }

    void append(long seq, List<Json> given) {
        if (seq > next) {
            throw Checked.gap(next, seq);
        }
        var fresh = given.subList((int) Math.min(given.size(), next - seq), given.size());
        if (fresh.isEmpty()) {
            return;
        }
        if (ended) {
            throw Checked.ended();
        }
        for (var frame : fresh) {
            frames.addLast(new Event(next++, frame.detached()));
            bytes += frame.length();
        }
        while (frames.size() > 1 && (frames.size() > bounds.streamFrames() || bytes > bounds.streamBytes())) {
            bytes -= frames.removeFirst().data().length();
        }
    }

    void end(Instant until) {
        ended = true;
        expires = until;
    }

    boolean ended() {
        return ended;
    }

    Unended unended(StreamKey key) {
        return new Unended(key, request, next);
    }

    boolean expiredAt(Instant now) {
        return !expires.isAfter(now);
    }

    boolean expiredBefore(Instant now) {
        return expires.isBefore(now);
    }

    Slice slice(long after, int most) {
        var first = next - frames.size();
        var events = frames.stream()
                .skip(Math.max(0, after - first + 1))
                .limit(Math.max(0, most))
                .toList();
        return new Slice(events, first, next, ended);
    }
}
