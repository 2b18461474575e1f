package smcp.store.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.backup.Site.ACME;
import static smcp.store.backup.Site.SHOP;
import static smcp.store.backup.Site.T0;
import static smcp.store.backup.Site.WRITE;
import static smcp.store.backup.Site.get;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.store.StoreConfig;
import smcp.store.Stores;

/** A backup that is not what was written is refused, with what and where. */
class SoundnessTest {
    private static final long SEED = 20_261_123;

    @TempDir
    Path folder;

    private Vertx vertx;
    private Stores stores;
    private byte[] backup;

    @BeforeEach
    void make() throws Exception {
        vertx = Vertx.vertx();
        stores = get(Stores.open(vertx, StoreConfig.defaults(folder.resolve("a"))));
        get(stores.registry().commit(List.of(Site.tenant(ACME), Site.tenant(SHOP))));
        for (var tenant : List.of(ACME, SHOP)) {
            Site.each(40, i -> stores.values().put(tenant, "k" + i, Site.bytes(200, i), WRITE));
        }
        backup = Site.backup(vertx, stores.source(Site.NO_BLOBS));
    }

    @AfterEach
    void stop() {
        get(stores.close());
        get(vertx.close());
    }

    private static BackupReader verify(byte[] backup) throws IOException {
        var reader = BackupReader.open(new ByteArrayInputStream(backup), new Tally());
        reader.verify();
        return reader;
    }

    private static byte[] unpacked(byte[] backup) throws IOException {
        try (var in = new GZIPInputStream(new ByteArrayInputStream(backup))) {
            return in.readAllBytes();
        }
    }

    private static byte[] packed(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    /** One byte a character, so that positions stay. */
    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    void aWholeOneTellsWhatIsInItAndBySayingNothingThatItIsSound() throws Exception {
        var reader = verify(backup);
        assertThat(reader.begun()).isEqualTo(T0);
        assertThat(reader.program()).isEqualTo("smcp test");
        assertThat(reader.tally().counts()).containsEntry("values", new Tally.Count(80, 80 * 200));
        assertThatCode(() -> verify(packed(unpacked(backup)))).doesNotThrowAnyException();
    }

    @Test
    void whereverItIsCutItIsRefused() throws Exception {
        for (var length = 0; length < backup.length; length += 97) {
            var cut = Arrays.copyOf(backup, length);
            assertThatThrownBy(() -> verify(cut)).as("cut at %d", length).isInstanceOf(UnsoundBackup.class);
        }
        var content = unpacked(backup);
        for (var length = 20; length < content.length; length += 211) {
            var cut = packed(Arrays.copyOf(content, length));
            assertThatThrownBy(() -> verify(cut))
                    .as("cut at %d", length)
                    .isInstanceOf(UnsoundBackup.class)
                    .hasMessageContaining("ends too early");
        }
    }

    @Test
    void whateverIsChangedInItIsFound() throws Exception {
        var random = new Random(SEED);
        var content = unpacked(backup);
        for (var round = 0; round < 300; round++) {
            var at = random.nextInt(content.length);
            var changed = content.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> verify(packed(changed)))
                    .as("byte %d, seed %d", at, SEED)
                    .isInstanceOf(UnsoundBackup.class);
        }
        for (var round = 0; round < 100; round++) {
            // behind the header of gzip, whose time and system mean nothing
            var at = 10 + random.nextInt(backup.length - 10);
            var changed = backup.clone();
            changed[at] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> verify(changed))
                    .as("packed byte %d, seed %d", at, SEED)
                    .isInstanceOf(UnsoundBackup.class);
        }
    }

    @Test
    void recordsInAnotherOrderAreFoundWhereTheyAre() throws Exception {
        var content = text(unpacked(backup));
        var first = content.indexOf("{\"key\":\"k11\"") - 5;
        var second = content.indexOf("{\"key\":\"k12\"") - 5;
        var third = content.indexOf("{\"key\":\"k13\"") - 5;
        var swapped = content.substring(0, first)
                + content.substring(second, third)
                + content.substring(first, second)
                + content.substring(third);
        assertThatThrownBy(() -> verify(packed(swapped.getBytes(StandardCharsets.ISO_8859_1))))
                .hasMessageContaining("checksum")
                .hasMessageContaining("values of acme");
    }

    @Test
    void aSectionThatIsLeftOutIsMissed() throws Exception {
        var content = text(unpacked(backup));
        var ofAcme = content.indexOf("\"kind\":\"values\",\"owner\":\"acme\"");
        var begin = content.lastIndexOf("S\0\0\0", ofAcme);
        var ofShop = content.indexOf("\"kind\":\"values\",\"owner\":\"shop\"");
        var end = content.lastIndexOf("S\0\0\0", ofShop);
        var without = content.substring(0, begin) + content.substring(end);
        assertThatThrownBy(() -> verify(packed(without.getBytes(StandardCharsets.ISO_8859_1))))
                .hasMessageContaining("section 3 comes where section 2 should");
    }

    @Test
    void anotherFormatAndWhatIsNoBackupAreRefusedAtOnce() throws Exception {
        for (var format : new int[] {0, 2}) {
            var other = text(unpacked(backup)).replaceFirst("smcp-backup 1", "smcp-backup " + format);
            assertThatThrownBy(() -> verify(packed(other.getBytes(StandardCharsets.ISO_8859_1))))
                    .hasMessage("the backup has format " + format
                            + ", this program reads format 1: use the program that wrote it, or a newer one");
        }
        assertThatThrownBy(() -> verify("hello".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("not a backup");
        assertThatThrownBy(() -> verify(packed("hello".repeat(20).getBytes(StandardCharsets.UTF_8))))
                .hasMessageContaining("not a backup");
    }

    @Test
    void aBackupThatCouldNotBeFinishedSaysWhy() throws Exception {
        var source = stores.source(Site.NO_BLOBS);
        get(stores.close());
        var out = new ByteArrayOutputStream();
        assertThatThrownBy(() -> Backup.write(source, vertx.getOrCreateContext(), "smcp test", T0, out, new Tally()))
                .isInstanceOf(Fault.class);
        assertThatThrownBy(() -> verify(out.toByteArray()))
                .hasMessageContaining("not whole")
                .hasMessageContaining("registry.db is closed");
    }

    @Test
    void whoeverCannotTakeItIsToldAndNothingHangs() {
        var full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space left");
            }
        };
        assertThatThrownBy(() -> Backup.write(
                        stores.source(Site.NO_BLOBS), vertx.getOrCreateContext(), "smcp test", T0, full, new Tally()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no space left");
    }

    @Test
    void aPackageIsStreamedPieceByPiece() throws Exception {
        var context = vertx.getOrCreateContext();
        var fed = new Fed(context);
        var drained = new Drained(context, fed);
        var feeder = Thread.ofVirtual().start(() -> {
            for (var i = 0; i < 100; i++) {
                fed.feed(Buffer.buffer("piece " + i));
            }
            fed.end();
        });
        for (var i = 0; i < 100; i++) {
            assertThat(drained.next().orElseThrow().toString()).isEqualTo("piece " + i);
        }
        assertThat(drained.next()).isEmpty();
        feeder.join();
    }
}
