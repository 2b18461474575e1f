package smcp.store;

import io.vertx.core.Future;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.function.Consumer;
import org.sqlite.JDBC;

/**
 * One SQLite file in WAL mode: one writer thread, a few readers. Writes that wait at the same time share a transaction, and so one sync of the disk, but each keeps a savepoint of its own: it succeeds or fails alone. A write
 * completes after its transaction is committed, so every read that begins then sees it.
 */
public final class SqliteDatabase {
    /** How much is read whole at start: about a second's worth. */
    public static final long READ_AT_START = 256 << 20;

    private static final int GROUP = 256;
    private static final String BUSY_MILLIS = "2000";

    /** How a file is used. */
    public enum Sync {
        /** A commit is on the disk. */
        FULL,
        /** A commit is with the operating system; losing power loses the latest ones, never a part of one. */
        NORMAL
    }

    /**
     * How a file is opened.
     *
     * @param checkUpTo a file of at most so many bytes is read whole first, to find damage; of a longer one, damage is found by who reads it
     * @param queue most writes, and most reads, that wait
     */
    public record Settings(Path file, Schema schema, Sync sync, long checkUpTo, int queue, int readers) {}

    /** What to do with a fresh connection of the writer before anything is written on it. */
    @FunctionalInterface
    public interface Opened {
        void accept(Statements db) throws SQLException;
    }

    private final Settings settings;
    private final Opened opened;
    private final Lane writer;
    private final Lane readers;
    private final Health writing;
    private final Health reading;

    /** @param reader open all the time, although it is needed only when something is read: when the last connection closes, the files beside the database go with it, and a full disk would not let them be made again */
    private SqliteDatabase(Settings settings, Opened opened, Statements writer, Statements reader) {
        this.settings = settings;
        this.opened = opened;
        var name = "smcp-store-" + settings.file().getFileName();
        this.writer = new Lane(
                name + "-write",
                settings.file(),
                1,
                settings.queue(),
                GROUP,
                this::writingConnection,
                this::group,
                writer);
        this.readers = new Lane(
                name + "-read",
                settings.file(),
                settings.readers(),
                settings.queue(),
                1,
                this::connect,
                SqliteDatabase::each,
                reader);
        var file = String.valueOf(settings.file().getFileName());
        this.writing = new Health(file + " (writing)", () -> write(0, SqliteDatabase::touch));
        this.reading =
                new Health(file + " (reading)", () -> read(db -> db.number("SELECT count(*) FROM sqlite_schema", 1)));
    }

    /** Writes the header as it is: a page of the log, which needs a disk that takes one. */
    private static long touch(Statements db) throws SQLException {
        var version = db.number("PRAGMA user_version", 1);
        db.run("PRAGMA user_version = " + version);
        return version;
    }

    /** Of the writer and of the readers: what can be read can often still be read when nothing can be written. */
    List<Health> health() {
        return List.of(writing, reading);
    }

    /** Opens the file, making it if there is none, and brings its schema forward. Blocks. */
    public static SqliteDatabase open(Settings settings, Opened opened) {
        try {
            DataDir.privateFile(settings.file());
            var db = connect(settings);
            try {
                settings.schema().migrate(db);
                if (Files.size(settings.file()) <= settings.checkUpTo()) {
                    check(db, settings.file());
                }
                opened.accept(db);
                return new SqliteDatabase(settings, opened, db, connect(settings));
            } catch (SQLException | RuntimeException e) {
                db.close();
                throw e;
            }
        } catch (SQLException | java.io.IOException e) {
            throw SqliteFaults.fault(settings.file(), e);
        }
    }

    Path file() {
        return settings.file();
    }

    /** @param weight bytes the work holds on to while it waits */
    public <T> Future<T> write(int weight, Task.Work<T> work) {
        return write(weight, work, _ -> {});
    }

    /** @param committed hears the result on the writer's thread, in the order of the commits, before the future completes */
    public <T> Future<T> write(int weight, Task.Work<T> work, Consumer<? super T> committed) {
        return submit(writer, writing, new Task<>(weight, work, committed));
    }

    /** One statement sees one moment; several need not see the same. */
    public <T> Future<T> read(Task.Work<T> work) {
        return submit(readers, reading, new Task<>(0, work, _ -> {}));
    }

    private static <T> Future<T> submit(Lane lane, Health health, Task<T> task) {
        var answer = Caller.future(task.done());
        var _ = task.done().whenComplete((_, failure) -> health.ended(failure));
        lane.submit(task);
        return answer;
    }

    /** Moves the WAL into the file and empties it, so that what was overwritten is in neither. False if somebody else's read was in the way. */
    Future<Boolean> emptyWal() {
        return read(db -> db.number("PRAGMA wal_checkpoint(TRUNCATE)", 1) == 0);
    }

    /** Answers those who waited too long. */
    public void expire(long nanoTime) {
        writer.expire(nanoTime);
        readers.expire(nanoTime);
    }

    /** The last connection to close moves the WAL into the file. */
    public Future<Void> close() {
        // one after the other: two that close at once may each take the other for the last one
        var ended = readers.close().thenCompose(_ -> writer.close()).thenApply(_ -> true);
        return Caller.future(ended).mapEmpty();
    }

    private Statements writingConnection() throws SQLException {
        var db = connect();
        opened.accept(db);
        return db;
    }

    private Statements connect() throws SQLException {
        return connect(settings);
    }

    private static Statements connect(Settings settings) throws SQLException {
        var options = new Properties();
        options.setProperty("busy_timeout", BUSY_MILLIS);
        options.setProperty("journal_mode", "WAL");
        options.setProperty("synchronous", settings.sync().name());
        options.setProperty("temp_store", "MEMORY");
        // what is deleted or replaced is overwritten with zeros in the file's pages
        options.setProperty("secure_delete", "true");
        options.setProperty("cache_size", "-8192");
        options.setProperty("journal_size_limit", Integer.toString(64 << 20));
        var connection = JDBC.createConnection("jdbc:sqlite:" + settings.file(), options);
        return new Statements(connection);
    }

    private static void check(Statements db, Path file) throws SQLException {
        var finding = db.text("PRAGMA quick_check(1)");
        if (!"ok".equals(finding)) {
            throw SqliteFaults.damaged(file, String.valueOf(finding));
        }
    }

    private void group(Statements db, List<Task<?>> tasks) throws SQLException {
        db.run("BEGIN IMMEDIATE");
        try {
            for (var task : tasks) {
                if (!task.over()) {
                    alone(db, task);
                }
            }
            db.run("COMMIT");
        } catch (Throwable e) {
            rollback(db, e);
            throw e;
        }
        tasks.forEach(Task::settle);
    }

    private void alone(Statements db, Task<?> task) throws SQLException {
        db.run("SAVEPOINT one");
        try {
            task.run(db);
        } catch (SQLException e) {
            if (SqliteFaults.environmental(e)) {
                throw e;
            }
            db.run("ROLLBACK TO one");
            task.failed(SqliteFaults.fault(settings.file(), e));
        } catch (RuntimeException e) {
            db.run("ROLLBACK TO one");
            task.failed(e);
        }
        db.run("RELEASE one");
    }

    private static void rollback(Statements db, Throwable why) {
        try {
            db.run("ROLLBACK");
        } catch (SQLException e) {
            why.addSuppressed(e); // SQLite has rolled back by itself: "cannot rollback - no transaction is active"
        }
    }

    private static void each(Statements db, List<Task<?>> tasks) throws SQLException {
        for (var task : tasks) {
            task.run(db);
            task.settle();
        }
    }
}
