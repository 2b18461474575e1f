package smcp.store.blob;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.contract.BlobStore.BlobKey;
import smcp.store.Schema;
import smcp.store.SqliteDatabase;
import smcp.store.Statements;

/**
 * The names of all blobs in order, which the files, named by hashes, do not have. It is on the disk before a blob's file takes its place and gives a name up after the file has gone: so every blob is in it, and a name without a file is no
 * blob. What it says beyond that, the files say better; if it is lost, their headers bring it back.
 */
final class NameIndex {
    private static final Logger log = LoggerFactory.getLogger(NameIndex.class);
    private static final int APPLICATION_ID = 0x534d4342; // "SMCB"
    private static final int QUEUE = 4_096;

    private static final Schema SCHEMA = new Schema(
            "blob index",
            APPLICATION_ID,
            List.of(List.of(
                    "CREATE TABLE blob (space TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (space, name)) STRICT, WITHOUT ROWID",
                    // 1 once every file's name is in
                    "CREATE TABLE whole (one INTEGER PRIMARY KEY CHECK (one = 1), said INTEGER NOT NULL) STRICT",
                    "INSERT INTO whole VALUES (1, 0)")));

    private final SqliteDatabase database;

    private NameIndex(SqliteDatabase database) {
        this.database = database;
    }

    /** Where all blobs are, for an index that has to be made. */
    @FunctionalInterface
    interface Blobs {
        List<Path> all() throws IOException;
    }

    /** Opens the index, and makes it from {@code blobs} if there is none or it is damaged. Blocks. */
    static NameIndex open(Path file, Blobs blobs) throws IOException {
        try {
            return new NameIndex(database(file, blobs));
        } catch (Fault e) {
            if (e.kind() != Fault.Kind.STORE_DAMAGED) {
                throw e;
            }
            log.atWarn().addKeyValue("path", file).setCause(e).log("the index of blobs is damaged and is made anew");
            for (var end : List.of("", "-wal", "-shm")) {
                Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
            }
            return new NameIndex(database(file, blobs));
        }
    }

    private static SqliteDatabase database(Path file, Blobs blobs) {
        var settings = new SqliteDatabase.Settings(
                file, SCHEMA, SqliteDatabase.Sync.FULL, SqliteDatabase.READ_AT_START, QUEUE, 2);
        return SqliteDatabase.open(settings, db -> fillOnce(db, blobs));
    }

    private static void fillOnce(Statements db, Blobs blobs) throws SQLException {
        if (db.number("SELECT said FROM whole", 0) == 1) {
            return;
        }
        db.run("BEGIN IMMEDIATE");
        try {
            for (var file : blobs.all()) {
                fill(db, file);
            }
            db.run("UPDATE whole SET said = 1");
            db.run("COMMIT");
        } catch (IOException e) {
            db.run("ROLLBACK");
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "blobs: the disk failed: " + e.getMessage(), e);
        } catch (SQLException | RuntimeException e) {
            db.run("ROLLBACK");
            throw e;
        }
    }

    private static void fill(Statements db, Path file) throws SQLException, IOException {
        try {
            var key = BlobFile.read(file).key();
            var _ = db.update("INSERT OR IGNORE INTO blob VALUES (?, ?)", key.space(), key.name());
        } catch (Fault e) {
            log.atError().addKeyValue("path", file).setCause(e).log("a blob cannot be listed any more");
        }
    }

    Future<Void> add(BlobKey key) {
        return database.write(
                        key.name().length(),
                        db -> db.update("INSERT OR IGNORE INTO blob VALUES (?, ?)", key.space(), key.name()))
                .mapEmpty();
    }

    Future<Void> remove(BlobKey key) {
        return database.write(
                        key.name().length(),
                        db -> db.update("DELETE FROM blob WHERE space = ? AND name = ?", key.space(), key.name()))
                .mapEmpty();
    }

    /**
     * Names of a space in the order of their UTF-8, which is how SQLite compares texts (BINARY).
     *
     * @param beyond where to begin: after this name, or with it if {@code included}
     */
    Future<List<String>> names(String space, String prefix, String beyond, boolean included, int most) {
        return database.read(db -> {
            var names = new ArrayList<String>();
            var sql = included
                    ? "SELECT name FROM blob WHERE space = ? AND name >= ? ORDER BY name LIMIT ?"
                    : "SELECT name FROM blob WHERE space = ? AND name > ? ORDER BY name LIMIT ?";
            try (var rows = db.with(sql, space, beyond, most).executeQuery()) {
                while (rows.next()) {
                    var name = rows.getString(1);
                    if (!name.startsWith(prefix)) {
                        break; // names with one prefix stand together
                    }
                    names.add(name);
                }
            }
            return names;
        });
    }

    void expire(long nanoTime) {
        database.expire(nanoTime);
    }

    Future<Void> close() {
        return database.close();
    }
}
