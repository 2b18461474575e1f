package smcp.store;

import io.vertx.core.Future;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import smcp.contract.Exchange;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionStore.SessionKey;
import smcp.tenant.TenantId;

/** Exchanges, a row each. */
final class SqliteExchanges implements ExchangeStore {
    private final SqliteDatabase database;

    SqliteExchanges(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Void> create(SessionKey session, Exchange exchange) {
        return Checked.in(() -> {
            var json = Checked.json(session, exchange);
            return database.write(json.length, db -> insert(db, session, exchange, json))
                    .mapEmpty();
        });
    }

    private static boolean insert(Statements db, SessionKey session, Exchange exchange, byte[] json)
            throws SQLException {
        var made = db.update(
                "INSERT INTO exchange (tenant, session, id, stamp, deadline, record, sum) VALUES (?, ?, ?, ?, ?, ?, ?)"
                        + " ON CONFLICT DO NOTHING",
                session.tenant().value(),
                session.id(),
                exchange.id(),
                exchange.stamp(),
                Times.nanos(exchange.deadline()),
                json,
                Sums.of(json));
        if (made == 0) {
            throw Checked.taken("exchange");
        }
        return true;
    }

    @Override
    public Future<Optional<Exchange>> find(SessionKey session, String id) {
        if (!Checked.sound(session, id)) {
            return Future.succeededFuture(Optional.empty());
        }
        return database.read(db -> {
            try (var rows = db.with(
                            "SELECT record, sum FROM exchange WHERE tenant = ? AND session = ? AND id = ?",
                            session.tenant().value(),
                            session.id(),
                            id)
                    .executeQuery()) {
                return rows.next() ? Optional.of(exchange(rows, 1)) : Optional.empty();
            }
        });
    }

    private Exchange exchange(ResultSet rows, int column) throws SQLException {
        return RecordJson.read("exchange", Sums.checked(rows, column, database.file(), "an exchange"), Exchange.class);
    }

    @Override
    public Future<Boolean> replace(SessionKey session, Exchange next) {
        return Checked.in(() -> {
            var json = Checked.json(session, next);
            return database.write(
                    json.length,
                    db -> db.update(
                                    "UPDATE exchange SET record = ?, sum = ?, stamp = ?, deadline = ?"
                                            + " WHERE tenant = ? AND session = ? AND id = ? AND stamp = ?",
                                    json,
                                    Sums.of(json),
                                    next.stamp(),
                                    Times.nanos(next.deadline()),
                                    session.tenant().value(),
                                    session.id(),
                                    next.id(),
                                    next.stamp() - 1)
                            == 1);
        });
    }

    @Override
    public Future<Boolean> take(SessionKey session, String id, long stamp) {
        if (!Checked.sound(session, id)) {
            return Future.succeededFuture(false);
        }
        return database.write(
                0,
                db -> db.update(
                                "DELETE FROM exchange WHERE tenant = ? AND session = ? AND id = ? AND stamp = ?",
                                session.tenant().value(),
                                session.id(),
                                id,
                                stamp)
                        == 1);
    }

    @Override
    public Future<List<Due>> due(Instant now, int most) {
        return database.read(db -> {
            var due = new ArrayList<Due>();
            try (var rows = db.with(
                            "SELECT tenant, session, record, sum FROM exchange WHERE deadline < ? ORDER BY deadline LIMIT ?",
                            Times.nanos(now),
                            Math.max(0, most))
                    .executeQuery()) {
                while (rows.next()) {
                    var session = new SessionKey(new TenantId(rows.getString(1)), rows.getString(2));
                    due.add(new Due(session, exchange(rows, 3)));
                }
            }
            return due;
        });
    }
}
