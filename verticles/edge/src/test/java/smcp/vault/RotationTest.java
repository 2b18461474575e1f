package smcp.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.vault.Rig.OTHER;
import static smcp.vault.Rig.SHOP;
import static smcp.vault.Rig.assertFault;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.contract.KeyRotation.Stage;
import smcp.contract.KeyRotation.Status;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Seal;
import smcp.modern.ChainSeal;
import smcp.tenant.VersionRef;

@ExtendWith(VertxExtension.class)
class RotationTest {
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int MANY = 400;
    private static final VaultConfig FAST = Rig.config(true, false, 1_000_000);
    private static final VaultConfig SLOW = Rig.config(true, false, 300);

    @TempDir
    Path directory = Path.of("");

    private Rig rig;

    @BeforeEach
    void open(Vertx vertx) throws IOException {
        rig = new Rig(vertx, directory);
    }

    private void fill() {
        for (var i = 0; i < MANY; i++) {
            rig.put("k" + i, "value " + i);
        }
        for (var i = 0; i < 5; i++) {
            Rig.await(rig.blobs.put(
                    BlobKey.of(SHOP, "b" + i), rig.rawBlobs.content(blob(i)), Condition.ALWAYS, Long.MAX_VALUE));
        }
        Rig.await(rig.sealing.secrets().write(SHOP, "TOKEN", "hunter2".getBytes(StandardCharsets.UTF_8)));
    }

    private static byte[] blob(int i) {
        var bytes = new byte[100_000 * i];
        new Random(i).nextBytes(bytes);
        return bytes;
    }

    private void allIsThere() {
        for (var i = 0; i < MANY; i++) {
            assertThat(rig.get("k" + i)).isEqualTo("value " + i);
        }
        for (var i = 0; i < 5; i++) {
            var reading = Rig.await(rig.blobs.get(BlobKey.of(SHOP, "b" + i), Range.ALL))
                    .orElseThrow();
            assertThat(Rig.await(Collected.of(reading.content())).getBytes()).isEqualTo(blob(i));
        }
        assertThat(Rig.await(rig.sealing.secrets().read(SHOP, "TOKEN")).orElseThrow())
                .asString()
                .isEqualTo("hunter2");
    }

    /** Ids of the data keys that anything is sealed with. */
    private Set<Integer> inUse() {
        var found = new HashSet<Integer>();
        rig.rawValues.all().forEach(value -> found.add(Objects.requireNonNull(SealedValues.keyOf(value))));
        rig.rawBlobs
                .all()
                .forEach(blob -> found.add(Objects.requireNonNull(
                        Keysets.keyOf(Arrays.copyOfRange(blob, BlobLayout.MARK_BYTES, BlobLayout.PREFIX), 0))));
        rig.registry
                .list(RegistryKey.secrets(SHOP))
                .forEach(secret ->
                        found.add(Objects.requireNonNull(Keysets.keyOf(SealedSecrets.content(secret.value()), 0))));
        return found;
    }

    private Status status() {
        return Rig.await(rig.sealing.rotation().status());
    }

    private void waitForDataKeys() {
        await().atMost(SOON).until(() -> status().resealing().isEmpty());
    }

    @Test
    void aNewDataKeySealsEverythingAndTheOldOneIsGone() {
        fill();
        var before = inUse();
        assertThat(before).hasSize(1);
        assertThat(Rig.await(rig.sealing.rotation().rotateDataKeys(SHOP)).resealing())
                .hasSize(1);
        waitForDataKeys();
        assertThat(inUse()).hasSize(1).doesNotContainAnyElementsOf(before);
        allIsThere();
        var stolen = Objects.requireNonNull(rig.registry.get(RegistryKey.dataKey("shop")));
        assertThat(stolen.value().rotating()).isNull();
    }

    @Test
    void whatIsSealedWithADroppedKeySaysSo() {
        rig.put("k", "old");
        var old = rig.rawValues.raw(SHOP, "k");
        Rig.await(rig.sealing.rotation().rotateDataKeys(null));
        waitForDataKeys();
        rig.rawValues.tamper(SHOP, "k", old);
        assertFault(rig.values.get(SHOP, "k"), Kind.SEALED).hasMessageContaining("which is gone");
    }

    @Test
    void aRotationThatIsKilledInTheMiddleGoesOnAtTheNextStart() throws IOException {
        fill();
        rig.restart(SLOW);
        Rig.await(rig.sealing.rotation().rotateDataKeys(SHOP));
        await().atMost(SOON).until(() -> inUse().size() == 2 && sealedAnew() > 20);
        rig.sealing.close();
        assertThat(sealedAnew()).isLessThan(MANY);

        rig.restart(FAST);
        assertThat(status().resealing())
                .singleElement()
                .satisfies(one -> assertThat(one.owner()).isEqualTo("shop"));
        allIsThere();
        rig.sealing.resume();
        waitForDataKeys();
        assertThat(inUse()).hasSize(1);
        allIsThere();
    }

    private long sealedAnew() {
        var keys = Objects.requireNonNull(rig.registry.get(RegistryKey.dataKey("shop")));
        try {
            var kek = KeyEncryption.open(new KeyFile(directory.resolve("node.key")), false);
            var primary = new DataKeys(rig.registry, kek, _ -> true).keys(keys).primary();
            return rig.rawValues.all().stream()
                    .filter(value -> Objects.equals(SealedValues.keyOf(value), primary))
                    .count();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void writesThatGoOnMeanwhileAreNotLost() throws Exception {
        fill();
        rig.restart(Rig.config(true, false, 2_000));
        Rig.await(rig.sealing.rotation().rotateDataKeys(SHOP));
        var rounds = 0;
        while (!status().resealing().isEmpty()) {
            rig.put("k" + rounds % MANY, "round " + rounds);
            rounds++;
        }
        assertThat(rounds).isPositive();
        for (var i = Math.max(0, rounds - MANY); i < rounds; i++) {
            assertThat(rig.get("k" + i % MANY)).isEqualTo("round " + i);
        }
        assertThat(inUse()).hasSize(1);
    }

    @Test
    void aWriteUnderWayKeepsItsKey() {
        rig.put("k", "v");
        var stalled = io.vertx.core.Promise.<Void>promise();
        rig.rawValues.stall(stalled.future());
        var slow = rig.values.put(SHOP, "slow", Buffer.buffer("begun before"), Rig.WRITE);
        Rig.await(rig.sealing.rotation().rotateDataKeys(SHOP));
        await().atMost(SOON).until(() -> status().resealing().getFirst().stage() == Stage.SETTLING);
        stalled.complete();
        Rig.await(slow);
        waitForDataKeys();
        assertThat(rig.get("slow")).isEqualTo("begun before");
    }

    @Test
    void whatDoesNotOpenIsNamedAndKeepsTheOldKey() {
        rig.put("good", "v");
        rig.put("bad", "v");
        var bytes = rig.rawValues.raw(SHOP, "bad").getBytes();
        bytes[bytes.length - 1] ^= 1;
        rig.rawValues.tamper(SHOP, "bad", Buffer.buffer(bytes));
        Rig.await(rig.sealing.rotation().rotateDataKeys(SHOP));
        await().atMost(SOON).until(() -> status().resealing().getFirst().stage() == Stage.FAILING);
        assertThat(status().resealing().getFirst().failing())
                .singleElement()
                .satisfies(one -> assertThat(one).contains("kv/bad"));
        Rig.await(rig.values.delete(SHOP, "bad", -1));
        rig.clock.forward(Duration.ofMinutes(1));
        waitForDataKeys();
    }

    @Test
    void anUnsealedStoreIsSealedByARotation() throws IOException {
        rig.rawValues.tamper(SHOP, "plain", Buffer.buffer("was there before"));
        rig.rawBlobs.tamper(BlobKey.of(SHOP, "plain"), blob(3));
        rig.put("other", "v");
        rig.restart(Rig.config(true, true, 1_000_000));
        assertThat(rig.get("plain")).isEqualTo("was there before");
        Rig.await(rig.sealing.rotation().rotateDataKeys(null));
        waitForDataKeys();
        rig.restart(FAST);
        assertThat(rig.get("plain")).isEqualTo("was there before");
        var reading =
                Rig.await(rig.blobs.get(BlobKey.of(SHOP, "plain"), Range.ALL)).orElseThrow();
        assertThat(Rig.await(Collected.of(reading.content())).getBytes()).isEqualTo(blob(3));
    }

    @Test
    void aNewKeyEncryptionKeyTakesOverAllRecords() throws IOException {
        fill();
        Rig.await(rig.values.put(OTHER, "k", Buffer.buffer("v"), Rig.WRITE));
        var chains = new ChainSeal(rig.registry, rig.sealing.keyEncryption(), Duration.ofHours(1), rig.clock);
        var chain =
                new Seal.Chain(new VersionRef(SHOP, 1), 1, rig.clock.instant().getEpochSecond(), "id", "state");
        var binding = new Seal.Binding(SHOP, "client:bob", "digest");
        var sealedChain = Rig.await(chains.seal(chain, binding));
        var before = status();
        assertThat(before.keys())
                .singleElement()
                .satisfies(key -> assertThat(key.records()).isEqualTo(3));

        Rig.await(rig.sealing.rotation().rotateKek());
        await().atMost(SOON).until(() -> status().kek() == null);

        assertThat(status().keys()).hasSize(2);
        assertThat(status().keys().getFirst().records()).isEqualTo(3);
        assertThat(status().keys().getFirst().id())
                .isNotEqualTo(before.keys().getFirst().id());
        assertThat(status().keys().getLast().records()).isZero();
        assertThat(Rig.await(chains.open(sealedChain, binding))).isEqualTo(chain);
        rig.restart(FAST);
        allIsThere();
    }

    @Test
    void aKekRotationThatWasKilledGoesOn() throws IOException {
        fill();
        var file = directory.resolve("node.key");
        // the new key is in the file, and nothing else was done
        new KeyFile(file).write(NewKeyset.grown(Files.readString(file), true));
        rig.restart(FAST);
        var primary = status().keys().getFirst().id();
        assertThat(status().keys().getFirst().records()).isZero();
        var begun = new smcp.tenant.KekRotation(primary, rig.clock.instant());
        Rig.await(rig.registry.commit(List.of(RegistryWrite.create(RegistryKey.KEK_ROTATION, begun))));
        rig.restart(FAST).sealing.resume();
        await().atMost(SOON).until(() -> status().kek() == null);
        assertThat(status().keys().getFirst().records()).isEqualTo(1);
        assertThat(status().keys()).hasSize(2);
        allIsThere();
    }

    @Test
    void aSecondWishFinishesWhatIsHalfDoneBeforeItMakesAnotherKey() throws IOException {
        fill();
        var file = directory.resolve("node.key");
        new KeyFile(file).write(NewKeyset.grown(Files.readString(file), true));
        Rig.await(rig.sealing.rotation().rotateKek());
        await().atMost(SOON).until(() -> status().kek() == null);
        assertThat(status().keys()).hasSize(2);
        assertThat(status().keys().getFirst().records()).isEqualTo(1);
    }

    @Test
    void withTheKeysetOfSomebodyElseNothingStarts() throws IOException {
        fill();
        Files.delete(directory.resolve("node.key"));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> rig.restart(FAST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("put it back");
        new KeyFile(directory.resolve("node.key")).write(NewKeyset.fresh());
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> rig.restart(FAST))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("another node or cluster");
    }
}
