package smcp.store;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.protocol.Json;

/**
 * The registry's records in one SQLite file, synced to the disk before a commit is acknowledged. Tombstones keep what a follower needs to hear of a deletion; the newest {@value #TOMBSTONES} are kept, and since
 * revisions come from a counter of their own, forgetting the older ones brings no revision back.
 */
final class SqliteRegistryStore implements RegistryStore {
    private static final int APPLICATION_ID = 0x534d4352; // "SMCR"
    private static final int TOMBSTONES = 100_000;

    /** Of what a backup reads at once. */
    private static final long PAGE_BYTES = 1 << 20;

    private static final Schema SCHEMA = new Schema(
            "registry",
            APPLICATION_ID,
            List.of(
                    List.of(
                            "CREATE TABLE record (path TEXT PRIMARY KEY, revision INTEGER NOT NULL, json BLOB) STRICT",
                            "CREATE INDEX record_revision ON record (revision)",
                            "CREATE TABLE counter (one INTEGER PRIMARY KEY CHECK (one = 1), revision INTEGER NOT NULL) STRICT",
                            "INSERT INTO counter VALUES (1, 0)"),
                    List.of("ALTER TABLE record ADD COLUMN sum INTEGER")));

    /** Kinds of records whose old content must not stay anywhere in the file: encrypted keys. */
    private static final List<String> ERASED = List.of("datakey/", "seal/", "secret/");

    private static final Logger log = LoggerFactory.getLogger(SqliteRegistryStore.class);

    private final Path file;
    private final int queue;
    private Consumer<List<Stored>> feed = _ -> {};
    private volatile @Nullable SqliteDatabase database;

    /** What the feed has heard up to; of the thread that writes. */
    private long heard;

    SqliteRegistryStore(Path file, int queue) {
        this.file = file;
        this.queue = queue;
    }

    /** Blocks while it reads the file. */
    @Override
    public Future<Void> open(Consumer<List<Stored>> newFeed) {
        feed = newFeed;
        var settings = new SqliteDatabase.Settings(file, SCHEMA, SqliteDatabase.Sync.FULL, Long.MAX_VALUE, queue, 1);
        var opened = SqliteDatabase.open(settings, this::opened);
        database = opened;
        return erase();
    }

    /** Delivers what the feed has not heard: everything at first; later, after trouble with the disk, a commit that was reported as failed but is there. */
    private void opened(Statements db) throws SQLException {
        if (heard == 0) {
            forgetOldTombstones(db);
        }
        var news = new ArrayList<Stored>();
        try (var rows = db.with(
                        "SELECT path, revision, json, sum FROM record WHERE revision > ? ORDER BY revision", heard)
                .executeQuery()) {
            while (rows.next()) {
                news.add(stored(rows));
            }
        }
        heard = db.number("SELECT revision FROM counter", 0);
        feed.accept(news);
    }

    private Stored stored(ResultSet rows) throws SQLException {
        var path = rows.getString(1);
        var deleted = rows.getBytes(3) == null;
        var json = deleted ? null : Json.of(Sums.checked(rows, 3, file, "record " + Text.shown(path)));
        return new Stored(path, rows.getLong(2), json);
    }

    private static void forgetOldTombstones(Statements db) throws SQLException {
        var _ = db.update(
                "DELETE FROM record WHERE json IS NULL AND revision <="
                        + " (SELECT revision FROM record WHERE json IS NULL ORDER BY revision DESC LIMIT 1 OFFSET ?)",
                TOMBSTONES);
    }

    @Override
    public Future<Void> commit(List<Change> changes) {
        var weight = changes.stream().mapToInt(Change::weight).sum();
        var written = database().write(weight, db -> apply(db, changes), this::committed);
        return changes.stream().anyMatch(SqliteRegistryStore::erases)
                ? written.compose(_ -> erase())
                : written.mapEmpty();
    }

    private static boolean erases(Change change) {
        return change.expected() != 0 && ERASED.stream().anyMatch(change.path()::startsWith);
    }

    /** The commit stands whatever comes of this; the next one of its kind, or the next start, erases what this one could not. */
    private Future<Void> erase() {
        return database()
                .emptyWal()
                .onSuccess(done -> {
                    if (!done) {
                        log.atWarn().addKeyValue("file", file).log("an old key stays in the WAL for a while");
                    }
                })
                .onFailure(cause -> log.atWarn()
                        .addKeyValue("file", file)
                        .setCause(cause)
                        .log("an old key stays in the WAL for a while"))
                .transform(_ -> Future.succeededFuture());
    }

    private List<Stored> apply(Statements db, List<Change> changes) throws SQLException {
        for (var change : changes) {
            var live = db.number("SELECT revision FROM record WHERE path = ? AND json IS NOT NULL", 0, change.path());
            Conflicts.check(change, live);
        }
        var revision = db.number("UPDATE counter SET revision = revision + 1 RETURNING revision", 0);
        var stored = new ArrayList<Stored>(changes.size());
        for (var change : changes) {
            var record = new Stored(change.path(), revision, change.json());
            put(db, record);
            stored.add(record);
        }
        return stored;
    }

    private static void put(Statements db, Stored record) throws SQLException {
        var json = record.json();
        var bytes = json == null ? null : json.detached().bytes();
        var _ = db.update(
                "INSERT INTO record (path, revision, json, sum) VALUES (?, ?, ?, ?)"
                        + " ON CONFLICT DO UPDATE SET revision = excluded.revision, json = excluded.json,"
                        + " sum = excluded.sum",
                record.path(),
                record.revision(),
                bytes,
                bytes == null ? null : Sums.of(bytes));
    }

    private void committed(List<Stored> commit) {
        heard = commit.getLast().revision();
        feed.accept(commit);
    }

    /** As {@link Copies#registry}. */
    Future<List<Stored>> since(long revision) {
        return database().read(db -> {
            var page = new ArrayList<Stored>();
            try (var rows = db.with(
                            "SELECT path, revision, json, sum FROM record WHERE revision > ? ORDER BY revision",
                            revision)
                    .executeQuery()) {
                for (var bytes = 0L; rows.next(); ) {
                    var next = stored(rows);
                    if (bytes >= PAGE_BYTES && next.revision() != page.getLast().revision()) {
                        break;
                    }
                    bytes += next.weight();
                    page.add(next);
                }
            }
            return page;
        });
    }

    /** As {@link Copies#restore(List)}. */
    Future<Void> restore(List<Stored> records) {
        var weight = records.stream().mapToInt(Stored::weight).sum();
        return database()
                .write(
                        weight,
                        db -> {
                            for (var record : records) {
                                put(db, record);
                                var _ = raise(db, record.revision());
                            }
                            return records;
                        },
                        this::committed)
                .mapEmpty();
    }

    Future<Void> raise(long number) {
        return database().write(0, db -> raise(db, number)).mapEmpty();
    }

    private static int raise(Statements db, long number) throws SQLException {
        return db.update("UPDATE counter SET revision = max(revision, ?)", number);
    }

    SqliteDatabase database() {
        return Objects.requireNonNull(database, "open first");
    }

    @Override
    public Durability durability() {
        return new Durability(Durability.Level.DISK, "the disk itself; one node only");
    }

    List<Health> health() {
        var opened = database;
        return opened == null ? List.of() : opened.health();
    }

    @Override
    public void expire(long nanoTime) {
        if (database != null) {
            database.expire(nanoTime);
        }
    }

    @Override
    public Future<Void> close() {
        return database == null ? Future.succeededFuture() : database.close();
    }
}
