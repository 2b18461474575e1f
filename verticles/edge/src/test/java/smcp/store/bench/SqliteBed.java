package smcp.store.bench;

import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.sqlite.JDBC;
import smcp.store.StoreConfig;
import smcp.store.Stores;

/** SQLite, beside a thread that uses the same library, the same settings of it, and one table. */
final class SqliteBed implements Bed {
    private static final int MANY = 32;

    private final Stores stores;
    private final List<Connection> connections = new ArrayList<>();
    private final Path folder;
    private final StateLoads loads;

    SqliteBed(Vertx vertx, Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        this.stores =
                Stores.open(vertx, StoreConfig.defaults(folder.resolve("node"))).await(20, TimeUnit.SECONDS);
        this.loads = new StateLoads(vertx, stores);
        loads.fill();
    }

    @Override
    public List<Pair> pairs() throws SQLException, TimeoutException {
        var full = connect("full.db", "FULL");
        var normal = connect("normal.db", "NORMAL");
        var all = new ArrayList<Pair>();
        for (var callers : new int[] {1, MANY}) {
            var rawIs = callers == 1 ? "one insert a transaction" : callers + " inserts a transaction";
            all.add(pair(
                    "commit to the registry", callers, loads.commits(callers), inserts(full, callers, 250), rawIs));
            all.add(pair("put a value of 1 KiB", callers, loads.puts(callers), upserts(full, callers), rawIs));
            all.add(pair("get a value of 1 KiB", callers, loads.gets(callers), selects(full), "one select"));
            all.add(pair("create a session", callers, loads.sessions(callers), inserts(normal, callers, 300), rawIs));
            all.add(pair(
                    "append a frame of 300 B", callers, loads.frames(callers), inserts(normal, callers, 300), rawIs));
        }
        return all;
    }

    private static Pair pair(String what, int callers, Load ours, Load raw, String rawIs) {
        return new Pair("sqlite", what, callers, ours, raw, rawIs);
    }

    private Connection connect(String file, String sync) throws SQLException {
        var options = new Properties();
        options.setProperty("journal_mode", "WAL");
        options.setProperty("synchronous", sync);
        options.setProperty("secure_delete", "true");
        options.setProperty("cache_size", "-8192");
        var db = JDBC.createConnection("jdbc:sqlite:" + folder.resolve(file), options);
        connections.add(db);
        try (var statement = db.createStatement()) {
            statement.execute("CREATE TABLE added (id INTEGER PRIMARY KEY, content BLOB NOT NULL) STRICT");
            statement.execute("CREATE TABLE kept (key BLOB PRIMARY KEY, content BLOB NOT NULL) STRICT");
        }
        db.setAutoCommit(false);
        return db;
    }

    private static Load inserts(Connection db, int group, int bytes) throws SQLException {
        var insert = db.prepareStatement("INSERT INTO added (content) VALUES (?)");
        return Load.blocking(1, _ -> n -> {
            for (var i = 0; i < group; i++) {
                insert.setBytes(1, new byte[bytes]);
                var _ = insert.executeUpdate();
            }
            db.commit();
            return group;
        });
    }

    private static Load upserts(Connection db, int group) throws SQLException {
        var upsert = upsert(db);
        return Load.blocking(1, _ -> n -> {
            for (var i = 0; i < group; i++) {
                put(upsert, n * group + i);
            }
            db.commit();
            return group;
        });
    }

    private static PreparedStatement upsert(Connection db) throws SQLException {
        return db.prepareStatement(
                "INSERT INTO kept VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET content = excluded.content");
    }

    private static void put(PreparedStatement upsert, long n) throws SQLException {
        upsert.setBytes(1, StateLoads.key(n).getBytes(StandardCharsets.UTF_8));
        upsert.setBytes(2, StateLoads.value(n));
        var _ = upsert.executeUpdate();
    }

    private static Load selects(Connection db) throws SQLException {
        try (var upsert = upsert(db)) {
            for (var n = 0; n < StateLoads.KEYS; n++) {
                put(upsert, n);
            }
        }
        db.commit();
        var select = db.prepareStatement("SELECT content FROM kept WHERE key = ?");
        return Load.blocking(1, _ -> n -> {
            select.setBytes(1, StateLoads.key(n).getBytes(StandardCharsets.UTF_8));
            try (var rows = select.executeQuery()) {
                if (!rows.next() || rows.getBytes(1).length != StateLoads.VALUE_BYTES) {
                    throw new IllegalStateException("a value is missing");
                }
            }
            return 1;
        });
    }

    @Override
    public void close() throws SQLException, TimeoutException {
        for (var db : connections) {
            db.rollback();
            db.close();
        }
        stores.close().await(20, TimeUnit.SECONDS);
    }
}
