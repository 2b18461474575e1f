package smcp.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.vault.Rig.SHOP;
import static smcp.vault.Rig.assertFault;
import static smcp.vault.Rig.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.tenant.TenantId;
import smcp.testing.MemoryBlobs;

@ExtendWith(VertxExtension.class)
class SealedBlobsTest {
    private static final BlobKey KEY = BlobKey.of(SHOP, "a/blob");
    private static final int FIRST = BlobLayout.FIRST;
    private static final int OTHER = BlobLayout.OTHER;

    @TempDir
    Path directory = Path.of("");

    private Rig rig;

    @BeforeEach
    void open(Vertx vertx) throws IOException {
        rig = new Rig(vertx, directory);
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private void put(BlobKey key, byte[] content) {
        await(rig.blobs.put(key, rig.rawBlobs.content(content), Condition.ALWAYS, Long.MAX_VALUE));
    }

    private byte[] get(BlobKey key, long from, long to) {
        var reading = await(rig.blobs.get(key, new Range(from, to))).orElseThrow();
        return await(Collected.of(reading.content())).getBytes();
    }

    private byte[] get(BlobKey key) {
        return get(key, 0, Long.MAX_VALUE);
    }

    @Test
    void whatWasPutIsReadWholeAndInEveryRange() {
        for (var length : List.of(0, 1, FIRST - 1, FIRST, FIRST + 1, FIRST + OTHER, FIRST + OTHER + 1, 300_000)) {
            var content = random(length);
            put(KEY, content);
            assertThat(get(KEY)).as("%d bytes", length).isEqualTo(content);
            assertThat(await(rig.blobs.head(KEY)).orElseThrow().bytes()).isEqualTo((long) length);
            assertThat(await(rig.blobs.list("tenant-shop", "a/", null, 9))
                            .blobs()
                            .getFirst()
                            .bytes())
                    .isEqualTo((long) length);
            var random = new Random(length);
            for (var i = 0; i < 25 && length > 1; i++) {
                var from = random.nextInt(length);
                var to = from + 1 + random.nextInt(length);
                assertThat(get(KEY, from, to))
                        .as("%d to %d of %d", from, to, length)
                        .isEqualTo(Arrays.copyOfRange(content, from, Math.min(length, to)));
            }
        }
    }

    @Test
    void aRangeBeyondTheEndIsRefused() {
        put(KEY, random(FIRST + 10));
        assertFault(rig.blobs.get(KEY, new Range(FIRST + 10, FIRST + 11)), Kind.INVALID_INPUT);
        assertFault(rig.blobs.get(KEY, new Range(1 << 29, 1 << 30)), Kind.INVALID_INPUT);
        assertThat(await(rig.blobs.get(BlobKey.of(SHOP, "none"), Range.ALL))).isEmpty();
        assertThat(await(rig.blobs.get(BlobKey.of(SHOP, "none"), new Range(1 << 20, 1 << 21))))
                .isEmpty();
    }

    @Test
    void lengthsFollowFromWhatIsStoredAndBack() {
        LongStream.concat(
                        LongStream.range(0, 3_000).map(i -> i * 97),
                        LongStream.of(FIRST, FIRST + 1, FIRST + OTHER, 1L << 40))
                .forEach(plain ->
                        assertThat(BlobLayout.plain(BlobLayout.stored(plain))).isEqualTo(plain));
        assertThat(BlobLayout.plain(BlobLayout.SEGMENT + 3)).isEqualTo(-1);
        assertThat(BlobLayout.plain(7)).isEqualTo(-1);
    }

    @Test
    void aFlippedBitAnywhereDoesNotOpen() {
        put(KEY, random(FIRST + OTHER + 500));
        var stored = rig.rawBlobs.raw(KEY);
        var random = new Random(4);
        for (var i = 0; i < 150; i++) {
            var at = i < BlobLayout.HEAD ? i : random.nextInt(stored.length);
            var changed = stored.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            rig.rawBlobs.tamper(KEY, changed);
            assertThatThrownBy(() -> get(KEY))
                    .as("byte %d", at)
                    .isInstanceOfSatisfying(
                            Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.SEALED));
        }
    }

    @Test
    void cutRepeatedReorderedAndMovedBlobsDoNotOpen() {
        put(KEY, random(FIRST + 3 * OTHER));
        var stored = rig.rawBlobs.raw(KEY);
        for (var cut : List.of(0, 1, 8, BlobLayout.HEAD, 65_536, 2 * 65_536, stored.length - 1)) {
            rig.rawBlobs.tamper(KEY, Arrays.copyOf(stored, cut));
            refused(KEY);
        }
        var swapped = stored.clone();
        System.arraycopy(stored, 65_536, swapped, 2 * 65_536, 65_536);
        System.arraycopy(stored, 2 * 65_536, swapped, 65_536, 65_536);
        rig.rawBlobs.tamper(KEY, swapped);
        refused(KEY);
        assertThat(get(KEY, 0, 100)).hasSize(100);
        rig.rawBlobs.tamper(
                KEY, Buffer.buffer(stored).appendBytes(stored, 65_536, 65_536).getBytes());
        refused(KEY);

        var elsewhere = BlobKey.of(SHOP, "a/other");
        rig.rawBlobs.tamper(elsewhere, stored);
        refused(elsewhere);
        var another = BlobKey.of(new TenantId("other"), "a/blob");
        put(another, random(9));
        rig.rawBlobs.tamper(another, stored);
        refused(another);
    }

    private void refused(BlobKey key) {
        assertThatThrownBy(() -> get(key))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Kind.SEALED));
    }

    @Test
    void nothingIsReadAheadOfItsReader() {
        put(KEY, random(1_000_000));
        var opening = await(rig.blobs.get(KEY, Range.ALL)).orElseThrow().content();
        var heard = Buffer.buffer();
        opening.handler(heard::appendBuffer);
        opening.fetch(1);
        assertThat(heard.length()).isBetween(1, 65_536);
        opening.fetch(2);
        assertThat(heard.length()).isBetween(65_537, 3 * 65_536);

        var source = new MemoryBlobs.Pieces(random(1_000_000), 0, 1_000_000, 1_000);
        var use = await(keys(SHOP));
        var sealingStream = new SealingStream(source, use, "blob/x", Long.MAX_VALUE);
        sealingStream.handler(_ -> {});
        sealingStream.fetch(2);
        assertThat(source.given()).isLessThanOrEqualTo(70);
    }

    private io.vertx.core.Future<Keys> keys(TenantId tenant) {
        var kept = new DataKeys(rig.registry, kek(), _ -> true);
        return kept.use(tenant.value()).map(DataKeys.Use::keys);
    }

    private KeyEncryption kek() {
        try {
            return KeyEncryption.open(new KeyFile(directory.resolve("node.key")), false);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void moreThanMayBeIsRefusedAndLeavesWhatWasThere() {
        put(KEY, random(10));
        var longer = rig.rawBlobs.content(random(200_000));
        assertFault(rig.blobs.put(KEY, longer, Condition.ALWAYS, 199_999), Kind.QUOTA);
        assertThat(get(KEY)).isEqualTo(random(10));
        var fits = rig.rawBlobs.content(random(200_000));
        assertThat(await(rig.blobs.put(KEY, fits, Condition.ALWAYS, 200_000)).bytes())
                .isEqualTo(200_000);
    }

    @Test
    void conditionsAreTheStoresOwn() {
        var first = await(rig.blobs.put(KEY, rig.rawBlobs.content(random(3)), Condition.ABSENT, 9));
        assertFault(rig.blobs.put(KEY, rig.rawBlobs.content(random(3)), Condition.ABSENT, 9), Kind.CONFLICT);
        var matching = new Condition.Matches(first.etag());
        await(rig.blobs.put(KEY, rig.rawBlobs.content(random(4)), matching, 9));
        assertFault(rig.blobs.put(KEY, rig.rawBlobs.content(random(5)), matching, 9), Kind.CONFLICT);
        assertThat(rig.blobs.presign(KEY, java.time.Duration.ofMinutes(1))).isEmpty();
    }

    @Test
    void packagesAreSealedWithAKeyOfThePlatform() {
        var key = new BlobKey(BlobKey.PACKAGES, "0abc");
        put(key, random(100));
        assertThat(get(key)).isEqualTo(random(100));
        assertThat(rig.registry.get(smcp.contract.RegistryKey.dataKey("@platform")))
                .isNotNull();
    }

    @Test
    void whatIsUnsealedIsReadOnlyIfThatWasSaid() throws IOException {
        rig.rawBlobs.tamper(KEY, random(100));
        assertFault(rig.blobs.get(KEY, Range.ALL), Kind.SEALED).hasMessageContaining("vault.acceptUnsealed");
        rig.restart(Rig.config(true, true, 1_000_000));
        assertThat(get(KEY)).isEqualTo(random(100));
        assertThat(get(KEY, 10, 20)).isEqualTo(Arrays.copyOfRange(random(100), 10, 20));
        assertThat(await(rig.blobs.head(KEY)).orElseThrow().bytes()).isEqualTo(100);
    }
}
