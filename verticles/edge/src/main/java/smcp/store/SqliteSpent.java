package smcp.store;

import io.vertx.core.Future;
import java.time.Instant;
import smcp.contract.SpentStates;
import smcp.tenant.TenantId;

/** Marks of used states, a row each. */
final class SqliteSpent implements SpentStates {
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

    @Override
    public Future<Integer> sweep(Instant now) {
        return database.write(0, db -> db.update("DELETE FROM spent WHERE expires < ?", Times.nanos(now)));
    }
}
