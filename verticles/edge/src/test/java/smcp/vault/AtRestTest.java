package smcp.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.vault.Rig.SHOP;
import static smcp.vault.Rig.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.testing.MemoryBlobs;
import smcp.testing.TestClock;

/** Looks into every byte of every file of a node's directory, while it is open and after it was closed. */
@ExtendWith(VertxExtension.class)
class AtRestTest {
    @TempDir
    Path directory = Path.of("");

    private final MemoryBlobs blobs = new MemoryBlobs(8_192);
    private Stores stores;
    private Sealing sealing;
    private Registry registry;

    @BeforeEach
    void open(Vertx vertx) throws IOException {
        stores = await(Stores.open(vertx, StoreConfig.defaults(directory)));
        registry = stores.registry();
        if (registry.get(RegistryKey.tenant(SHOP)) == null) {
            await(registry.commit(List.of(RegistryWrite.create(RegistryKey.tenant(SHOP), Rig.tenant(SHOP)))));
        }
        sealing = Sealing.open(vertx, registry, Rig.config(true, false, 100_000), directory, Map.of(), new TestClock());
    }

    @AfterEach
    void close() {
        await(stores.close());
    }

    @Test
    void noPlainTextIsInAnyFile() {
        var values = sealing.over(stores.values());
        var store = sealing.over(blobs);
        var secrets = sealing.secrets();
        var plain = new ArrayList<String>();
        for (var round = 0; round < 3; round++) {
            for (var i = 0; i < 30; i++) {
                var text = "plaintext-of-value-" + round + "-" + i + "-" + "x".repeat(i * 400);
                plain.add("plaintext-of-value-" + round + "-" + i + "-");
                await(values.put(SHOP, "visible-name-" + i, Buffer.buffer(text), Rig.WRITE));
            }
            plain.add("plaintext-of-secret-" + round);
            await(secrets.write(SHOP, "TOKEN", plain.getLast().getBytes(StandardCharsets.UTF_8)));
            plain.add("plaintext-of-blob-" + round);
            var content = plain.getLast().repeat(10_000).getBytes(StandardCharsets.UTF_8);
            await(store.put(BlobKey.of(SHOP, "b"), blobs.content(content), Condition.ALWAYS, 1 << 20));
        }
        noneOf(plain);
        assertThat(find("visible-name-7")).as("the search finds what is there").isNotEmpty();
        for (var i = 0; i < 30; i++) {
            await(values.delete(SHOP, "visible-name-" + i, -1));
        }
        await(secrets.delete(SHOP, "TOKEN"));
        noneOf(plain);
        await(stores.close());
        noneOf(plain);
    }

    private void noneOf(List<String> plain) {
        for (var text : plain) {
            // a prefix of the text in Base64, too: that is how bytes get into JSON
            var coded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            assertThat(find(text)).as(text).isEmpty();
            assertThat(find(coded.substring(0, 16))).as(text).isEmpty();
            for (var blob : blobs.all()) {
                assertThat(new String(blob, StandardCharsets.ISO_8859_1)).doesNotContain(text);
            }
        }
    }

    @Test
    void noWrappedKeyOfADeletedTenantIsInAnyFile() {
        var values = sealing.over(stores.values());
        await(values.put(SHOP, "k", Buffer.buffer("v"), Rig.WRITE));
        await(sealing.secrets().write(SHOP, "TOKEN", new byte[300]));
        var key = record();
        var wrapped = key.value().keyset();
        assertThat(find(wrapped.substring(40, 80))).as("it was there").isNotEmpty();
        var secret = Objects.requireNonNull(registry.get(RegistryKey.secret(SHOP, "TOKEN")));

        await(registry.commit(List.of(
                RegistryWrite.delete(RegistryKey.secret(SHOP, "TOKEN"), secret),
                RegistryWrite.delete(RegistryKey.dataKey("shop"), key),
                RegistryWrite.delete(
                        RegistryKey.tenant(SHOP), Objects.requireNonNull(registry.get(RegistryKey.tenant(SHOP)))))));

        nothingOf(wrapped);
        nothingOf(secret.value().content());
        await(stores.close());
        nothingOf(wrapped);
    }

    @Test
    void noOldKeyIsLeftByRotations() {
        var values = sealing.over(stores.values());
        await(values.put(SHOP, "k", Buffer.buffer("v"), Rig.WRITE));
        var first = record().value().keyset();
        await(sealing.rotation().rotateDataKeys(SHOP));
        waitFor(() -> record().value().rotating() == null);
        nothingOf(first);
        var second = record().value().keyset();
        await(sealing.rotation().rotateKek());
        waitFor(() -> registry.get(RegistryKey.KEK_ROTATION) == null);
        assertThat(record().value().keyset()).isNotEqualTo(second);
        nothingOf(second);
        assertThat(await(values.get(SHOP, "k")).orElseThrow().content()).isEqualTo(Buffer.buffer("v"));
    }

    private static void waitFor(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(condition);
    }

    private Versioned<smcp.tenant.DataKey> record() {
        return Objects.requireNonNull(registry.get(RegistryKey.dataKey("shop")));
    }

    /** No piece of it either; the beginnings of two keysets are alike. */
    private void nothingOf(String coded) {
        for (var from = 40; from + 24 < coded.length(); from += 24) {
            assertThat(find(coded.substring(from, from + 24))).isEmpty();
        }
    }

    /** Files in which {@code text} stands. */
    private List<Path> find(String text) {
        try (var files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> read(file).contains(text))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
