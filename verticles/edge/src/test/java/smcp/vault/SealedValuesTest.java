package smcp.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.vault.Rig.OTHER;
import static smcp.vault.Rig.SHOP;
import static smcp.vault.Rig.assertFault;
import static smcp.vault.Rig.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Secrets;
import smcp.tenant.TenantId;

@ExtendWith(VertxExtension.class)
class SealedValuesTest {
    @TempDir
    Path directory = Path.of("");

    private Rig rig;

    @BeforeEach
    void open(Vertx vertx) throws IOException {
        rig = new Rig(vertx, directory);
    }

    @Test
    void whateverIsSealedOpensAndNoFlippedBitDoes() {
        var random = new Random(7);
        for (var round = 0; round < 60; round++) {
            var bytes = new byte[random.nextInt(300)];
            random.nextBytes(bytes);
            var key = "k" + random.nextInt();
            await(rig.values.put(SHOP, key, Buffer.buffer(bytes), Rig.WRITE));
            assertThat(await(rig.values.get(SHOP, key)).orElseThrow().content().getBytes())
                    .isEqualTo(bytes);
            var stored = rig.rawValues.raw(SHOP, key).getBytes();
            for (var i = 0; i < 20; i++) {
                var at = i == 0 ? 4 : random.nextInt(stored.length);
                var changed = stored.clone();
                changed[at] ^= (byte) (1 << random.nextInt(8));
                rig.rawValues.tamper(SHOP, key, Buffer.buffer(changed));
                assertFault(rig.values.get(SHOP, key), Kind.SEALED);
            }
        }
    }

    @Test
    void movedAndCutValuesDoNotOpen() {
        rig.put("a", "one");
        rig.put("b", "two");
        await(rig.values.put(OTHER, "a", Buffer.buffer("three"), Rig.WRITE));
        var stored = rig.rawValues.raw(SHOP, "a");
        rig.rawValues.tamper(SHOP, "b", stored);
        assertFault(rig.values.get(SHOP, "b"), Kind.SEALED).hasMessageContaining("\"kv/b\" of shop");
        rig.rawValues.tamper(OTHER, "a", stored);
        assertFault(rig.values.get(OTHER, "a"), Kind.SEALED);
        for (var length = 0; length < stored.length(); length++) {
            rig.rawValues.tamper(SHOP, "a", stored.getBuffer(0, length));
            assertFault(rig.values.get(SHOP, "a"), Kind.SEALED);
        }
    }

    @Test
    void withoutSealingWhatWasSealedIsStillRead() throws IOException {
        rig.put("before", "sealed");
        rig.restart(Rig.config(false, false, 1_000_000));
        rig.put("after", "plain");
        assertThat(rig.get("before")).isEqualTo("sealed");
        assertThat(rig.get("after")).isEqualTo("plain");
        assertThat(rig.rawValues.raw(SHOP, "after")).isEqualTo(Buffer.buffer("plain"));
        var looksSealed = rig.rawValues.raw(SHOP, "before");
        await(rig.values.put(SHOP, "copy", looksSealed, Rig.WRITE));
        assertThat(await(rig.values.get(SHOP, "copy")).orElseThrow().content()).isEqualTo(looksSealed);

        rig.restart(Rig.config(true, false, 1_000_000));
        assertFault(rig.values.get(SHOP, "after"), Kind.SEALED).hasMessageContaining("acceptUnsealed");
    }

    @Test
    void aDeletedTenantsValuesNeverOpenAgain() {
        rig.put("k", "v");
        var gone = Objects.requireNonNull(rig.registry.get(RegistryKey.tenant(SHOP)));
        var key = Objects.requireNonNull(rig.registry.get(RegistryKey.dataKey("shop")));
        await(rig.registry.commit(List.of(
                RegistryWrite.delete(RegistryKey.tenant(SHOP), gone),
                RegistryWrite.delete(RegistryKey.dataKey("shop"), key))));
        assertFault(rig.values.get(SHOP, "k"), Kind.SEALED).hasMessageContaining("its data key is gone");
        assertFault(rig.values.put(SHOP, "k", Buffer.buffer("v"), Rig.WRITE), Kind.TENANT_UNKNOWN);
        assertThat(rig.registry.list(RegistryKey.DATA_KEYS)).isEmpty();

        await(rig.registry.commit(List.of(RegistryWrite.create(RegistryKey.tenant(SHOP), Rig.tenant(SHOP)))));
        rig.put("new", "v");
        assertFault(rig.values.get(SHOP, "k"), Kind.SEALED);
    }

    @Test
    void twoNodesThatBeginAtOnceHaveOneKey(Vertx vertx) throws IOException {
        var second = new Rig(vertx, directory, rig.registry, Rig.config(true, false, 1_000));
        var puts = IntStream.range(0, 40)
                .mapToObj(i -> (i % 2 == 0 ? rig : second).values.put(SHOP, "k" + i, Buffer.buffer("v"), Rig.WRITE))
                .toList();
        await(Future.all(puts));
        var keys = IntStream.range(0, 40)
                .mapToObj(i -> SealedValues.keyOf((i % 2 == 0 ? rig : second).rawValues.raw(SHOP, "k" + i)))
                .distinct();
        assertThat(keys).hasSize(1);
    }

    @Test
    void bytesShownAreThoseOfTheValue() {
        rig.put("k", "12345");
        var page = await(rig.values.list(SHOP, "", null, 9));
        assertThat(page.keys())
                .singleElement()
                .satisfies(key -> assertThat(key.bytes()).isEqualTo(5));
    }

    @Test
    void theVaultSealsForOneTenantAndContext() {
        var vault = rig.sealing.vault();
        var plain = "text".getBytes(StandardCharsets.UTF_8);
        for (var bytes : List.of(plain, new byte[300_000])) {
            var box = await(vault.seal(SHOP, "a", bytes));
            assertThat(await(vault.open(SHOP, "a", box))).isEqualTo(bytes);
            assertFault(vault.open(SHOP, "b", box), Kind.SEALED);
            assertFault(vault.open(OTHER, "a", box), Kind.SEALED);
        }
        assertFault(vault.seal(new TenantId("nobody"), "a", plain), Kind.TENANT_UNKNOWN);
    }

    @Test
    void secretsAreSetReadListedAndDeleted() throws IOException {
        // sealed always
        rig.restart(Rig.config(false, false, 1_000));
        var secrets = rig.sealing.secrets();
        var secret = "hunter2".getBytes(StandardCharsets.UTF_8);
        var first = await(secrets.write(SHOP, "TOKEN", secret));
        await(secrets.write(SHOP, "A", new byte[Secrets.LONGEST]));
        assertThat(await(secrets.read(SHOP, "TOKEN")).orElseThrow()).isEqualTo(secret);
        assertThat(await(secrets.read(OTHER, "TOKEN"))).isEmpty();
        assertThat(secrets.list(SHOP)).extracting(Secrets.Listed::name).containsExactly("A", "TOKEN");
        assertThat(Objects.requireNonNull(rig.registry.get(RegistryKey.secret(SHOP, "TOKEN")))
                        .value()
                        .content())
                .doesNotContain("aHVudGVyMg");
        assertThat(await(secrets.write(SHOP, "TOKEN", new byte[0])).revision()).isGreaterThan(first.revision());
        assertThat(await(secrets.read(SHOP, "TOKEN")).orElseThrow()).isEmpty();
        assertThat(await(secrets.delete(SHOP, "TOKEN"))).isTrue();
        assertThat(await(secrets.delete(SHOP, "TOKEN"))).isFalse();
        assertThat(await(secrets.read(SHOP, "TOKEN"))).isEmpty();
    }

    @Test
    void aSecretBeyondTheBoundsIsRefused() {
        var secrets = rig.sealing.secrets();
        for (var name : List.of("", "1A", "A-B", "A/B", "Ä", "A".repeat(129))) {
            assertFault(secrets.write(SHOP, name, new byte[1]), Kind.INVALID_INPUT)
                    .hasMessageContaining("name");
        }
        assertFault(secrets.write(SHOP, "A", new byte[Secrets.LONGEST + 1]), Kind.INVALID_INPUT)
                .hasMessageContaining("65537");
        for (var i = 0; i < Secrets.MOST; i++) {
            await(secrets.write(SHOP, "S" + i, new byte[1]));
        }
        assertFault(secrets.write(SHOP, "ONE_MORE", new byte[1]), Kind.QUOTA).hasMessageContaining("100");
        await(secrets.write(SHOP, "S0", new byte[2]));
    }
}
