package smcp.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.backup.Site.ACME;
import static smcp.store.backup.Site.SHOP;
import static smcp.store.backup.Site.WRITE;
import static smcp.store.backup.Site.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ValueStore;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.tenant.TenantId;
import smcp.vault.Sealing;
import smcp.vault.VaultConfig;

/** A backup of stores that are written to, whose keys are replaced, and whose tenants come and go. */
class UnderLoadTest {
    private static final int KEYS = 600;
    private static final String PLAIN = "plain text of a tenant ";

    @TempDir
    Path folder;

    private Vertx vertx;
    private Stores stores;
    private Sealing sealing;
    private ValueStore values;

    @BeforeEach
    void fill() throws Exception {
        vertx = Vertx.vertx();
        stores = get(Stores.open(vertx, StoreConfig.defaults(folder.resolve("a"))));
        get(stores.registry().commit(List.of(Site.tenant(ACME), Site.tenant(SHOP))));
        sealing = seal(stores.registry());
        values = sealing.over(stores.values());
        sealing.resume();
        Site.each(KEYS, i -> values.put(i % 2 == 0 ? ACME : SHOP, "k" + i, text(i), WRITE));
        get(sealing.secrets().write(ACME, "API_KEY", (PLAIN + "secret").getBytes(StandardCharsets.UTF_8)));
    }

    /** With the one key-encryption key that both places have. */
    private Sealing seal(Registry registry) throws IOException {
        var keys = Files.createDirectories(folder.resolve("keys"));
        var config = new VaultConfig(
                VaultConfig.Source.FILE,
                null,
                "UNUSED",
                List.of(),
                Duration.ofSeconds(1),
                true,
                true,
                false,
                100_000,
                Duration.ZERO);
        return Sealing.open(vertx, registry, config, keys, Map.of(), Clock.systemUTC());
    }

    private static Buffer text(int i) {
        return Buffer.buffer(PLAIN + i + " ".repeat(200));
    }

    @AfterEach
    void stop() {
        sealing.close();
        get(stores.close());
        get(vertx.close());
    }

    @Test
    void nothingOfItIsPlainText() throws Exception {
        var backup = Site.backup(vertx, stores.source(Site.NO_BLOBS));
        try (var in = new GZIPInputStream(new ByteArrayInputStream(backup))) {
            var content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(content)
                    .contains("\"path\":\"datakey/acme\"", "\"key\":\"k10\"")
                    .doesNotContain(PLAIN.strip());
        }
    }

    /** Does something once, as soon as some of the backup was written: then it falls between two looks at the registry. */
    private static final class Meanwhile extends FilterOutputStream {
        private final Runnable what;
        private boolean done;

        Meanwhile(OutputStream out, Runnable what) {
            super(out);
            this.what = what;
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
            if (!done && length > 1_000) {
                done = true;
                what.run();
            }
        }
    }

    @Test
    void whatWasAcknowledgedBeforeIsInItAndAllOfItOpensThoughTheKeysWereReplacedMeanwhile() throws Exception {
        var acknowledged = new ConcurrentHashMap<String, String>();
        var over = new AtomicBoolean();
        var writer = Thread.ofVirtual().start(() -> {
            for (var i = 0; !over.get(); i++) {
                var text = PLAIN + "later " + i;
                get(values.put(ACME, "w" + i % 200, Buffer.buffer(text), WRITE));
                acknowledged.put("w" + i % 200, text);
            }
        });
        await().until(() -> acknowledged.size() > 50);
        var before = List.copyOf(acknowledged.keySet());
        var out = new ByteArrayOutputStream();
        var rotated = new AtomicBoolean();
        Backup.write(
                stores.source(Site.NO_BLOBS),
                vertx.getOrCreateContext(),
                "smcp test",
                Instant.now(),
                new Meanwhile(out, () -> rotated.set(rotate())),
                new Tally());
        over.set(true);
        writer.join();
        assertThat(rotated).isTrue();

        try (var to = Site.sqlite(vertx, folder.resolve("b"))) {
            Site.restore(vertx, out.toByteArray(), to, Instant.now());
            var there = seal(to.registry());
            var opened = there.over(to.backend().values());
            for (var i = 0; i < KEYS; i++) {
                var tenant = i % 2 == 0 ? ACME : SHOP;
                assertThat(get(opened.get(tenant, "k" + i)).orElseThrow().content())
                        .isEqualTo(text(i));
            }
            assertThat(Site.values(opened, ACME)).containsKeys(before.toArray(String[]::new));
            Site.values(opened, ACME)
                    .forEach((key, value) ->
                            assertThat(value.content().toString()).startsWith(PLAIN));
            assertThat(get(there.secrets().read(ACME, "API_KEY"))).isPresent();
        }
    }

    /** New data keys for everybody; answers when the old ones are gone. */
    private boolean rotate() {
        get(sealing.rotation().rotateDataKeys(null));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> get(sealing.rotation().status()).resealing().isEmpty());
        return true;
    }

    @Test
    void tenantsThatGoOrComeMeanwhileAreWholeOrNotThereAtAll() throws Exception {
        var late = new TenantId("late");
        var out = new ByteArrayOutputStream();
        Backup.write(
                stores.source(Site.NO_BLOBS),
                vertx.getOrCreateContext(),
                "smcp test",
                Instant.now(),
                new Meanwhile(out, () -> {
                    var registry = stores.registry();
                    get(registry.commit(List.of(Site.tenant(late))));
                    get(values.put(late, "k", Buffer.buffer(PLAIN), WRITE));
                    var shop = Objects.requireNonNull(registry.get(RegistryKey.tenant(SHOP)));
                    get(registry.commit(List.of(RegistryWrite.delete(RegistryKey.tenant(SHOP), shop))));
                }),
                new Tally());
        try (var to = Site.sqlite(vertx, folder.resolve("b"))) {
            Site.restore(vertx, out.toByteArray(), to, Instant.now());
            assertThat(to.registry().get(RegistryKey.tenant(SHOP))).isNull();
            assertThat(get(to.backend().values().size(SHOP)).entries()).isZero();
            var opened = seal(to.registry()).over(to.backend().values());
            assertThat(get(opened.get(late, "k")).orElseThrow().content()).isEqualTo(Buffer.buffer(PLAIN));
        }
    }
}
