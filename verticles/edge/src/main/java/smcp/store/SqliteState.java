package smcp.store;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionStore;
import smcp.contract.SpentStates;
import smcp.tenant.TenantId;

/**
 * Sessions and logs in one SQLite file. A commit is not synced: the end of the process loses nothing that was acknowledged, the end of the machine may lose the latest transactions (whole ones, the newest first). After that a change
 * log would give positions a second time that clients hold cursors to; so when the machine was restarted and the file not closed before, every change log begins a new epoch.
 */
final class SqliteState implements State {
    private static final int APPLICATION_ID = 0x534d4353; // "SMCS"

    /** Triggers keep what belongs together in one transaction whichever way a session or stream ends. */
    private static final Schema SCHEMA = new Schema(
            "session store",
            APPLICATION_ID,
            List.of(
                    List.of(
                            "CREATE TABLE opened (one INTEGER PRIMARY KEY CHECK (one = 1), boot TEXT NOT NULL) STRICT",
                            "CREATE TABLE session (tenant TEXT, id TEXT, stamp INTEGER NOT NULL, expires INTEGER NOT NULL,"
                                    + " record BLOB NOT NULL, PRIMARY KEY (tenant, id)) STRICT",
                            "CREATE INDEX session_expires ON session (expires)",
                            "CREATE TABLE session_count (tenant TEXT PRIMARY KEY, sessions INTEGER NOT NULL) STRICT,"
                                    + " WITHOUT ROWID",
                            "CREATE TABLE exchange (tenant TEXT, session TEXT, id TEXT, stamp INTEGER NOT NULL,"
                                    + " deadline INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY (tenant, session, id)) STRICT",
                            "CREATE INDEX exchange_deadline ON exchange (deadline)",
                            "CREATE TABLE stream (key INTEGER PRIMARY KEY, tenant TEXT, session TEXT, id TEXT,"
                                    + " expires INTEGER NOT NULL, first INTEGER NOT NULL DEFAULT 0,"
                                    + " next INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,"
                                    + " ended INTEGER NOT NULL DEFAULT 0, UNIQUE (tenant, session, id)) STRICT",
                            "CREATE INDEX stream_expires ON stream (expires)",
                            "CREATE TABLE frame (stream INTEGER, seq INTEGER, data BLOB NOT NULL, PRIMARY KEY (stream, seq))"
                                    + " STRICT, WITHOUT ROWID",
                            "CREATE TABLE change_log (tenant TEXT PRIMARY KEY, epoch TEXT NOT NULL,"
                                    + " newest INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID",
                            "CREATE TABLE change (tenant TEXT, pos INTEGER, kind TEXT NOT NULL, uri TEXT NOT NULL,"
                                    + " PRIMARY KEY (tenant, pos)) STRICT, WITHOUT ROWID",
                            "CREATE TRIGGER session_begins AFTER INSERT ON session BEGIN INSERT INTO session_count"
                                    + " VALUES (new.tenant, 1) ON CONFLICT DO UPDATE SET sessions = sessions + 1; END",
                            "CREATE TRIGGER session_ends AFTER DELETE ON session BEGIN"
                                    + " UPDATE session_count SET sessions = sessions - 1 WHERE tenant = old.tenant;"
                                    + " DELETE FROM session_count WHERE tenant = old.tenant AND sessions = 0;"
                                    + " DELETE FROM exchange WHERE tenant = old.tenant AND session = old.id;"
                                    + " DELETE FROM stream WHERE tenant = old.tenant AND session = old.id; END",
                            "CREATE TRIGGER stream_ends AFTER DELETE ON stream BEGIN"
                                    + " DELETE FROM frame WHERE stream = old.key; END"),
                    List.of(
                            "CREATE TABLE spent (tenant TEXT, id TEXT, expires INTEGER NOT NULL, PRIMARY KEY (tenant, id))"
                                    + " STRICT, WITHOUT ROWID",
                            "CREATE INDEX spent_expires ON spent (expires)"),
                    List.of(
                            "ALTER TABLE session ADD COLUMN sum INTEGER",
                            "ALTER TABLE exchange ADD COLUMN sum INTEGER",
                            "ALTER TABLE frame ADD COLUMN sum INTEGER"),
                    List.of("ALTER TABLE stream ADD COLUMN request TEXT")));

    private final SqliteDatabase database;
    private final SqliteSessions sessions;
    private final SqliteEvents events;
    private final SqliteChanges changes;
    private final SqliteExchanges exchanges;
    private final SqliteSpent spent;

    private SqliteState(SqliteDatabase database, StateBounds bounds) {
        this.database = database;
        this.sessions = new SqliteSessions(database);
        this.events = new SqliteEvents(database, bounds);
        this.changes = new SqliteChanges(database, bounds.changes());
        this.exchanges = new SqliteExchanges(database);
        this.spent = new SqliteSpent(database);
    }

    /**
     * Blocks while it opens the file.
     *
     * @param boot names this run of the machine; empty if that is not known
     */
    static SqliteState open(Path file, StateBounds bounds, int queue, int readers, String boot) {
        var settings = new SqliteDatabase.Settings(
                file, SCHEMA, SqliteDatabase.Sync.NORMAL, SqliteDatabase.READ_AT_START, queue, readers);
        return new SqliteState(SqliteDatabase.open(settings, db -> opened(db, boot)), bounds);
    }

    private static void opened(Statements db, String boot) throws SQLException {
        var before = db.text("SELECT boot FROM opened");
        if (before != null && (before.isEmpty() || !before.equals(boot))) {
            var _ = db.update("UPDATE change_log SET epoch = ? || substr(hex(randomblob(4)), 1, 8)", epoch());
        }
        var _ = db.update("INSERT OR REPLACE INTO opened VALUES (1, ?)", boot);
    }

    /** Names one incarnation of a change log; goes into cursors, so it is short and of letters and digits. */
    static String epoch() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public EventLog events() {
        return events;
    }

    @Override
    public ChangeLog changes() {
        return changes;
    }

    @Override
    public ExchangeStore exchanges() {
        return exchanges;
    }

    @Override
    public SpentStates spent() {
        return spent;
    }

    Future<Copies.Page<Copies.KeptSession>> keptSessions(TenantId tenant, @Nullable String after) {
        return sessions.kept(tenant, after);
    }

    Future<Copies.Page<Copies.KeptMark>> marks(TenantId tenant, @Nullable String after) {
        return spent.kept(tenant, after);
    }

    @Override
    public Durability durability() {
        return new Durability(
                Durability.Level.SYSTEM,
                "the end of the process loses nothing; a power failure or crash of the machine may lose the writes of the last seconds; one node only");
    }

    List<Health> health() {
        return database.health();
    }

    @Override
    public void expire(long nanoTime) {
        database.expire(nanoTime);
    }

    @Override
    public Future<Void> close() {
        return database.write(0, db -> db.update("DELETE FROM opened")).transform(_ -> database.close());
    }
}
