package smcp.store.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;

/** Members that go and come back. */
class QuorumRestartTest {
    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path directory;

    private Group group;

    @BeforeEach
    void make() {
        group = Group.of(directory, 3).start();
    }

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void everythingIsThereAfterAllHaveStoppedAlsoForAMinorityThatStartsAlone() throws IOException {
        var one = group.node("n1");
        get(one.create("tenant/a", "{}"));
        get(one.create("tenant/b", "{}"));
        get(one.delete("tenant/a"));
        await().atMost(SOON).until(() -> group.nodes.values().stream().allMatch(each -> each.live.equals(one.live)));
        var known = Map.copyOf(one.live);
        assertThat(PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(group.directory("n1").resolve("quorum"))))
                .isEqualTo("rwx------");
        group.stopAll();
        assertFault(one.create("tenant/c", "{}"), Kind.STORE_UNAVAILABLE);

        group.start("n1"); // alone: it waits, and then goes on with what it has
        assertThat(group.node("n1").live).isEqualTo(known);
        assertFault(group.node("n1").create("tenant/c", "{}"), Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("1 of its 3 members");
        group.start("n2", "n3");
        assertThat(group.node("n2").live).isEqualTo(known);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                group.node("n1").store.health().getFirst().trouble())
                        .isNull());
        get(group.node("n1").create("tenant/c", "{}"));
    }

    @Test
    void theLogIsCutAndAWipedMemberCatchesUp() throws IOException {
        var one = group.node("n1");
        get(one.create("tenant/gone", "{}"));
        var random = new Random(7);
        var big = new byte[4 << 20];
        random.nextBytes(big);
        for (var i = 0; i < big.length; i++) {
            big[i] = (byte) ('a' + (big[i] & 15));
        }
        var edition = "\"" + new String(big, StandardCharsets.US_ASCII) + "\"";
        get(one.create("catalogue/0", edition));
        group.stop("n3");
        get(one.delete("tenant/gone"));
        for (var i = 1; i < 10; i++) {
            get(one.create("catalogue/" + i, edition));
        }
        await().atMost(SOON).until(() -> size(group.directory("n1"), "log_") < 26L << 20);

        group.start("n3"); // what it would need of the log is no more: it gets a snapshot
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(group.node("n3").live).isEqualTo(one.live));
        assertThat(group.node("n3").live).doesNotContainKey("tenant/gone");

        group.stop("n3");
        delete(group.directory("n3"));
        group.start("n3");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(group.node("n3").live).isEqualTo(one.live));
        get(group.node("n3").delete("catalogue/9"));
        assertThat(size(group.directory("n1"), "log_")).isLessThan(26L << 20);
    }

    @Test
    void aMemberIsReplacedByAnother() {
        get(group.node("n1").create("tenant/a", "{}"));
        group.stop("n3");
        group.forget("n3");
        group.add("n4");
        group.stop("n1");
        group.start("n1"); // its configuration names the new one
        group.open("n4"); // nobody knows it yet
        get(group.node("n1").store.reconfigure());
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(group.node("n4").live).isEqualTo(group.node("n1").live));
        group.stop("n2");
        get(group.node("n4").create("tenant/b", "{}"));
    }

    private static long size(Path root, String prefix) throws IOException {
        try (var files = Files.walk(root)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void delete(Path root) throws IOException {
        var _ = Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }
        });
        assertThat(size(root, "log_")).isZero();
    }
}
