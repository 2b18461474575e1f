package smcp.store;

import io.vertx.core.Future;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.EventLog;
import smcp.protocol.Json;
import smcp.tenant.TenantId;

/** Event logs: a row a stream, a row a frame. */
final class SqliteEvents implements EventLog {
    /** Streams removed in one transaction: the writer must not be away for long. */
    private static final int SWEEP = 500;

    private final SqliteDatabase database;
    private final StateBounds bounds;

    SqliteEvents(SqliteDatabase database, StateBounds bounds) {
        this.database = database;
        this.bounds = bounds;
    }

    @Override
    public Future<Void> open(StreamKey stream, String request, Instant expires) {
        return Checked.in(() -> {
            Checked.stream(stream);
            return database.write(
                            0,
                            db -> db.update(
                                    "INSERT INTO stream (tenant, session, id, expires, request) VALUES (?, ?, ?, ?, ?)"
                                            + " ON CONFLICT DO UPDATE SET expires = max(expires, excluded.expires)",
                                    stream.tenant().value(),
                                    stream.session(),
                                    stream.id(),
                                    Times.nanos(expires),
                                    request))
                    .mapEmpty();
        });
    }

    @Override
    public Future<Void> append(StreamKey stream, long seq, List<Json> frames) {
        if (!Checked.sound(stream)) {
            return Future.failedFuture(Checked.gone());
        }
        var copies = frames.stream().map(Json::detached).toList();
        var weight = copies.stream().mapToInt(Json::length).sum();
        return database.write(weight, db -> insert(db, stream, seq, copies)).mapEmpty();
    }

    private boolean insert(Statements db, StreamKey stream, long seq, List<Json> frames) throws SQLException {
        var was = position(db, stream);
        if (seq > was.next()) {
            throw Checked.gap(was.next(), seq);
        }
        var known = (int) Math.min(frames.size(), was.next() - seq);
        var fresh = frames.subList(known, frames.size());
        if (fresh.isEmpty()) {
            return false;
        }
        if (was.ended()) {
            throw Checked.ended();
        }
        var next = was.next();
        var bytes = was.bytes();
        for (var frame : fresh) {
            var _ = db.update(
                    "INSERT INTO frame (stream, seq, data, sum) VALUES (?, ?, ?, ?)",
                    was.key(),
                    next++,
                    frame.bytes(),
                    Sums.of(frame.bytes()));
            bytes += frame.length();
        }
        var kept = trim(db, new Position(was.key(), was.first(), next, bytes, false));
        var _ = db.update(
                "UPDATE stream SET first = ?, next = ?, bytes = ? WHERE key = ?",
                kept.first(),
                kept.next(),
                kept.bytes(),
                kept.key());
        return true;
    }

    private record Position(long key, long first, long next, long bytes, boolean ended) {}

    private static Position position(Statements db, StreamKey stream) throws SQLException {
        try (var rows = db.with(
                        "SELECT key, first, next, bytes, ended FROM stream"
                                + " WHERE tenant = ? AND session = ? AND id = ?",
                        stream.tenant().value(),
                        stream.session(),
                        stream.id())
                .executeQuery()) {
            if (!rows.next()) {
                throw Checked.gone();
            }
            return new Position(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getLong(4), rows.getBoolean(5));
        }
    }

    /** Drops the oldest frames until the bounds hold; never the newest. */
    private Position trim(Statements db, Position stream) throws SQLException {
        var first = stream.first();
        var bytes = stream.bytes();
        if (fits(stream.next() - first, bytes)) {
            return stream;
        }
        try (var rows = db.with("SELECT length(data) FROM frame WHERE stream = ? ORDER BY seq", stream.key())
                .executeQuery()) {
            while (first < stream.next() - 1 && !fits(stream.next() - first, bytes) && rows.next()) {
                bytes -= rows.getLong(1);
                first++;
            }
        }
        var _ = db.update("DELETE FROM frame WHERE stream = ? AND seq < ?", stream.key(), first);
        return new Position(stream.key(), first, stream.next(), bytes, stream.ended());
    }

    private boolean fits(long frames, long bytes) {
        return frames <= bounds.streamFrames() && bytes <= bounds.streamBytes();
    }

    @Override
    public Future<Void> end(StreamKey stream, Instant expires) {
        if (!Checked.sound(stream)) {
            return Future.succeededFuture();
        }
        return database.write(
                        0,
                        db -> db.update(
                                "UPDATE stream SET ended = 1, expires = ?"
                                        + " WHERE tenant = ? AND session = ? AND id = ?",
                                Times.nanos(expires),
                                stream.tenant().value(),
                                stream.session(),
                                stream.id()))
                .mapEmpty();
    }

    @Override
    public Future<Optional<Slice>> read(StreamKey stream, long after, int most, Instant now) {
        if (!Checked.sound(stream)) {
            return Future.succeededFuture(Optional.empty());
        }
        return database.read(db -> find(db, stream, after, most, now));
    }

    /** One statement, so that the slice is of one moment. */
    private Optional<Slice> find(Statements db, StreamKey stream, long after, int most, Instant now)
            throws SQLException {
        try (var rows = db.with(
                        "SELECT first, next, ended, seq, data, sum FROM stream"
                                + " LEFT JOIN frame ON frame.stream = stream.key AND seq > ?"
                                + " WHERE tenant = ? AND session = ? AND id = ? AND expires > ? ORDER BY seq LIMIT ?",
                        after,
                        stream.tenant().value(),
                        stream.session(),
                        stream.id(),
                        Times.nanos(now),
                        Math.max(1, most))
                .executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            var first = rows.getLong(1);
            var next = rows.getLong(2);
            var ended = rows.getBoolean(3);
            var events = new ArrayList<Event>();
            do {
                if (rows.getBytes(5) != null && most > 0) {
                    var data = Sums.checked(rows, 5, database.file(), "a frame");
                    events.add(new Event(rows.getLong(4), Json.of(data)));
                }
            } while (rows.next());
            return Optional.of(new Slice(events, first, next, ended));
        }
    }

    @Override
    public Future<List<Unended>> unended(@Nullable String node, int most) {
        return database.read(db -> {
            var found = new ArrayList<Unended>();
            try (var rows = db.with(
                            "SELECT tenant, session, id, request, next FROM stream"
                                    + " WHERE ended = 0 AND request IS NOT NULL AND NOT EXISTS (SELECT 1 FROM exchange AS asked"
                                    + " WHERE asked.tenant = stream.tenant AND asked.session = stream.session"
                                    + " AND CAST(asked.record AS TEXT) ->> '$.stream' = stream.id) LIMIT ?",
                            Math.max(0, most))
                    .executeQuery()) {
                while (rows.next()) {
                    var key = new StreamKey(new TenantId(rows.getString(1)), rows.getString(2), rows.getString(3));
                    found.add(new Unended(key, rows.getString(4), rows.getLong(5)));
                }
            }
            return found;
        });
    }

    @Override
    public Future<Integer> sweep(Instant now) {
        return sweep(now, 0);
    }

    private Future<Integer> sweep(Instant now, int before) {
        return database.write(
                        0,
                        db -> db.update(
                                "DELETE FROM stream WHERE key IN"
                                        + " (SELECT key FROM stream WHERE expires < ? ORDER BY expires LIMIT ?)",
                                Times.nanos(now),
                                SWEEP))
                .compose(swept -> swept < SWEEP ? Future.succeededFuture(before + swept) : sweep(now, before + swept));
    }
}
