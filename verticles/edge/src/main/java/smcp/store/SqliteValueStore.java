package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.ValueStore;
import smcp.tenant.TenantId;

/**
 * Values in one SQLite file, synced to the disk before a write is acknowledged. A row holds a value up to {@value #IN_ROW} bytes; a longer one is written part by part beside it and becomes visible with its row, so that a small
 * value never waits for more than a few parts of big ones. What is deleted is overwritten in the file ({@code PRAGMA secure_delete}).
 */
final class SqliteValueStore implements ValueStore {
    private static final int APPLICATION_ID = 0x534d4356; // "SMCV"

    private static final int IN_ROW = 64 << 10;

    /** Rows removed in one transaction: the writer must not be away for long. */
    private static final int BATCH = 64;

    /**
     * {@code holding} counts what a tenant has, and gives its versions; a tenant without values that was dropped leaves only {@code floor}, above which all versions of who comes later are. {@code parts} is null for a value that stands in its
     * row. {@code loose} names what parts are in nobody's row: being written, or to be removed.
     */
    private static final Schema SCHEMA = new Schema(
            "store of values",
            APPLICATION_ID,
            List.of(List.of(
                    "CREATE TABLE floor (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL) STRICT",
                    "INSERT INTO floor VALUES (1, 0)",
                    "CREATE TABLE holding (tenant TEXT PRIMARY KEY, version INTEGER NOT NULL,"
                            + " entries INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID",
                    "CREATE TABLE value (id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, key BLOB NOT NULL,"
                            + " version INTEGER NOT NULL, expires INTEGER NOT NULL, bytes INTEGER NOT NULL,"
                            + " sum INTEGER NOT NULL, parts INTEGER, content BLOB, UNIQUE (tenant, key)) STRICT",
                    "CREATE INDEX value_expires ON value (expires) WHERE expires < " + ValueChecks.NEVER,
                    "CREATE TABLE loose (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT",
                    "CREATE TABLE part (owner INTEGER, number INTEGER, data BLOB NOT NULL, UNIQUE (owner, number)) STRICT",
                    "CREATE TRIGGER value_comes AFTER INSERT ON value BEGIN"
                            + " UPDATE holding SET entries = entries + 1, bytes = bytes + length(new.key) + new.bytes"
                            + " WHERE tenant = new.tenant; END",
                    "CREATE TRIGGER value_goes AFTER DELETE ON value BEGIN"
                            + " UPDATE holding SET entries = entries - 1, bytes = bytes - length(old.key) - old.bytes"
                            + " WHERE tenant = old.tenant;"
                            + " INSERT INTO loose SELECT old.parts WHERE old.parts IS NOT NULL; END")));

    private final SqliteDatabase database;
    private final SqliteParts parts;
    private final InstantSource clock;
    private final Path file;

    private SqliteValueStore(SqliteDatabase database, Path file, InstantSource clock) {
        this.database = database;
        this.file = file;
        this.clock = clock;
        this.parts = new SqliteParts(database, file);
    }

    /** Blocks while it opens the file. */
    static SqliteValueStore open(Path file, int queue, int readers, InstantSource clock) {
        var settings = new SqliteDatabase.Settings(
                file, SCHEMA, SqliteDatabase.Sync.FULL, SqliteDatabase.READ_AT_START, queue, readers);
        var database = SqliteDatabase.open(settings, SqliteValueStore::opened);
        return new SqliteValueStore(database, file, clock);
    }

    private static void opened(Statements db) throws SQLException {
        if (db.number("PRAGMA secure_delete = ON", 0) != 1) {
            throw new SQLException("secure_delete is not supported");
        }
    }

    static Durability durability() {
        return new Durability(Durability.Level.DISK, "the disk itself; one node only");
    }

    /**
     * A value's row.
     *
     * @param content of a value that stands in its row
     * @param parts where it stands otherwise
     */
    // what its equals would say of arrays and of null does not matter: rows are not compared
    @SuppressWarnings("ArrayRecordComponent")
    private record Row(
            long version,
            long expires,
            int bytes,
            int sum,
            byte @Nullable [] content,
            @Nullable Long parts) {
        Value value(Buffer whole) {
            return new Value(whole, version, ValueChecks.expires(expires));
        }
    }

    @Override
    public Future<Optional<Value>> get(TenantId tenant, String key) {
        return Checked.in(() -> get(tenant, ValueChecks.key(key), 0));
    }

    /** @param gone parts that were not there, of a value that was replaced meanwhile */
    private Future<Optional<Value>> get(TenantId tenant, byte[] key, long gone) {
        return database.read(db -> find(db, tenant, key, clock.millis())).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(Optional.empty());
            }
            var row = found.get();
            var content = row.content();
            if (content != null) {
                return Future.succeededFuture(Optional.of(row.value(Buffer.buffer(content))));
            }
            long beside = Objects.requireNonNullElse(row.parts(), 0L);
            if (beside == gone) {
                return Future.failedFuture(SqliteFaults.damaged(file, "a part of a value is missing"));
            }
            return parts.read(beside, row.bytes(), row.sum())
                    .compose(whole -> whole.isPresent()
                            ? Future.succeededFuture(whole.map(row::value))
                            : get(tenant, key, beside));
        });
    }

    private Optional<Row> find(Statements db, TenantId tenant, byte[] key, long now) throws SQLException {
        try (var rows = db.with(
                        "SELECT version, expires, bytes, sum, content, parts FROM value"
                                + " WHERE tenant = ? AND key = ? AND expires > ?",
                        tenant.value(),
                        key,
                        now)
                .executeQuery()) {
            if (!rows.next()) {
                return Optional.empty();
            }
            var content = rows.getBytes(5);
            var row =
                    new Row(rows.getLong(1), rows.getLong(2), rows.getInt(3), rows.getInt(4), content, rows.getLong(6));
            if (content != null && (content.length != row.bytes() || Sums.of(content) != row.sum())) {
                throw Sums.damaged(file, "a value");
            }
            return Optional.of(row);
        }
    }

    @Override
    public Future<Long> put(TenantId tenant, String key, Buffer value, Write how) {
        return Checked.in(() -> {
            var name = ValueChecks.key(key);
            ValueChecks.value(value);
            ValueChecks.write(how);
            var put = new Put(tenant, key, name, value.length(), how);
            return stored(put, value).onSuccess(_ -> parts.clearLater());
        });
    }

    private Future<Long> stored(Put put, Buffer value) {
        if (value.length() > IN_ROW) {
            // refused before anything of it is on the disk
            return parts.write(value, put::check, (db, id, sum) -> put.store(db, sum, null, id));
        }
        var content = value.getBytes();
        var sum = Sums.of(content);
        return database.write(content.length + ValueStore.LONGEST_KEY, db -> put.store(db, sum, content, null));
    }

    /** One write of a value, when its turn has come. */
    private final class Put {
        private final TenantId tenant;
        private final String name;
        private final byte[] key;
        private final int bytes;
        private final Write how;

        Put(TenantId tenant, String name, byte[] key, int bytes, Write how) {
            this.tenant = tenant;
            this.name = name;
            this.key = key;
            this.bytes = bytes;
            this.how = how;
        }

        void check(Statements db) throws SQLException {
            check(db, clock.instant());
        }

        private void check(Statements db, Instant now) throws SQLException {
            var was = db.number(
                    "SELECT version FROM value WHERE tenant = ? AND key = ? AND expires > ?",
                    ABSENT,
                    tenant.value(),
                    key,
                    now.toEpochMilli());
            ValueChecks.expected(name, was, how.expected());
            var size = size(db, tenant);
            var replaced = db.number("SELECT bytes FROM value WHERE tenant = ? AND key = ?", -1, tenant.value(), key);
            ValueChecks.quota(
                    new Size(
                            size.entries() + (replaced < 0 ? 1 : 0),
                            size.bytes() + bytes + (replaced < 0 ? key.length : -replaced)),
                    how.most());
        }

        long store(Statements db, int sum, byte @Nullable [] content, @Nullable Long id) throws SQLException {
            var now = clock.instant();
            check(db, now);
            var version = db.number(
                    "INSERT INTO holding (tenant, version) SELECT ?, version + 1 FROM floor WHERE true"
                            + " ON CONFLICT DO UPDATE SET version = holding.version + 1 RETURNING version",
                    0,
                    tenant.value());
            insert(db, tenant, key, new Row(version, ValueChecks.expires(now, how.life()), bytes, sum, content, id));
            return version;
        }
    }

    /** Puts a row in the place of another. */
    private void insert(Statements db, TenantId tenant, byte[] key, Row row) throws SQLException {
        var _ = removed(db, tenant, key);
        var _ = db.update(
                "INSERT INTO value (tenant, key, version, expires, bytes, sum, content, parts)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                tenant.value(),
                key,
                row.version(),
                row.expires(),
                row.bytes(),
                row.sum(),
                row.content(),
                row.parts());
    }

    /** As {@link Copies#restore(TenantId, String, ValueStore.Value)}. */
    Future<Void> restore(TenantId tenant, String key, Value value) {
        return Checked.in(() -> {
            var name = ValueChecks.key(key);
            ValueChecks.value(value.content());
            var length = value.content().length();
            if (length > IN_ROW) {
                return parts.write(
                                value.content(),
                                _ -> {},
                                (db, id, sum) -> restore(db, tenant, name, row(value, sum, null, id)))
                        .mapEmpty();
            }
            var content = value.content().getBytes();
            var row = row(value, Sums.of(content), content, null);
            return database.write(length + name.length, db -> restore(db, tenant, name, row))
                    .mapEmpty();
        });
    }

    private static Row row(Value value, int sum, byte @Nullable [] content, @Nullable Long parts) {
        return new Row(
                value.version(),
                ValueChecks.expires(value.expires()),
                value.content().length(),
                sum,
                content,
                parts);
    }

    private long restore(Statements db, TenantId tenant, byte[] key, Row row) throws SQLException {
        var _ = db.update(
                "INSERT INTO holding (tenant, version) VALUES (?, ?)"
                        + " ON CONFLICT DO UPDATE SET version = max(holding.version, excluded.version)",
                tenant.value(),
                row.version());
        insert(db, tenant, key, row);
        return row.version();
    }

    Future<Void> raise(long number) {
        return database.write(
                        0,
                        db -> db.update("UPDATE floor SET version = max(version, ?)", number)
                                + db.update("UPDATE holding SET version = max(version, ?)", number))
                .mapEmpty();
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String key, long expected) {
        return Checked.in(() -> {
            var bytes = ValueChecks.key(key);
            return database.write(bytes.length, db -> remove(db, tenant, key, bytes, expected))
                    .onSuccess(_ -> parts.clearLater());
        });
    }

    private boolean remove(Statements db, TenantId tenant, String name, byte[] key, long expected) throws SQLException {
        var was = db.number(
                "SELECT version FROM value WHERE tenant = ? AND key = ? AND expires > ?",
                ABSENT,
                tenant.value(),
                key,
                clock.millis());
        if (was == ABSENT) {
            return false;
        }
        ValueChecks.expected(name, was, expected);
        return removed(db, tenant, key);
    }

    private boolean removed(Statements db, TenantId tenant, byte[] key) throws SQLException {
        var loose = db.number(
                "DELETE FROM value WHERE tenant = ? AND key = ? RETURNING coalesce(parts, 0)", -1, tenant.value(), key);
        if (loose > 0) {
            parts.loosened();
        }
        return loose >= 0;
    }

    @Override
    public Future<Page> list(TenantId tenant, String prefix, @Nullable String after, int most) {
        return Checked.in(() -> {
            var begin = ValueChecks.prefix(prefix);
            var behind = after == null ? null : ValueChecks.after(after);
            ValueChecks.most(most);
            return database.read(db -> page(db, tenant, begin, behind, most));
        });
    }

    private Page page(Statements db, TenantId tenant, byte[] begin, byte @Nullable [] behind, int most)
            throws SQLException {
        var goesOn = behind != null && Arrays.compareUnsigned(behind, begin) >= 0;
        var keys = new ArrayList<ValueStore.Key>();
        try (var rows = db.with(
                        "SELECT key, version, bytes, expires FROM value WHERE tenant = ? AND key "
                                + (goesOn ? ">" : ">=") + " ? AND key < ? AND expires > ? ORDER BY key LIMIT ?",
                        tenant.value(),
                        goesOn ? behind : begin,
                        ValueChecks.beyond(begin),
                        clock.millis(),
                        most + 1)
                .executeQuery()) {
            while (rows.next()) {
                if (keys.size() == most) {
                    return new Page(keys, keys.getLast().name());
                }
                keys.add(new ValueStore.Key(
                        ValueChecks.text(rows.getBytes(1)),
                        rows.getLong(2),
                        rows.getInt(3),
                        ValueChecks.expires(rows.getLong(4))));
            }
        }
        return new Page(keys, null);
    }

    @Override
    public Future<Size> size(TenantId tenant) {
        return database.read(db -> size(db, tenant));
    }

    private static Size size(Statements db, TenantId tenant) throws SQLException {
        try (var rows = db.with("SELECT entries, bytes FROM holding WHERE tenant = ?", tenant.value())
                .executeQuery()) {
            return rows.next() ? new Size(rows.getLong(1), rows.getLong(2)) : new Size(0, 0);
        }
    }

    @Override
    public Future<Void> drop(TenantId tenant) {
        return database.write(0, db -> removeSome(db, tenant))
                .compose(removed -> removed < BATCH ? parts.clear() : drop(tenant));
    }

    private static int removeSome(Statements db, TenantId tenant) throws SQLException {
        var gone = db.update(
                "DELETE FROM value WHERE id IN (SELECT id FROM value WHERE tenant = ? LIMIT ?)", tenant.value(), BATCH);
        if (gone < BATCH) {
            var _ = db.update(
                    "UPDATE floor SET version = holding.version FROM holding"
                            + " WHERE holding.tenant = ? AND holding.version > floor.version",
                    tenant.value());
            var _ = db.update("DELETE FROM holding WHERE tenant = ?", tenant.value());
        }
        return gone;
    }

    @Override
    public Future<Integer> sweep(Instant now, int most) {
        return sweep(now.toEpochMilli(), most, 0).compose(swept -> parts.clear().map(swept));
    }

    private Future<Integer> sweep(long now, int most, int before) {
        var batch = Math.clamp(most - before, 0, BATCH);
        return database.write(
                        0,
                        db -> db.update(
                                "DELETE FROM value WHERE id IN (SELECT id FROM value WHERE expires <= ? AND expires < "
                                        + ValueChecks.NEVER + " ORDER BY expires LIMIT ?)",
                                now,
                                batch))
                .compose(swept -> swept < BATCH || before + swept >= most
                        ? Future.succeededFuture(before + swept)
                        : sweep(now, most, before + swept));
    }

    SqliteDatabase database() {
        return database;
    }

    List<Health> health() {
        return database.health();
    }

    void expire(long nanoTime) {
        database.expire(nanoTime);
        parts.expire(nanoTime);
    }

    Future<Void> close() {
        return database.close();
    }
}
