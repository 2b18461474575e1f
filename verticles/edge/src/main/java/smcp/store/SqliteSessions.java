package smcp.store;

import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore;
import smcp.tenant.TenantId;

/** Sessions, a row each. */
final class SqliteSessions implements SessionStore {
    /** Rows of a page that a backup reads. */
    private static final int PAGE = 500;

    private final SqliteDatabase database;

    SqliteSessions(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Void> create(SessionRecord session, Instant expires) {
        return Checked.in(() -> {
            var json = Checked.json(session);
            return database.write(json.length, db -> insert(db, session, expires, json))
                    .mapEmpty();
        });
    }

    private static boolean insert(Statements db, SessionRecord session, Instant expires, byte[] json)
            throws SQLException {
        var made = db.update(
                "INSERT INTO session (tenant, id, stamp, expires, record, sum) VALUES (?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                session.version().tenant().value(),
                session.id(),
                session.stamp(),
                Times.nanos(expires),
                json,
                Sums.of(json));
        if (made == 0) {
            throw Checked.taken("session");
        }
        return true;
    }

    @Override
    public Future<Optional<SessionRecord>> find(TenantId tenant, String id, Instant now) {
        if (!Text.sound(id)) {
            return Future.succeededFuture(Optional.empty());
        }
        return database.read(db -> {
            try (var rows = db.with(
                            "SELECT record, sum FROM session WHERE tenant = ? AND id = ? AND expires > ?",
                            tenant.value(),
                            id,
                            Times.nanos(now))
                    .executeQuery()) {
                return rows.next() ? Optional.of(session(rows)) : Optional.empty();
            }
        });
    }

    /** As {@link Copies#sessions}. */
    Future<Copies.Page<Copies.KeptSession>> kept(TenantId tenant, @Nullable String after) {
        return database.read(db -> {
            var page = new ArrayList<Copies.KeptSession>();
            try (var rows = db.with(
                            "SELECT record, sum, expires FROM session WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?",
                            tenant.value(),
                            after == null ? "" : after,
                            PAGE)
                    .executeQuery()) {
                while (rows.next()) {
                    page.add(new Copies.KeptSession(session(rows), Times.instant(rows.getLong(3))));
                }
            }
            return new Copies.Page<>(
                    page, page.size() < PAGE ? null : page.getLast().session().id());
        });
    }

    private SessionRecord session(ResultSet rows) throws SQLException {
        return RecordJson.read("session", Sums.checked(rows, 1, database.file(), "a session"), SessionRecord.class);
    }

    @Override
    public Future<Boolean> replace(SessionRecord next) {
        return Checked.in(() -> {
            var json = Checked.json(next);
            return database.write(
                    json.length,
                    db -> db.update(
                                    "UPDATE session SET record = ?, sum = ?, stamp = ?"
                                            + " WHERE tenant = ? AND id = ? AND stamp = ?",
                                    json,
                                    Sums.of(json),
                                    next.stamp(),
                                    next.version().tenant().value(),
                                    next.id(),
                                    next.stamp() - 1)
                            == 1);
        });
    }

    @Override
    public Future<Void> touch(TenantId tenant, String id, Instant now, Instant expires) {
        if (!Text.sound(id)) {
            return Future.succeededFuture();
        }
        return database.write(
                        0,
                        db -> db.update(
                                "UPDATE session SET expires = ?1 WHERE tenant = ?2 AND id = ?3 AND expires < ?1 AND expires > ?4",
                                Times.nanos(expires),
                                tenant.value(),
                                id,
                                Times.nanos(now)))
                .mapEmpty();
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String id) {
        if (!Text.sound(id)) {
            return Future.succeededFuture(false);
        }
        return database.write(
                0, db -> db.update("DELETE FROM session WHERE tenant = ? AND id = ?", tenant.value(), id) == 1);
    }

    @Override
    public Future<List<SessionKey>> sweep(Instant now, int most) {
        return database.write(0, db -> {
            var swept = new ArrayList<SessionKey>();
            try (var rows = db.with(
                            "DELETE FROM session WHERE rowid IN (SELECT rowid FROM session WHERE expires < ?"
                                    + " ORDER BY expires LIMIT ?) RETURNING tenant, id",
                            Times.nanos(now),
                            Math.max(0, most))
                    .executeQuery()) {
                while (rows.next()) {
                    swept.add(new SessionKey(new TenantId(rows.getString(1)), rows.getString(2)));
                }
            }
            return swept;
        });
    }

    @Override
    public Future<Integer> count(TenantId tenant) {
        return database.read(
                db -> (int) db.number("SELECT sessions FROM session_count WHERE tenant = ?", 0, tenant.value()));
    }
}
