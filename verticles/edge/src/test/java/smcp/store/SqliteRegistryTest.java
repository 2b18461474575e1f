package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;
import static smcp.store.Samples.tenant;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;

class SqliteRegistryTest extends RegistryContract {
    @TempDir
    Path directory;

    @Override
    protected RegistryStore newStore() {
        return new SqliteRegistryStore(directory.resolve("registry.db"), 1_024);
    }

    private SqliteRegistryStore sqlite() {
        return (SqliteRegistryStore) store.inner;
    }

    private Connection raw() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("registry.db"));
    }

    private Future<Void> create(String id) {
        return registry.commit(List.of(RegistryWrite.create(RegistryKey.tenant(new TenantId(id)), tenant(id, 1))));
    }

    private void reopen() {
        get(store.close());
        open();
    }

    @Test
    void everythingIsThereAfterAReopen() {
        get(create("acme"));
        var was = Objects.requireNonNull(registry.get(RegistryKey.tenant(ACME)));
        get(create("other"));
        var other = Objects.requireNonNull(registry.get(RegistryKey.tenant(Samples.OTHER)));
        get(registry.commit(List.of(RegistryWrite.delete(RegistryKey.tenant(Samples.OTHER), other))));
        reopen();
        assertThat(registry.get(RegistryKey.tenant(ACME))).isEqualTo(was);
        assertThat(registry.get(RegistryKey.tenant(Samples.OTHER))).isNull();
        get(create("other"));
        assertThat(Objects.requireNonNull(registry.get(RegistryKey.tenant(Samples.OTHER)))
                        .revision())
                .isGreaterThan(other.revision() + 1);
    }

    @Test
    void aRevisionIsNotGivenAgainEvenWhenItsTombstoneIsForgotten() throws SQLException {
        get(create("acme"));
        var was = Objects.requireNonNull(registry.get(RegistryKey.tenant(ACME)));
        get(registry.commit(List.of(RegistryWrite.delete(RegistryKey.tenant(ACME), was))));
        get(store.close());
        try (var db = raw();
                var statement = db.createStatement()) {
            assertThat(statement.executeUpdate("DELETE FROM record")).isEqualTo(1);
        }
        open();
        get(create("acme"));
        assertThat(Objects.requireNonNull(registry.get(RegistryKey.tenant(ACME)))
                        .revision())
                .isGreaterThan(was.revision() + 1);
    }

    @Test
    void commitsThatWaitTogetherSucceedAndFailAlone() {
        get(create("taken"));
        var gate = new CountDownLatch(1);
        var held = sqlite().database().write(0, _ -> {
            await(gate);
            return true;
        });
        var commits = new ArrayList<Future<Void>>();
        for (var i = 0; i < 50; i++) {
            commits.add(create(i % 5 == 0 ? "taken" : "t" + i));
        }
        gate.countDown();
        get(held);
        get(Future.join(commits).otherwiseEmpty());
        for (var i = 0; i < 50; i++) {
            assertThat(commits.get(i).succeeded()).isEqualTo(i % 5 != 0);
        }
        assertThat(registry.list(RegistryKey.TENANTS)).hasSize(41);
    }

    @Test
    void moreWorkThanTheQueueHoldsIsRefusedAtOnce() {
        get(store.close());
        store = new Tap(new SqliteRegistryStore(directory.resolve("registry.db"), 4));
        registry = get(StoredRegistry.open(store));
        var gate = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        var held = sqlite().database().write(0, _ -> {
            begun.countDown();
            await(gate);
            return true;
        });
        await(begun);
        var commits = new ArrayList<Future<Void>>();
        for (var i = 0; i < 6; i++) {
            commits.add(create("t" + i));
        }
        assertFault(commits.get(4), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("waiting");
        assertFault(commits.get(5), Fault.Kind.STORE_UNAVAILABLE);
        gate.countDown();
        get(held);
        get(Future.all(commits.subList(0, 4)));
    }

    @Test
    void whoWaitsTooLongForTheDiskIsTold() {
        var gate = new CountDownLatch(1);
        var held = sqlite().database().write(0, _ -> {
            await(gate);
            return true;
        });
        var late = create("acme");
        store.expire(System.nanoTime() + Lane.PATIENCE + 1_000_000_000L);
        assertFault(late, Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("10 s");
        assertFault(held, Fault.Kind.STORE_UNAVAILABLE);
        gate.countDown();
        get(create("other"));
        assertThat(registry.get(RegistryKey.tenant(ACME))).isNull();
    }

    @Test
    void aFullDiskIsSaidAndLosesNothingAndEnds() {
        get(create("acme"));
        limitPages(sqlite().database(), 12);
        var big = new SealingKey(ACME, "x".repeat(200_000));
        var refused = registry.commit(List.of(RegistryWrite.create(RegistryKey.sealingKey(ACME), big)));
        assertFault(refused, Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("disk is full");
        assertThat(registry.get(RegistryKey.sealingKey(ACME))).isNull();

        // the connection is opened anew, and with it the limit is gone: there is room again
        get(registry.commit(List.of(RegistryWrite.create(RegistryKey.sealingKey(ACME), big))));
        reopen();
        assertThat(registry.list(RegistryKey.TENANTS))
                .extracting(Versioned::value)
                .containsExactly(tenant("acme", 1));
        assertThat(registry.get(RegistryKey.sealingKey(ACME))).isNotNull();
    }

    private static void limitPages(SqliteDatabase database, int pages) {
        long set = get(database.write(0, db -> db.number("PRAGMA max_page_count = " + pages, 0)));
        assertThat(set).isEqualTo(pages);
    }

    @Test
    void anotherProgramThatHoldsTheDatabaseIsSaid() throws SQLException {
        try (var db = raw();
                var statement = db.createStatement()) {
            var _ = statement.execute("BEGIN IMMEDIATE");
            assertFault(create("acme"), Fault.Kind.STORE_UNAVAILABLE).hasMessageContaining("another program");
            var _ = statement.execute("ROLLBACK");
        }
        get(create("acme"));
    }

    @Test
    void aCommitReportedAsFailedThatIsThereIsHeardOf() throws SQLException {
        get(create("acme"));
        try (var db = raw();
                var statement = db.createStatement()) {
            var _ = statement.executeUpdate("UPDATE counter SET revision = revision + 1");
            var _ = statement.executeUpdate("INSERT INTO record SELECT 'tenant/other', counter.revision,"
                    + " CAST(replace(CAST(json AS TEXT), 'acme', 'other') AS BLOB), NULL FROM record, counter");
        }
        limitPages(sqlite().database(), 12);
        var big = new SealingKey(ACME, "x".repeat(200_000));
        assertFault(
                registry.commit(List.of(RegistryWrite.create(RegistryKey.sealingKey(ACME), big))),
                Fault.Kind.STORE_UNAVAILABLE);
        get(create("third"));
        assertThat(registry.list(RegistryKey.TENANTS))
                .extracting(each -> each.value().id().value())
                .containsExactly("acme", "other", "third");
    }

    @Test
    void aNewerSchemaIsRefused() throws SQLException {
        get(store.close());
        try (var db = raw();
                var statement = db.createStatement()) {
            var _ = statement.execute("PRAGMA user_version = 99");
        }
        assertThatThrownBy(() -> newStore().open(_ -> {}))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("schema version 99")
                .hasMessageContaining("versions up to 2");
    }

    @Test
    void anotherProgramsDatabaseIsRefused() throws SQLException {
        var file = directory.resolve("foreign.db");
        try (var db = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = db.createStatement()) {
            var _ = statement.execute("CREATE TABLE cookies (a)");
        }
        assertThatThrownBy(() -> new SqliteRegistryStore(file, 16).open(_ -> {}))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("not a registry");
    }

    @Test
    void aDamagedFileIsSaid() throws IOException {
        for (var i = 0; i < 200; i++) {
            get(create("t" + i));
        }
        get(store.close());
        var file = directory.resolve("registry.db");
        try (var bytes = new RandomAccessFile(file.toFile(), "rw")) {
            bytes.seek(8_192);
            bytes.write(new byte[8_192]);
        }
        assertThatThrownBy(() -> newStore().open(_ -> {}))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("damaged");
        Files.writeString(file, "this was never a database, but it is long enough to look at".repeat(50));
        assertThatThrownBy(() -> newStore().open(_ -> {}))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void nobodyElseMayReadTheFiles() throws IOException {
        get(create("acme"));
        try (var files = Files.list(directory)) {
            assertThat(files.toList())
                    .hasSizeGreaterThan(1)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
