package smcp.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.backup.Site.ACME;
import static smcp.store.backup.Site.SHOP;
import static smcp.store.backup.Site.T0;
import static smcp.store.backup.Site.WRITE;
import static smcp.store.backup.Site.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.contract.ValueStore.Write;
import smcp.store.BlobBackend;
import smcp.store.BlobPackages;
import smcp.store.EmptyStores;
import smcp.store.PackageLimits;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.store.blob.BlobConfig;
import smcp.store.blob.Blobs;
import smcp.store.blob.ByteStream;
import smcp.tenant.EngineKind;
import smcp.tenant.TenantId;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/** What comes back is what was there, whichever store it was in. */
class RoundTripTest {
    private static final BlobKey LARGE = BlobKey.of(ACME, "a large one");
    private static final Instant SOON = Instant.parse("2100-01-01T00:00:00.123456789Z");

    @TempDir
    Path folder;

    private Vertx vertx;
    private Stores stores;
    private BlobBackend blobs;

    @BeforeEach
    void fill() throws Exception {
        vertx = Vertx.vertx();
        stores = get(Stores.open(vertx, StoreConfig.defaults(folder.resolve("a"))));
        blobs = get(Blobs.open(vertx, BlobConfig.DEFAULT, folder.resolve("a")));
        var registry = stores.registry();
        get(registry.commit(List.of(Site.tenant(ACME), Site.tenant(SHOP))));
        var upload = folder.resolve("upload.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(upload))) {
            zip.putNextEntry(new ZipEntry("smcp.json"));
            zip.write("{\"name\":\"dice\",\"version\":\"1.0.0\",\"engine\":\"js\",\"entry\":\"server.mjs\"}"
                    .getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("server.mjs"));
            zip.write(Site.bytes(200_000, 1).getBytes());
        }
        var packages = packages(folder.resolve("a"), blobs);
        var kept = get(packages.keep(upload));
        get(packages.close());
        var large = ByteStream.of(vertx, Site.bytes(450_000, 5).getBytes());
        get(blobs.blobs().put(LARGE, large, Condition.ALWAYS, Long.MAX_VALUE));
        var ref = new VersionRef(ACME, 1);
        assertThat(kept.manifest().engine()).isEqualTo(EngineKind.JS);
        get(registry.commit(List.of(RegistryWrite.create(
                RegistryKey.version(ref), new Version(ref, kept.hash(), kept.bytes(), kept.manifest(), T0, "op")))));
        Site.each(1_100, i -> stores.values().put(ACME, "k" + i, Site.bytes(i % 300, i), WRITE));
        get(stores.values().put(ACME, "long", Site.bytes(700_000, 7), WRITE));
        get(stores.values().put(ACME, "😀/../\"'", Buffer.buffer("hostile"), WRITE));
        get(stores.values()
                .put(
                        SHOP,
                        "soon gone",
                        Buffer.buffer("x"),
                        new Write(ValueStore.ANY, Duration.ofHours(1), WRITE.most())));
        get(stores.values().delete(ACME, "k3", ValueStore.ANY));
        get(stores.sessions().create(Site.session(ACME, "s1"), SOON));
        get(stores.spent().spend(ACME, "used", SOON));
    }

    private BlobPackages packages(Path data, BlobBackend in) {
        return get(BlobPackages.open(vertx, data, in.blobs(), PackageLimits.DEFAULT, _ -> true));
    }

    @AfterEach
    void stop() {
        get(blobs.close());
        get(vertx.close());
    }

    @Test
    void sqliteToMemoryToSqliteKeepsEverythingWithRevisionsVersionsAndEnds() throws Exception {
        var records = Site.registry(stores.source(blobs.blobs()));
        var ofAcme = Site.values(stores.values(), ACME);
        var ofShop = Site.values(stores.values(), SHOP);
        var hash = Site.record(stores, RegistryKey.version(new VersionRef(ACME, 1)))
                .value()
                .packageHash();
        var first = Site.backup(vertx, stores.source(blobs.blobs()));
        get(stores.close());

        byte[] second;
        try (var memory = Site.memory(vertx, folder.resolve("m"))) {
            Site.restore(vertx, first, memory, T0);
            second = Site.backup(vertx, Site.source(memory));
        }
        try (var sqlite = Site.sqlite(vertx, folder.resolve("b"))) {
            Site.restore(vertx, second, sqlite, Instant.now());
            sqlite.finish();
        }

        var again = get(Stores.open(vertx, StoreConfig.defaults(folder.resolve("b"))));
        assertThat(Site.registry(again.source(Site.NO_BLOBS))).isEqualTo(records);
        assertThat(Site.values(again.values(), ACME)).isEqualTo(ofAcme).hasSize(1_101);
        assertThat(Site.values(again.values(), SHOP)).isEqualTo(ofShop);
        assertThat(get(again.values().size(ACME))).isEqualTo(new ValueStore.Size(1_101, sum(ofAcme)));
        var blobsAgain = get(Blobs.open(vertx, BlobConfig.DEFAULT, folder.resolve("b")));
        var packages = packages(folder.resolve("b"), blobsAgain);
        assertThat(get(packages.root(hash)).resolve("server.mjs")).hasSize(200_000);
        var large = get(blobsAgain.blobs().head(LARGE)).orElseThrow();
        assertThat(large.bytes()).isEqualTo(450_000);
        assertThat(large.sha256())
                .isEqualTo(get(blobs.blobs().head(LARGE)).orElseThrow().sha256());
        get(packages.close());
        get(blobsAgain.close());
        assertThat(get(again.spent().spend(ACME, "used", SOON))).isFalse();
        var session = get(again.sessions().find(ACME, "s1", T0)).orElseThrow();
        assertThat(session.logLevel()).isEqualTo("info");
        assertThat(session.stamp()).isEqualTo(5);
        assertThat(session.subscriptions()).containsEntry("file:///a", 0L);
        assertThat(get(again.sessions().find(ACME, "s1", SOON))).isEmpty();
        get(again.close());
    }

    private static long sum(Map<String, ValueStore.Value> values) {
        return values.entrySet().stream()
                .mapToLong(entry -> entry.getKey().getBytes(StandardCharsets.UTF_8).length
                        + entry.getValue().content().length())
                .sum();
    }

    @Test
    void whatIsWrittenAfterARestoreGetsNumbersThatNobodyEverHad() throws Exception {
        var backup = Site.backup(vertx, stores.source(blobs.blobs()));
        // after the backup, and lost with what comes now
        var lost = get(stores.values().put(ACME, "lost", Buffer.buffer("x"), WRITE));
        var late = new TenantId("lost");
        get(stores.registry().commit(List.of(Site.tenant(late))));
        var revision = Site.record(stores, RegistryKey.tenant(late)).revision();
        get(stores.close());
        try (var to = Site.sqlite(vertx, folder.resolve("b"))) {
            Site.restore(vertx, backup, to, Instant.now());
            to.finish();
        }
        var again = get(Stores.open(vertx, StoreConfig.defaults(folder.resolve("b"))));
        assertThat(get(again.values().put(ACME, "new", Buffer.buffer("y"), WRITE)))
                .isGreaterThan(lost);
        var fresh = new TenantId("fresh");
        assertThat(get(again.values().put(fresh, "new", Buffer.buffer("y"), WRITE)))
                .isGreaterThan(lost);
        get(again.registry().commit(List.of(Site.tenant(fresh))));
        assertThat(Site.record(again, RegistryKey.tenant(fresh)).revision()).isGreaterThan(revision);
        get(again.close());
    }

    @Test
    void whatIsThereIsKeptUnlessItIsToBeReplacedAndThenMovedAside() throws Exception {
        var backup = Site.backup(vertx, stores.source(blobs.blobs()));
        get(stores.close());
        get(blobs.close());
        var data = folder.resolve("a");
        assertThatThrownBy(() -> Site.sqlite(vertx, data))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("registry.db")
                .hasMessageContaining("--replace");
        Files.writeString(data.resolve("registry.db"), "damaged beyond all reading");
        try (var to = EmptyStores.make(data, Site.ofNode(vertx), true, T0)) {
            assertThat(to.moved())
                    .anySatisfy(line -> assertThat(line).contains("registry.db", "replaced-2026-07-28T100000Z"));
            Site.restore(vertx, backup, to, Instant.now());
            to.finish();
        }
        assertThat(data.resolve("replaced-2026-07-28T100000Z/registry.db"))
                .content()
                .startsWith("damaged");
        var again = get(Stores.open(vertx, StoreConfig.defaults(data)));
        assertThat(Site.values(again.values(), ACME)).hasSize(1_101);
        get(again.close());
    }

    @Test
    void nobodyOpensWhatIsHalfRestoredAndTheNextRestoreBeginsAnew() throws Exception {
        var backup = Site.backup(vertx, stores.source(blobs.blobs()));
        get(stores.close());
        var data = folder.resolve("b");
        var half = Arrays.copyOf(backup, backup.length / 2);
        try (var to = Site.sqlite(vertx, data)) {
            assertThatThrownBy(() -> Site.restore(vertx, half, to, Instant.now()))
                    .isInstanceOf(UnsoundBackup.class)
                    .hasMessageContaining("ends too early");
        }
        assertThatThrownBy(() -> get(Stores.open(vertx, StoreConfig.defaults(data))))
                .isInstanceOf(Fault.class)
                .hasMessageContaining("half restored")
                .hasMessageContaining("Run smcp restore again");
        try (var to = Site.sqlite(vertx, data)) {
            assertThat(to.moved()).anySatisfy(line -> assertThat(line).startsWith("removed what an interrupted"));
            Site.restore(vertx, backup, to, Instant.now());
            to.finish();
        }
        var again = get(Stores.open(vertx, StoreConfig.defaults(data)));
        assertThat(Site.values(again.values(), ACME)).hasSize(1_101);
        get(again.close());
    }
}
