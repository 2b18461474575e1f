package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.bus.Fault;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Condition;
import smcp.contract.Packages.Kept;
import smcp.store.Zips.Entry;
import smcp.store.blob.BlobConfig;
import smcp.store.blob.Blobs;
import smcp.store.blob.ByteStream;
import smcp.tenant.EngineKind;

class BlobPackagesTest {
    private static final PackageLimits LIMITS = new PackageLimits(1 << 20, 50, 8 << 20, 100, 300, 1_024);

    @TempDir
    Path directory;

    private Vertx vertx;
    private BlobBackend blobs;
    private BlobPackages packages;
    private final Set<String> named = new HashSet<>();
    private Path upload;

    @BeforeEach
    void open() throws IOException {
        vertx = Vertx.vertx();
        upload = directory.resolve("upload");
        blobs = get(Blobs.open(vertx, BlobConfig.DEFAULT, directory));
        packages = opened(directory);
    }

    /** Of a node with a data directory of its own; the blobs are those of the first. */
    private BlobPackages opened(Path data) {
        return get(BlobPackages.open(vertx, data, blobs.blobs(), LIMITS, named::contains));
    }

    @AfterEach
    void close() {
        get(packages.close());
        get(blobs.close());
        get(vertx.close());
    }

    private Future<Kept> keep(Zips zip) throws IOException {
        return packages.keep(zip.to(upload));
    }

    private void assertRefused(Zips zip, String... words) throws IOException {
        assertFault(keep(zip), Fault.Kind.PACKAGE_INVALID).hasMessageContainingAll(words);
        assertNothingKept();
    }

    private void assertNothingKept() throws IOException {
        assertThat(kept()).isEmpty();
        assertThat(tree(directory.resolve("unpacked"))).isEmpty();
    }

    private List<String> kept() {
        return get(blobs.blobs().list(BlobKey.PACKAGES, "", null, 100)).blobs().stream()
                .map(Blob::name)
                .toList();
    }

    /** Of a blob on this disk: the one file that is neither the index nor half written. */
    private Path fileOfTheBlob() throws IOException {
        try (var files = Files.walk(directory.resolve("blobs"))) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static Entry entry(String name, String content) {
        return Entry.of(name, content.getBytes(StandardCharsets.UTF_8));
    }

    private static String tree(Path root) throws IOException {
        try (var paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
    }

    @Test
    void aPackageIsKeptAndUnpacked() throws IOException {
        var kept = get(
                keep(Zips.sound().add("lib/", "").add("lib/é😀.txt", "hello").add("empty", "")));
        assertThat(kept.hash()).matches("[0-9a-f]{64}");
        assertThat(kept.bytes()).isEqualTo(Files.size(upload));
        assertThat(kept.manifest().engine()).isEqualTo(EngineKind.JS);
        var root = get(packages.root(kept.hash()));
        assertThat(tree(root)).isEqualTo("empty lib/é😀.txt main.js smcp.json");
        assertThat(root.resolve("lib/é😀.txt")).hasContent("hello");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve("main.js"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(root)))
                .isEqualTo("rwx------");
    }

    @Test
    void aJarStandsBesideItsFiles() throws IOException {
        var kept = get(keep(new Zips()
                .add("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n")
                .add("smcp.json", "{\"name\":\"n\",\"engine\":\"verticle\",\"entry\":\"a.B\"}")
                .add("a/B.class", "x")));
        var root = get(packages.root(kept.hash()));
        assertThat(tree(root)).isEqualTo("META-INF/MANIFEST.MF a/B.class package.jar smcp.json");
        assertThat(root.resolve("package.jar")).hasSameBinaryContentAs(upload);
    }

    @Test
    void keepingAgainIsTheSame() throws IOException {
        var first = get(keep(Zips.sound()));
        assertThat(get(keep(Zips.sound()))).isEqualTo(first);
        var roots = new ArrayList<Future<Path>>();
        for (var i = 0; i < 20; i++) {
            roots.add(packages.root(first.hash()));
        }
        assertThat(roots).extracting(each -> get(each)).containsOnly(directory.resolve("unpacked/" + first.hash()));
    }

    @Test
    void whatWasUnpackedByAnotherProcessIsMadeAnew() throws IOException {
        var kept = get(keep(Zips.sound()));
        var root = get(packages.root(kept.hash()));
        var _ = named.add(kept.hash());
        get(packages.close());
        Files.writeString(root.resolve("main.js"), "torn");
        Files.writeString(root.resolve("stray.js"), "stray");
        var left = Files.createDirectories(directory.resolve("unpacked/.tmp-left/a"));

        packages = opened(directory);
        assertThat(left).doesNotExist();
        assertThat(tree(get(packages.root(kept.hash())))).isEqualTo("main.js smcp.json");
        assertThat(root.resolve("main.js")).hasContent("export default {}");
    }

    @Test
    void withoutItsBlobStoreANodeRunsWhatItHasRunBefore() throws IOException {
        assertThat(BlobPackages.hasSome(directory)).isFalse();
        var kept = get(keep(Zips.sound()));
        var another = get(keep(Zips.sound().add("more.js", "x")));
        var root = get(packages.root(kept.hash()));
        var _ = named.addAll(List.of(kept.hash(), another.hash()));
        get(packages.close());
        get(blobs.close());
        assertThat(BlobPackages.hasSome(directory)).isTrue();

        packages = opened(directory);
        assertThat(tree(get(packages.root(kept.hash())))).isEqualTo("main.js smcp.json");
        assertFault(packages.root(another.hash()), Fault.Kind.STORE_UNAVAILABLE);
        assertThat(root).isDirectory();
    }

    @Test
    void aCopyOnThisNodeThatIsDamagedIsFetchedAnewAndOneThatNobodyNamesIsRemoved() throws IOException {
        var kept = get(keep(Zips.sound()));
        var other = get(keep(Zips.sound().add("more.js", "x")));
        get(packages.root(kept.hash()));
        get(packages.root(other.hash()));
        var _ = named.add(kept.hash());
        get(packages.close());
        Files.writeString(directory.resolve("unpacked/" + kept.hash() + ".package"), "damaged");

        packages = opened(directory);
        assertThat(tree(get(packages.root(kept.hash())))).isEqualTo("main.js smcp.json");
        assertThat(tree(directory.resolve("unpacked"))).doesNotContain(other.hash());
    }

    @Test
    void aPackageThatIsDamagedOnTheDiskIsNotRunAndMendedByDeployingIt() throws IOException {
        var kept = get(keep(Zips.sound()));
        var file = fileOfTheBlob();
        var bytes = Files.readAllBytes(file);
        bytes[bytes.length - 100] ^= 1;
        Files.write(file, bytes);
        assertFault(packages.root(kept.hash()), Fault.Kind.STORE_DAMAGED).hasMessageContaining("damaged");
        assertThat(get(keep(Zips.sound()))).isEqualTo(kept);
        assertThat(get(packages.root(kept.hash()))).isDirectory();
    }

    @Test
    void aBlobThatIsNotWhatItsHashSaysIsNotRun() {
        var hash = "0".repeat(64);
        var key = new BlobKey(BlobKey.PACKAGES, hash);
        get(blobs.blobs().put(key, ByteStream.of(vertx, Zips.sound().bytes()), Condition.ALWAYS, 1 << 20));
        assertFault(packages.root(hash), Fault.Kind.STORE_DAMAGED).hasMessageContaining("its hash is");
        assertThat(directory.resolve("unpacked")).isEmptyDirectory();
    }

    @Test
    void ofSeveralCopiesTheFirstIsRunThatIsWhatItsHashSays() throws IOException {
        var sound = Zips.sound().bytes();
        var hash = get(keep(Zips.sound())).hash();
        var tries = new ArrayList<String>();
        var copies = new OtherCopies() {
            @Override
            public <T> Future<T> until(String which, Supplier<Future<T>> use) {
                tries.add(which);
                var next = tries.size() == 3 ? sound : new byte[] {(byte) tries.size()};
                return use.get()
                        .recover(cause -> tries.size() > 3
                                ? Future.failedFuture(cause)
                                : write(which, next).compose(_ -> until(which, use)));
            }
        };
        get(write(hash, new byte[1]));
        var other = get(
                BlobPackages.open(vertx, directory.resolve("other"), blobs.blobs(), LIMITS, named::contains, copies));
        assertThat(tree(get(other.root(hash)))).isEqualTo("main.js smcp.json");
        assertThat(tries).containsExactly(hash, hash, hash, hash);
        assertThat(get(other.root(hash))).as("none is looked for again").isDirectory();
        assertThat(tries).hasSize(4);
        get(other.close());
    }

    private Future<Blob> write(String hash, byte[] content) {
        return blobs.blobs()
                .put(
                        new BlobKey(BlobKey.PACKAGES, hash),
                        ByteStream.of(vertx, content),
                        Condition.ALWAYS,
                        Long.MAX_VALUE);
    }

    @Test
    void aNodeFetchesWhatAnotherOneKept() throws IOException {
        var kept = get(keep(Zips.sound()));
        var other = opened(directory.resolve("other"));
        assertThat(tree(get(other.root(kept.hash())))).isEqualTo("main.js smcp.json");
        get(other.forget(kept.hash()));
        assertFault(opened(directory.resolve("third")).root(kept.hash()), Fault.Kind.NOT_FOUND);
    }

    @Test
    void packagesOfAnEarlierProgramAreTakenOver() throws IOException {
        var kept = get(keep(Zips.sound()));
        var old = Files.createDirectories(directory.resolve("packages"));
        var jar = Zips.sound().add("more.js", "x");
        var hash = Hashing.of(jar.to(old.resolve("upload")));
        Files.move(old.resolve("upload"), old.resolve(hash));
        Files.copy(upload, old.resolve(kept.hash()));
        Files.writeString(old.resolve(".tmp-half"), "half");
        get(packages.close());

        packages = opened(directory);
        assertThat(old).doesNotExist();
        assertThat(kept()).containsExactlyInAnyOrder(hash, kept.hash());
        assertThat(tree(get(packages.root(hash)))).isEqualTo("main.js more.js smcp.json");
    }

    @Test
    void aDamagedPackageOfAnEarlierProgramStaysWhereItIs() throws IOException {
        var old = Files.createDirectories(directory.resolve("packages"));
        var damaged = Files.writeString(old.resolve("0".repeat(64)), "damaged");
        get(packages.close());

        packages = opened(directory);
        assertThat(damaged).exists();
        assertThat(kept()).isEmpty();
    }

    @Test
    void aForgottenPackageIsGone() throws IOException {
        var kept = get(keep(Zips.sound()));
        var root = get(packages.root(kept.hash()));
        get(packages.forget(kept.hash()));
        get(packages.forget(kept.hash()));
        assertThat(root).doesNotExist();
        assertNothingKept();
        assertFault(packages.root(kept.hash()), Fault.Kind.NOT_FOUND);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "", "ABC"})
    void aHashThatIsNoneNamesNoFile(String hash) {
        assertFault(packages.root(hash), Fault.Kind.INVALID_INPUT);
        assertFault(packages.forget(hash), Fault.Kind.INVALID_INPUT);
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/passwd, absolute",
        "../up, '\"..\"'",
        "a/../../up, '\"..\"'",
        "a/.., '\"..\"'",
        "./a, '\".\"'",
        "a//b, empty part",
        "a\\b, backslash",
        "..\\up, backslash",
        "C:/x, absolute",
        "c:x, absolute",
        "package.jar, reserved",
        "Package.JAR, reserved",
        "main.js, twice",
        "MAIN.js, twice",
        "main.js/x, under an entry that is a file",
        "main.js/, twice"
    })
    void aNameThatLeadsAstrayIsRefused(String name, String word) throws IOException {
        assertRefused(Zips.sound().add(name, "x"), word);
    }

    @Test
    void namesOfControlCharactersAndNamesTooLongAreRefused() throws IOException {
        assertRefused(Zips.sound().add("a\nb", "x"), "control character");
        assertRefused(Zips.sound().add("a\u0085b", "x"), "control character");
        assertRefused(Zips.sound().add("a\0b", "x"), "control character");
        assertRefused(Zips.sound().add("a/".repeat(200) + "b", "x"), "401 bytes", "at most 300");
        assertRefused(Zips.sound().add("a".repeat(256), "x"), "256 bytes", "at most 255");
    }

    @Test
    void formsOfOneNameAreOneName() throws IOException {
        assertRefused(Zips.sound().add("é", "x").add("e\u0301", "y"), "twice");
        assertRefused(Zips.sound().add("straße", "x").add("STRASSE", "y"), "twice");
        assertRefused(Zips.sound().add("a/b", "x").add("A", "y"), "twice");
    }

    @Test
    void linksAndOtherSpecialFilesAreRefused() throws IOException {
        assertRefused(Zips.sound().add(entry("l", "/etc/passwd").mode(0120777)), "\"l\"", "link");
        assertRefused(Zips.sound().add(entry("p", "").mode(0010644)), "special");
        get(keep(Zips.sound().add(entry("x", "").mode(0))));
    }

    @Test
    void encryptedEntriesAreRefused() throws IOException {
        assertRefused(Zips.sound().add(entry("x", "secret").flags(0x801)), "encrypted");
    }

    @Test
    void bombsAreRefused() throws IOException {
        assertRefused(Zips.sound().add("zeros", "0".repeat(4 << 20)), "\"zeros\"", "100 times");
        var sum = Zips.sound();
        for (var i = 0; i < 9; i++) {
            sum.add("part" + i, "0".repeat(1 << 20));
        }
        assertRefused(sum, "\"part7\"", "8388608");
        var many = Zips.sound();
        for (var i = 0; i < 49; i++) {
            many.add("n" + i, "");
        }
        assertRefused(many, "at most 50");
    }

    @Test
    void lengthsAndChecksumsThatLieAreRefused() throws IOException {
        assertRefused(Zips.sound().add(entry("x", "abc").crc(5)), "\"x\"", "damaged");
        assertRefused(Zips.sound().add(entry("x", "abcdef").length(3)), "\"x\"");
        assertRefused(Zips.sound().add(entry("x", "abc").length(6)), "\"x\"");
    }

    @Test
    void anUploadThatIsTooLongIsRefused() throws IOException {
        Files.write(upload, new byte[(1 << 20) + 1]);
        assertFault(packages.keep(upload), Fault.Kind.PACKAGE_INVALID).hasMessageContaining("at most 1048576");
        assertNothingKept();
    }

    @Test
    void whatIsNoZipOrOnlyHalfOfOneIsRefused() throws IOException {
        var sound = Zips.sound().bytes();
        for (var length : List.of(0, 3, 4, 40, sound.length - 1)) {
            Files.write(upload, Arrays.copyOf(sound, length));
            assertFault(packages.keep(upload), Fault.Kind.PACKAGE_INVALID);
        }
        Files.writeString(upload, "#!/bin/sh\n");
        assertFault(packages.keep(upload), Fault.Kind.PACKAGE_INVALID).hasMessageContaining("23212f62");
        Files.write(upload, Zips.sound().bytes(1, ""));
        assertFault(packages.keep(upload), Fault.Kind.PACKAGE_INVALID).hasMessageContaining("not a sound zip");
        Files.write(upload, Zips.sound().bytes(65_535, ""));
        assertFault(packages.keep(upload), Fault.Kind.PACKAGE_INVALID);
        Files.write(upload, Zips.sound().bytes(2, "a comment, as git archive writes it"));
        get(packages.keep(upload));
    }

    @Test
    void anEndHiddenInACommentIsNotFollowed() throws IOException {
        var inner = new String(Zips.sound().add("other", "x").bytes(), StandardCharsets.ISO_8859_1);
        Files.write(upload, Zips.sound().bytes(2, inner));
        // whichever end a reader takes, both readers must have taken the same, or it is refused
        var answer = packages.keep(upload);
        assertThatThrownBy(() -> get(answer))
                .isInstanceOfSatisfying(
                        Fault.class, fault -> assertThat(fault.kind()).isEqualTo(Fault.Kind.PACKAGE_INVALID));
    }

    @Test
    void seededDamageIsAnAnswerAndNeverAFailureOfTheStore() throws IOException {
        var sound = Zips.sound().add("lib/a.js", "x".repeat(500)).bytes();
        for (var seed = 0L; seed < 400; seed++) {
            var random = new Random(seed);
            var bytes = sound.clone();
            for (var i = 0; i <= random.nextInt(4); i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Files.write(upload, bytes);
            var answer = packages.keep(upload);
            var outcome = get(answer.map("kept")
                    .otherwise(
                            cause -> cause instanceof Fault fault ? fault.kind().name() : cause.toString()));
            assertThat(outcome).as("seed %d", seed).isIn("kept", "PACKAGE_INVALID");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\":\"n\",\"engine\":\"js\"}|'entry' is missing",
                "{\"engine\":\"js\",\"entry\":\"main.js\"}|'name' is missing",
                "{\"name\":\"\",\"engine\":\"js\",\"entry\":\"main.js\"}|name must have 1 to 200 characters",
                "{\"name\":\"n\",\"engine\":\"perl\",\"entry\":\"main.js\"}|engine must be one of js, verticle, got \"perl\"",
                "{\"name\":5,\"engine\":\"js\",\"entry\":\"main.js\"}|name must be a string",
                "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"main.js\",\"limits\":{\"queue\":\"many\"}}|limits.queue",
                "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"main.js\",\"limits\":{\"concurrency\":0}}|limits.concurrency must be 1 to 10000, got 0",
                "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"main.js\",\"limits\":{\"cpu\":1}}|unknown field \"limits.cpu\"",
                "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"main.js\",\"scaling\":1,\"x\":2}|unknown field \"scaling\", \"x\"; known are",
                "{\"name\":\"n\",\"name\":\"m\",\"engine\":\"js\",\"entry\":\"main.js\"}|Duplicate field 'name'",
                "{\"name\":\"n\",|not JSON",
                "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"main.js\"} x|not JSON",
                "[]|must be a JSON object, got array",
                "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"other.js\"}|entry \"other.js\" is not a file of the package",
                "{\"name\":\"n\",\"engine\":\"js\",\"entry\":\"lib\"}|entry \"lib\" is not a file of the package"
            })
    void aManifestThatIsWrongIsRefusedSayingWhy(String manifest, String words) throws IOException {
        assertRefused(new Zips().add("smcp.json", manifest).add("main.js", "x").add("lib/", ""), "smcp.json", words);
    }

    @Test
    void aManifestInTheWrongPlaceOrTooLongIsRefused() throws IOException {
        assertRefused(new Zips().add("main.js", "x"), "no smcp.json at its root");
        assertRefused(
                new Zips().add("mine/smcp.json", Zips.MANIFEST).add("mine/main.js", "x"),
                "only \"mine/smcp.json\"",
                "not the directory");
        assertRefused(
                new Zips().add("smcp.json", Zips.MANIFEST + " ".repeat(1_024)).add("main.js", "x"), "at most 1024");
    }

    @Test
    void aModulePathMayBeginWithADot() throws IOException {
        get(keep(new Zips()
                .add("smcp.json", Zips.MANIFEST.replace("main.js", "./main.js"))
                .add("main.js", "x")));
    }
}
