package smcp.store;

import io.vertx.core.Future;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Optional;
import smcp.contract.ChangeLog;
import smcp.tenant.TenantId;

/** Change logs. A log begins when it is first read or written, so that the epoch a reader learns is the one the first change will have. */
final class SqliteChanges implements ChangeLog {
    private static final String BEGIN = "INSERT INTO change_log (tenant, epoch) VALUES (?, ?) ON CONFLICT DO NOTHING";

    private final SqliteDatabase database;
    private final int most;

    SqliteChanges(SqliteDatabase database, int most) {
        this.database = database;
        this.most = most;
    }

    @Override
    public Future<Long> append(TenantId tenant, Kind kind, String uri) {
        return Checked.in(() -> {
            Checked.uri(uri);
            return database.write(uri.length(), db -> insert(db, tenant, kind, uri));
        });
    }

    private long insert(Statements db, TenantId tenant, Kind kind, String uri) throws SQLException {
        var pos = db.number(
                "INSERT INTO change_log (tenant, epoch, newest) VALUES (?, ?, 1)"
                        + " ON CONFLICT DO UPDATE SET newest = newest + 1 RETURNING newest",
                0,
                tenant.value(),
                SqliteState.epoch());
        var _ = db.update("INSERT INTO change VALUES (?, ?, ?, ?)", tenant.value(), pos, kind.name(), uri);
        var _ = db.update("DELETE FROM change WHERE tenant = ? AND pos <= ?", tenant.value(), pos - most);
        return pos;
    }

    @Override
    public Future<Slice> read(TenantId tenant, long after, int count) {
        return database.read(db -> find(db, tenant, after, count))
                .compose(found -> found.map(Future::succeededFuture).orElseGet(() -> begin(tenant, after, count)));
    }

    private Future<Slice> begin(TenantId tenant, long after, int count) {
        return database.write(0, db -> {
            var _ = db.update(BEGIN, tenant.value(), SqliteState.epoch());
            return find(db, tenant, after, count).orElseThrow();
        });
    }

    /** One statement, so that the slice is of one moment. */
    private static Optional<Slice> find(Statements db, TenantId tenant, long after, int count) throws SQLException {
        try (var rows = db.with(
                        "SELECT epoch, newest, (SELECT min(pos) FROM change WHERE tenant = ?1), pos, kind, uri"
                                + " FROM change_log l LEFT JOIN change c ON c.tenant = l.tenant AND c.pos > ?2"
                                + " WHERE l.tenant = ?1 ORDER BY pos LIMIT ?3",
                        tenant.value(),
                        after,
                        Math.max(1, count))
                .executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            var epoch = rows.getString(1);
            var newest = rows.getLong(2);
            var oldest = rows.getLong(3);
            var changes = new ArrayList<Change>();
            do {
                if (rows.getLong(4) > 0 && count > 0) {
                    changes.add(new Change(rows.getLong(4), Kind.valueOf(rows.getString(5)), rows.getString(6)));
                }
            } while (rows.next());
            return Optional.of(new Slice(epoch, oldest == 0 ? newest + 1 : oldest, newest, changes));
        }
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        return database.write(0, db -> {
                    var _ = db.update("DELETE FROM change WHERE tenant = ?", tenant.value());
                    return db.update("DELETE FROM change_log WHERE tenant = ?", tenant.value());
                })
                .mapEmpty();
    }
}
