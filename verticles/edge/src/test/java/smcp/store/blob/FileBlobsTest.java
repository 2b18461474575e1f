package smcp.store.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault;
import smcp.contract.BlobStore.Condition;
import smcp.contract.BlobStore.Range;
import smcp.store.BlobBackend;

class FileBlobsTest extends BlobStoreContract {
    @TempDir
    Path folder;

    @Override
    protected BlobBackend open() {
        return get(Blobs.open(vertx, BlobConfig.DEFAULT, folder));
    }

    private void reopen() {
        get(backend.close());
        backend = open();
        store = backend.blobs();
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(folder.resolve("blobs"))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}"))
                    .toList();
        }
    }

    private Path file() throws IOException {
        assertThat(files()).hasSize(1);
        return files().getFirst();
    }

    @Test
    void blobsAreThereAfterARestart() throws IOException {
        put("a", bytes(100_000));
        put("b/../c", bytes(0));
        reopen();
        assertThat(names("", 10)).containsExactly("a", "b/../c");
        assertThat(read("a")).isEqualTo(bytes(100_000));
        assertThat(get(store.head(key("a"))).orElseThrow().sha256()).matches("[0-9a-f]{64}");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())))
                .isEqualTo("rw-------");
    }

    @Test
    void aDirectoryThatIsGoneIsNoBlobThatIsNotThereAndItsReturnIsNoticed() throws IOException {
        put("a", bytes(100));
        var health = backend.health().getFirst();
        Files.move(folder.resolve("blobs"), folder.resolve("away"));
        for (var name : List.of("a", "never")) {
            assertFault(store.head(key(name)), Fault.Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("blobs: ")
                    .hasMessageNotContaining(folder.toString());
            assertFault(store.get(key(name), Range.ALL), Fault.Kind.STORE_UNAVAILABLE);
            assertFault(store.delete(key(name)), Fault.Kind.STORE_UNAVAILABLE);
        }
        assertThat(health.trouble()).isNotNull();
        Files.move(folder.resolve("away"), folder.resolve("blobs"));
        await().atMost(Duration.ofSeconds(10)).until(() -> health.trouble() == null);
        assertThat(read("a")).isEqualTo(bytes(100));
        assertThat(names("", 9)).containsExactly("a");
        assertThat(folder.resolve("blobs/tmp")).isEmptyDirectory();
    }

    @Test
    void aBlobThatIsDamagedIsNoTroubleOfTheStore() throws IOException {
        put("a", bytes(100));
        Files.write(file(), new byte[9]);
        assertFault(store.head(key("a")), Fault.Kind.STORE_DAMAGED);
        assertThat(backend.health().getFirst().trouble()).isNull();
    }

    /** Every byte of a small file, the edges of the parts of a larger one. */
    @Test
    void aFlippedBitIsNoticedBeforeItIsDelivered() throws IOException {
        put("small", bytes(20));
        var small = Files.readAllBytes(file());
        for (var at = 0; at < small.length; at++) {
            assertNoticed("small", small, at);
        }
        get(store.delete(key("small")));
        put("large", bytes(200_000));
        var large = Files.readAllBytes(file());
        var header = BlobFile.headerLength(key("large"));
        for (var block = 0; block < 4; block++) {
            var begin = header + block * (BlobFile.BLOCK + BlobFile.CHECK);
            for (var at : new int[] {begin, begin + 1_000, Math.min(begin + BlobFile.BLOCK, large.length - 1)}) {
                assertNoticed("large", large, at);
            }
        }
    }

    private void assertNoticed(String name, byte[] sound, int at) throws IOException {
        var flipped = sound.clone();
        flipped[at] ^= (byte) (1 << at % 8);
        Files.write(file(), flipped);
        var got = Buffer.buffer();
        var answer = store.get(key(name), Range.ALL).compose(found -> {
            var reading = found.orElseThrow();
            var done = Promise.<Void>promise();
            reading.content()
                    .handler(got::appendBuffer)
                    .exceptionHandler(done::fail)
                    .endHandler(_ -> done.complete())
                    .resume();
            return done.future();
        });
        // the four bytes after the first eight say which program wrote it
        assertFault(answer, at >= 8 && at < 12 ? Fault.Kind.STORE_UNAVAILABLE : Fault.Kind.STORE_DAMAGED);
        var expected = bytes(name.equals("small") ? 20 : 200_000);
        assertThat(ByteBuffer.wrap(got.getBytes()))
                .as("byte %d", at)
                .isEqualTo(ByteBuffer.wrap(expected, 0, got.length()));
        Files.write(file(), sound);
        assertThat(read(name)).isEqualTo(expected);
    }

    @Test
    void aRangeVerifiesWhatItReadsAndOnlyThat() throws IOException {
        put("blob", bytes(200_000));
        var file = Files.readAllBytes(file());
        file[file.length - 10] ^= 1;
        Files.write(file(), file);
        assertThat(get(read("blob", new Range(0, 100_000)))).hasSize(100_000);
        assertFault(read("blob", new Range(199_000, 199_001)), Fault.Kind.STORE_DAMAGED)
                .hasMessageContaining("block 3");
    }

    @Test
    void blocksThatChangedPlacesAreNoticed() throws IOException {
        put("blob", bytes(3 * BlobFile.BLOCK));
        var file = Files.readAllBytes(file());
        var length = BlobFile.BLOCK + BlobFile.CHECK;
        var first = BlobFile.headerLength(key("blob"));
        var block = new byte[length];
        System.arraycopy(file, first, block, 0, length);
        System.arraycopy(file, first + length, file, first, length);
        System.arraycopy(block, 0, file, first + length, length);
        Files.write(file(), file);
        assertFault(read("blob", Range.ALL), Fault.Kind.STORE_DAMAGED).hasMessageContaining("block 0");
    }

    @Test
    void aFileThatIsCutOffOrInAnothersPlaceIsNoticed() throws IOException {
        put("blob", bytes(100));
        var sound = Files.readAllBytes(file());
        for (var length : new int[] {0, 1, 60, 100, sound.length - 1}) {
            Files.write(file(), Arrays.copyOf(sound, length));
            assertFault(store.head(key("blob")), Fault.Kind.STORE_DAMAGED).hasMessageContaining("damaged");
        }
        var place = file();
        put("other", bytes(50));
        var other =
                files().stream().filter(file -> !file.equals(place)).findFirst().orElseThrow();
        Files.copy(other, place, StandardCopyOption.REPLACE_EXISTING);
        assertFault(store.get(key("blob"), Range.ALL), Fault.Kind.STORE_DAMAGED).hasMessageContaining("another blob");
        put("blob", bytes(7));
        assertThat(read("blob")).isEqualTo(bytes(7));
    }

    @Test
    void aFileOfANewerProgramIsRefused() throws IOException {
        put("blob", bytes(100));
        var file = Files.readAllBytes(file());
        file[11] = 2;
        Files.write(file(), file);
        assertFault(store.get(key("blob"), Range.ALL), Fault.Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("format 2, this program knows formats up to 1");
    }

    @Test
    void anIndexThatIsLostOrDamagedIsMadeAnew() throws IOException {
        put("a", bytes(1));
        put("b", bytes(2));
        var index = folder.resolve("blobs/index.db");
        get(backend.close());
        Files.delete(index);
        backend = open();
        store = backend.blobs();
        assertThat(names("", 1)).containsExactly("a", "b");
        get(backend.close());
        Files.writeString(index, "damaged ".repeat(1_000));
        backend = open();
        store = backend.blobs();
        assertThat(names("", 1)).containsExactly("a", "b");
        put("c", bytes(3));
        reopen();
        assertThat(names("", 1)).containsExactly("a", "b", "c");
    }

    @Test
    void aNameWhoseFileHasGoneIsNoBlob() throws IOException {
        for (var i = 0; i < 10; i++) {
            put("n" + i, bytes(i));
        }
        for (var file : files().subList(0, 5)) {
            Files.delete(file);
        }
        assertThat(names("", 2)).hasSize(5);
        get(store.drop(space));
        assertThat(files()).isEmpty();
    }

    @Test
    void whatWasHalfWrittenIsRemovedAtTheNextStart() throws IOException {
        get(backend.close());
        var half = Files.writeString(folder.resolve("blobs/tmp/half"), "half");
        backend = open();
        store = backend.blobs();
        assertThat(half).doesNotExist();
        var failing = ByteStream.of(vertx, 1, _ -> Buffer.buffer(bytes(70_000))).failing(new IOException("gone"));
        var _ = get(store.put(key("a"), failing, Condition.ALWAYS, 1 << 20).otherwiseEmpty());
        get(backend.close());
        assertThat(folder.resolve("blobs/tmp")).isEmptyDirectory();
        backend = open();
    }

    @Test
    void whoReadsABlobReadsItToItsEndAlthoughItIsReplaced() {
        put("blob", bytes(200_000));
        var reading = get(store.get(key("blob"), Range.ALL)).orElseThrow();
        put("blob", bytes(10));
        get(store.delete(key("blob")));
        assertThat(get(read(reading))).isEqualTo(bytes(200_000));
    }

    @Test
    void moreAtOnceThanAllowedIsRefused() {
        get(backend.close());
        var few = new FilesConfig(null, 1, 2, Duration.ofMillis(400));
        backend = get(Blobs.open(vertx, new BlobConfig(BlobConfig.Kind.FILES, few, S3Config.DEFAULT), folder));
        store = backend.blobs();
        put("blob", bytes(300_000));
        var first = get(store.get(key("blob"), Range.ALL)).orElseThrow();
        var second = get(store.get(key("blob"), Range.ALL)).orElseThrow();
        assertFault(store.get(key("blob"), Range.ALL), Fault.Kind.OVERLOADED).hasMessageContaining("2 blobs");
        second.cancel().run();
        // nobody reads the first one: it ends by itself
        var end = Promise.<Void>promise();
        first.content().handler(_ -> {}).exceptionHandler(end::fail).pause();
        assertFault(end.future(), Fault.Kind.TIMEOUT).hasMessageContaining("nobody read on");
        assertThat(read("blob")).hasSize(300_000);
        var silent = ByteStream.of(vertx, 2, _ -> Buffer.buffer(bytes(5))).slow(60_000);
        assertFault(store.put(key("new"), silent, Condition.ALWAYS, 100), Fault.Kind.TIMEOUT)
                .hasMessageContaining("nothing of the blob arrived");
    }

    /** In a process with a small file system of its own in memory, which only it sees (unshare(1)). */
    @Test
    void aFullDiskIsSaidAndTheOldBlobStays() throws Exception {
        var mount = Files.createDirectories(folder.resolve("small"));
        var process = new ProcessBuilder(
                        "unshare",
                        "--user",
                        "--map-root-user",
                        "--mount",
                        "sh",
                        "-c",
                        "mount -t tmpfs -o size=4m none \"$0\" && exec \"$@\"",
                        mount.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FullDisk.class.getName(),
                        mount.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("log")))
                .as("needs unshare (util-linux) and user namespaces")
                .contains("STORE_UNAVAILABLE blobs: the disk is full", "old blob: 1000 bytes", "after: 2000 bytes");
    }

    @Test
    void presigningIsNotForFiles() {
        assertThat(store.presign(key("a"), Duration.ofMinutes(1))).isEmpty();
    }
}
