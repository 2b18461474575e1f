package smcp.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.backup.Site.ACME;
import static smcp.store.backup.Site.SHOP;
import static smcp.store.backup.Site.T0;
import static smcp.store.backup.Site.WRITE;
import static smcp.store.backup.Site.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.EventLog.StreamKey;
import smcp.protocol.Json;
import smcp.store.StoreConfig;
import smcp.store.Stores;

/** Files of an older program are backed up by this one, and come back as this one's. */
class OlderStoresTest {
    private static final Instant SOON = Instant.parse("2100-01-01T00:00:00.123Z");

    @TempDir
    Path folder;

    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() {
        get(vertx.close());
    }

    private Stores open(String data) {
        return get(Stores.open(vertx, StoreConfig.defaults(folder.resolve(data))));
    }

    /** Takes back the newest steps of a file's schema, so that it is as the program before left it. */
    private void takeBack(String file, int steps, String... undoing) throws SQLException {
        try (var db = DriverManager.getConnection(
                        "jdbc:sqlite:" + folder.resolve("old").resolve(file));
                var statement = db.createStatement()) {
            for (var sql : undoing) {
                var _ = statement.execute(sql);
            }
            var version = statement.executeQuery("PRAGMA user_version").getInt(1);
            var _ = statement.execute("PRAGMA user_version = " + (version - steps));
        }
    }

    private int version(String data, String file) throws SQLException {
        try (var db = DriverManager.getConnection(
                        "jdbc:sqlite:" + folder.resolve(data).resolve(file));
                var statement = db.createStatement()) {
            return statement.executeQuery("PRAGMA user_version").getInt(1);
        }
    }

    @Test
    void filesOfAnOlderSchemaAreBackedUpAndRestoredAsFilesOfThisOne() throws Exception {
        var stores = open("old");
        get(stores.registry().commit(List.of(Site.tenant(ACME), Site.tenant(SHOP))));
        get(stores.values().put(ACME, "k", Buffer.buffer("kept"), WRITE));
        get(stores.sessions().create(Site.session(ACME, "s1"), SOON));
        get(stores.spent().spend(ACME, "used", SOON));
        var stream = new StreamKey(ACME, "s1", "x");
        get(stores.events().open(stream, "1", SOON));
        get(stores.events().append(stream, 0, List.of(Json.of("{}"))));
        var records = Site.registry(stores.source(Site.NO_BLOBS));
        get(stores.close());
        var registry = version("old", "registry.db");
        var sessions = version("old", "sessions.db");
        takeBack("registry.db", 1, "ALTER TABLE record DROP COLUMN sum");
        takeBack(
                "sessions.db",
                2,
                "ALTER TABLE stream DROP COLUMN request",
                "ALTER TABLE session DROP COLUMN sum",
                "ALTER TABLE exchange DROP COLUMN sum",
                "ALTER TABLE frame DROP COLUMN sum");

        var old = open("old");
        assertThat(Site.registry(old.source(Site.NO_BLOBS))).isEqualTo(records);
        assertThat(get(old.events().read(stream, -1, 9, T0)).orElseThrow().events())
                .hasSize(1);
        var backup = Site.backup(vertx, old.source(Site.NO_BLOBS));
        get(old.close());
        assertThat(version("old", "registry.db")).isEqualTo(registry);
        try (var to = Site.sqlite(vertx, folder.resolve("new"))) {
            Site.restore(vertx, backup, to, Instant.now());
            to.finish();
        }

        assertThat(version("new", "registry.db")).isEqualTo(registry);
        assertThat(version("new", "sessions.db")).isEqualTo(sessions);
        var again = open("new");
        assertThat(Site.registry(again.source(Site.NO_BLOBS))).isEqualTo(records);
        assertThat(get(again.values().get(ACME, "k")).orElseThrow().content().toString())
                .isEqualTo("kept");
        assertThat(get(again.sessions().find(ACME, "s1", T0))).isPresent();
        assertThat(get(again.spent().spend(ACME, "used", SOON))).isFalse();
        get(again.close());
    }
}
