package smcp.store;

import java.sql.SQLException;
import java.util.List;
import smcp.bus.Fault;

/**
 * The tables of one SQLite file. A file of an older version is brought forward step by step in one transaction; one of a newer version is refused, because what it means is not known here.
 *
 * @param applicationId marks the file ({@code PRAGMA application_id}), so that another program's database is not taken for ours
 * @param steps SQL that leads from version {@code i} to {@code i + 1}, as statements; an empty file has version 0
 */
public record Schema(String name, int applicationId, List<List<String>> steps) {
    public Schema {
        steps = List.copyOf(steps);
    }

    int version() {
        return steps.size();
    }

    void migrate(Statements db) throws SQLException {
        var found = (int) db.number("PRAGMA user_version", 0);
        var owner = (int) db.number("PRAGMA application_id", 0);
        var tables = db.number("SELECT count(*) FROM sqlite_schema", 0);
        if (owner != applicationId && (owner != 0 || tables != 0)) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "the file is a SQLite database, but not a " + name);
        }
        if (found > version()) {
            throw new Fault(
                    Fault.Kind.STORE_UNAVAILABLE,
                    "the " + name + " has schema version " + found + ", this program knows versions up to " + version()
                            + ": run the newer program, or restore a backup made before it");
        }
        if (found < version()) {
            forward(db, found);
        }
    }

    private void forward(Statements db, int from) throws SQLException {
        db.run("BEGIN IMMEDIATE");
        try {
            for (var step : steps.subList(from, version())) {
                for (var sql : step) {
                    db.run(sql);
                }
            }
            db.run("PRAGMA user_version = " + version());
            db.run("PRAGMA application_id = " + applicationId);
            db.run("COMMIT");
        } catch (SQLException e) {
            db.run("ROLLBACK");
            throw e;
        }
    }
}
