package smcp.store;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog.Slice;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.EventLog.Unended;
import smcp.contract.Exchange;
import smcp.contract.SessionRecord;
import smcp.protocol.Json;

/** Sessions and logs of one tenant. One lock for all of them: what ends with a session ends in the same moment. */
final class MemoryTenant {
    private final StateBounds bounds;
    private final Map<String, Session> sessions = new HashMap<>();
    private final Map<StreamKey, MemoryStream> streams = new HashMap<>();
    private final Map<ExchangeKey, Exchange> exchanges = new HashMap<>();
    private final Map<String, Instant> spent = new HashMap<>();
    private final Deque<ChangeLog.Change> changes = new ArrayDeque<>();
    private String epoch = SqliteState.epoch();
    private long newest;

    private record Session(SessionRecord value, Instant expires) {}

    private record ExchangeKey(String session, String id) {}

    /** An exchange whose wait is over. */
    record DueExchange(String session, Exchange value) {}

    MemoryTenant(StateBounds bounds) {
        this.bounds = bounds;
    }

    synchronized boolean spend(String id, Instant until) {
        return spent.putIfAbsent(id, until) == null;
    }

    synchronized int sweepSpent(Instant now) {
        var before = spent.size();
        spent.values().removeIf(until -> until.isBefore(now));
        return before - spent.size();
    }

    synchronized boolean create(SessionRecord session, Instant expires) {
        if (sessions.putIfAbsent(session.id(), new Session(session, expires)) != null) {
            throw Checked.taken("session");
        }
        return true;
    }

    synchronized Optional<SessionRecord> session(String id, Instant now) {
        return Optional.ofNullable(sessions.get(id))
                .filter(session -> session.expires().isAfter(now))
                .map(Session::value);
    }

    synchronized boolean replace(SessionRecord next) {
        var was = sessions.get(next.id());
        if (was == null || was.value().stamp() != next.stamp() - 1) {
            return false;
        }
        sessions.put(next.id(), new Session(next, was.expires()));
        return true;
    }

    synchronized boolean touch(String id, Instant now, Instant expires) {
        var was = sessions.get(id);
        if (was == null || !was.expires().isAfter(now) || !was.expires().isBefore(expires)) {
            return false;
        }
        sessions.put(id, new Session(was.value(), expires));
        return true;
    }

    synchronized boolean delete(String id) {
        if (sessions.remove(id) == null) {
            return false;
        }
        streams.keySet().removeIf(stream -> stream.session().equals(id));
        exchanges.keySet().removeIf(exchange -> exchange.session().equals(id));
        return true;
    }

    synchronized List<String> sweepSessions(Instant now, int most) {
        var expired = sessions.values().stream()
                .filter(session -> session.expires().isBefore(now))
                .limit(Math.max(0, most))
                .map(session -> session.value().id())
                .toList();
        for (var id : expired) {
            var _ = delete(id);
        }
        return expired;
    }

    synchronized List<Copies.KeptSession> keptSessions() {
        return sessions.values().stream()
                .map(session -> new Copies.KeptSession(session.value(), session.expires()))
                .toList();
    }

    synchronized List<Copies.KeptMark> marks() {
        return spent.entrySet().stream()
                .map(mark -> new Copies.KeptMark(mark.getKey(), mark.getValue()))
                .toList();
    }

    synchronized int sessions() {
        return sessions.size();
    }

    synchronized boolean create(String session, Exchange exchange) {
        if (exchanges.putIfAbsent(new ExchangeKey(session, exchange.id()), exchange) != null) {
            throw Checked.taken("exchange");
        }
        return true;
    }

    synchronized Optional<Exchange> exchange(String session, String id) {
        return Optional.ofNullable(exchanges.get(new ExchangeKey(session, id)));
    }

    synchronized boolean replace(String session, Exchange next) {
        var key = new ExchangeKey(session, next.id());
        if (!isAt(exchanges.get(key), next.stamp() - 1)) {
            return false;
        }
        exchanges.put(key, next);
        return true;
    }

    synchronized boolean take(String session, String id, long stamp) {
        var key = new ExchangeKey(session, id);
        return isAt(exchanges.get(key), stamp) && exchanges.remove(key) != null;
    }

    private static boolean isAt(@Nullable Exchange exchange, long stamp) {
        return exchange != null && exchange.stamp() == stamp;
    }

    synchronized List<DueExchange> due(Instant now) {
        return exchanges.entrySet().stream()
                .filter(entry -> entry.getValue().deadline().isBefore(now))
                .map(entry -> new DueExchange(entry.getKey().session(), entry.getValue()))
                .toList();
    }

    synchronized boolean open(StreamKey key, String request, Instant expires) {
        streams.computeIfAbsent(key, _ -> new MemoryStream(bounds, request)).keepUntil(expires);
        return true;
    }

    synchronized boolean append(StreamKey key, long seq, List<Json> frames) {
        var stream = streams.get(key);
        if (stream == null) {
            throw Checked.gone();
        }
        stream.append(seq, frames);
        return true;
    }

    synchronized boolean end(StreamKey key, Instant expires) {
        var stream = streams.get(key);
        if (stream != null) {
            stream.end(expires);
        }
        return stream != null;
    }

    synchronized Optional<Slice> read(StreamKey key, long after, int most, Instant now) {
        return Optional.ofNullable(streams.get(key))
                .filter(stream -> !stream.expiredAt(now))
                .map(stream -> stream.slice(after, most));
    }

    synchronized List<Unended> unended() {
        var asked = new HashSet<String>();
        exchanges.forEach((key, exchange) -> asked.add(key.session() + " " + exchange.stream()));
        return streams.entrySet().stream()
                .filter(entry -> !entry.getValue().ended())
                .filter(entry -> !asked.contains(
                        entry.getKey().session() + " " + entry.getKey().id()))
                .map(entry -> entry.getValue().unended(entry.getKey()))
                .toList();
    }

    synchronized int sweepStreams(Instant now) {
        var before = streams.size();
        streams.values().removeIf(stream -> stream.expiredBefore(now));
        return before - streams.size();
    }

    synchronized long append(ChangeLog.Kind kind, String uri) {
        changes.addLast(new ChangeLog.Change(++newest, kind, uri));
        if (changes.size() > bounds.changes()) {
            changes.removeFirst();
        }
        return newest;
    }

    synchronized ChangeLog.Slice changes(long after, int most) {
        var oldest = newest - changes.size() + 1;
        var found = changes.stream()
                .skip(Math.max(0, after - oldest + 1))
                .limit(Math.max(0, most))
                .toList();
        return new ChangeLog.Slice(epoch, oldest, newest, found);
    }

    synchronized boolean dropChanges() {
        changes.clear();
        newest = 0;
        epoch = SqliteState.epoch();
        return true;
    }
}
