package smcp.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;
import smcp.contract.SpentStates;
import smcp.tenant.TenantId;

/** Marks of used states, a row each. */
final class SqliteSpent implements SpentStates {
    /** Rows of a page that a backup reads. */
    private static final int PAGE = 500;

    private final SqliteDatabase database;

    SqliteSpent(SqliteDatabase database) {
        this.database = database;
    }

    @Override
    public Future<Boolean> spend(TenantId tenant, String id, Instant until) {
        return Checked.in(() -> {
            Checked.id("state", id);
            return database.write(
                    id.length(),
                    db -> db.update(
                                    "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                    tenant.value(),
                                    id,
                                    Times.nanos(until))
                            == 1);
        });
    }

    /** As {@link Copies#marks}. */
    Future<Copies.Page<Copies.KeptMark>> kept(TenantId tenant, @Nullable String after) {
        return database.read(db -> {
            var page = new ArrayList<Copies.KeptMark>();
            try (var rows = db.with(
                            "SELECT id, expires FROM spent WHERE tenant = ? AND id > ? ORDER BY id LIMIT ?",
                            tenant.value(),
                            after == null ? "" : after,
                            PAGE)
                    .executeQuery()) {
                while (rows.next()) {
                    page.add(new Copies.KeptMark(rows.getString(1), Times.instant(rows.getLong(2))));
                }
            }
            return new Copies.Page<>(
                    page, page.size() < PAGE ? null : page.getLast().id());
        });
    }

    @Override
    public Future<Integer> sweep(Instant now) {
        return database.write(0, db -> db.update("DELETE FROM spent WHERE expires < ?", Times.nanos(now)));
    }
}
