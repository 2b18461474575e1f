package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Long values in parts, each in a transaction of its own, few values at a time: between two parts everybody else has a turn at the disk. Parts that no value's row names are loose: being written by this process, or garbage that
 * {@link #clear} removes, part by part too.
 */
final class SqliteParts {
    /** Bytes of a part. */
    static final int LENGTH = 256 << 10;

    private static final Logger log = LoggerFactory.getLogger(SqliteParts.class);
    private static final int AT_ONCE = 4;

    /** Parts read or removed in one go. */
    private static final int STEP = 4;

    private final SqliteDatabase database;
    private final Path file;
    private final Turnstile writers;
    private final Turnstile readers;
    private final Set<Long> writing = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean loosened = new AtomicBoolean();

    SqliteParts(SqliteDatabase database, Path file) {
        this.database = database;
        this.file = file;
        this.writers = new Turnstile(file.getFileName() + " (long values)", AT_ONCE);
        this.readers = new Turnstile(file.getFileName() + " (long values)", AT_ONCE);
    }

    /** Does one statement's worth of something. */
    interface Check {
        void run(Statements db) throws SQLException;
    }

    /** Makes the row that names the parts. */
    interface Store {
        long run(Statements db, long parts, int sum) throws SQLException;
    }

    static int sum(byte[] content) {
        var sum = new CRC32C();
        sum.update(content);
        return (int) sum.getValue();
    }

    /**
     * Writes {@code content} and then its row; if anything fails, nothing of it stays.
     *
     * @param check is made before anything is written
     * @param store is made with the last part, in one transaction
     */
    Future<Long> write(Buffer content, Check check, Store store) {
        return writers.pass(content.length(), () -> new Writing(content, check, store).run());
    }

    /** One value on its way to the disk. Its steps follow each other, each on the writer's thread. */
    private final class Writing {
        private final Buffer content;
        private final Check check;
        private final Store store;
        private final CRC32C sum = new CRC32C();
        private volatile long id;

        Writing(Buffer content, Check check, Store store) {
            this.content = content;
            this.check = check;
            this.store = store;
        }

        Future<Long> run() {
            return step(0).onComplete(done -> {
                var _ = writing.remove(id);
                if (done.failed()) {
                    loosened();
                    clearLater();
                }
            });
        }

        private Future<Long> step(int number) {
            var from = number * LENGTH;
            var to = Math.min(content.length(), from + LENGTH);
            var data = content.getBytes(from, to);
            var last = to == content.length();
            return database.write(data.length, db -> part(db, number, data, last))
                    .compose(version -> last ? Future.succeededFuture(version) : step(number + 1));
        }

        private long part(Statements db, int number, byte[] data, boolean last) throws SQLException {
            if (number == 0) {
                check.run(db);
                id = db.number("INSERT INTO loose DEFAULT VALUES RETURNING id", 0);
                var _ = writing.add(id);
            }
            sum.update(data);
            var _ = db.update("INSERT INTO part VALUES (?, ?, ?)", id, number, data);
            if (!last) {
                return 0;
            }
            var _ = db.update("DELETE FROM loose WHERE id = ?", id);
            return store.run(db, id, (int) sum.getValue());
        }
    }

    /** The value in the parts of {@code owner}; empty if some are gone. Fails if it is not what was written. */
    Future<Optional<Buffer>> read(long owner, int bytes, int sum) {
        return readers.pass(0, () -> new Reading(owner, bytes, sum).step());
    }

    /** One value on its way from the disk. Its steps follow each other, each on a reader's thread. */
    private final class Reading {
        private final long owner;
        private final int bytes;
        private final int expected;
        private final CRC32C sum = new CRC32C();
        private Buffer content = Buffer.buffer();
        private int next;

        Reading(long owner, int bytes, int expected) {
            this.owner = owner;
            this.bytes = bytes;
            this.expected = expected;
        }

        Future<Optional<Buffer>> step() {
            return database.read(this::some).compose(found -> {
                if (found && content.length() < bytes) {
                    return step();
                }
                return Future.succeededFuture(found ? Optional.of(content) : Optional.empty());
            });
        }

        private boolean some(Statements db) throws SQLException {
            if (next == 0) {
                content = Buffer.buffer(bytes);
            }
            var before = next;
            try (var rows = db.with(
                            "SELECT data FROM part WHERE owner = ? AND number >= ? ORDER BY number LIMIT ?",
                            owner,
                            next,
                            STEP)
                    .executeQuery()) {
                while (rows.next()) {
                    var data = rows.getBytes(1);
                    sum.update(data);
                    content.appendBytes(data);
                    next++;
                }
            }
            if (content.length() >= bytes && (content.length() > bytes || (int) sum.getValue() != expected)) {
                throw SqliteFaults.damaged(file, "a value is not what was written");
            }
            return next > before;
        }
    }

    /** Said when a row that names parts was removed. */
    void loosened() {
        loosened.set(true);
    }

    /** Removes loose parts, if there may be some, while nobody waits for it. */
    void clearLater() {
        if (loosened.compareAndSet(true, false)) {
            // a sweep tries again, and says so if it cannot
            clear().onFailure(cause ->
                    log.atDebug().addKeyValue("file", file).setCause(cause).log("parts of old values stay for now"));
        }
    }

    /** Removes what is loose now; answers when it is gone. */
    Future<Void> clear() {
        return database.write(0, this::clearSome).compose(more -> more ? clear() : Future.succeededFuture());
    }

    /** False if nothing is left to do. */
    private boolean clearSome(Statements db) throws SQLException {
        var being = writing.stream().mapToLong(Long::longValue).sorted().toArray();
        try (var rows = db.with("SELECT id FROM loose").executeQuery()) {
            while (rows.next()) {
                var id = rows.getLong(1);
                if (Arrays.binarySearch(being, id) < 0) {
                    return clearSome(db, id);
                }
            }
        }
        return false;
    }

    private static boolean clearSome(Statements db, long id) throws SQLException {
        var removed =
                db.update("DELETE FROM part WHERE rowid IN (SELECT rowid FROM part WHERE owner = ? LIMIT ?)", id, STEP);
        return removed == STEP || db.update("DELETE FROM loose WHERE id = ?", id) == 1;
    }

    void expire(long nanoTime) {
        writers.expire(nanoTime);
        readers.expire(nanoTime);
    }
}
