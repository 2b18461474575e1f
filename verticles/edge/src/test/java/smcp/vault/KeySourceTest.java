package smcp.vault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeySourceTest {
    private static final Duration SECOND = Duration.ofSeconds(5);

    @TempDir
    Path directory = Path.of("");

    private Path file() {
        return directory.resolve("node.key");
    }

    @Test
    void aFileIsMadeAtTheFirstStartForNobodyElseToRead() throws IOException {
        var first = KeyEncryption.open(new KeyFile(file()), true);
        var second = KeyEncryption.open(new KeyFile(file()), false);
        assertThat(second.ids()).isEqualTo(first.ids()).hasSize(1);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        try (var names = Files.list(directory)) {
            assertThat(names).containsExactly(file());
        }
    }

    @Test
    void aFileThatOthersCanReadIsRefused() throws IOException {
        var _ = KeyEncryption.open(new KeyFile(file()), true);
        for (var mode : List.of("rw-r-----", "rw----r--", "rw--w----")) {
            Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString(mode));
            assertThatThrownBy(() -> KeyEncryption.open(new KeyFile(file()), true))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(mode)
                    .hasMessageContaining("chmod 600");
        }
    }

    @Test
    void aMissingFileIsNotReplacedWhereItIsNeeded() {
        assertThatThrownBy(() -> KeyEncryption.open(new KeyFile(file()), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("put it back");
        assertThat(file()).doesNotExist();
    }

    @Test
    void whatIsNoKeysetIsNotQuoted() throws IOException {
        var _ = Files.writeString(file(), "{\"key\":\"hunter2\"}");
        Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("rw-------"));
        assertThatThrownBy(() -> KeyEncryption.open(new KeyFile(file()), false))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("keygen")
                .hasMessageNotContaining("hunter2")
                .hasNoCause();
    }

    @Test
    void aVariableHoldsAKeyset() throws IOException {
        var keyset = NewKeyset.fresh();
        assertThat(KeyEncryption.open(new KeyVariable("KEK", Map.of("KEK", keyset)), false)
                        .ids())
                .hasSize(1);
        assertThatThrownBy(() -> KeyEncryption.open(new KeyVariable("KEK", Map.of()), true))
                .hasMessageContaining("KEK is not set");
    }

    @Test
    void aCommandPrintsAKeysetWithoutAShell() throws IOException {
        var file = Files.writeString(directory.resolve("a;b $(c)"), NewKeyset.fresh());
        assertThat(KeyEncryption.open(new KeyCommand(List.of("cat", file.toString()), SECOND), false)
                        .ids())
                .hasSize(1);
    }

    @Test
    void aCommandThatFailsHangsOrFloodsSaysSo() {
        assertCommand(SECOND, "false").hasMessageContaining("ended with 1");
        assertCommand(SECOND, "ls", "/nowhere/at all").hasMessageContaining("cannot access");
        assertCommand(SECOND, "/nowhere/at-all").hasMessageContaining("cannot be started");
        assertCommand(SECOND, "yes").isInstanceOf(IOException.class);
        var began = System.nanoTime();
        assertCommand(Duration.ofMillis(200), "sleep", "60").hasMessageContaining("did not end within PT0.2S");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertCommand(
            Duration timeout, String... argv) {
        return assertThatThrownBy(() -> KeyEncryption.open(new KeyCommand(List.of(argv), timeout), false))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aKeysetGrowsBeforeItsNewKeyEncrypts() throws IOException {
        var one = NewKeyset.fresh();
        var two = NewKeyset.grown(one, false);
        var promoted = NewKeyset.promoted(two);
        var ids = new java.util.ArrayList<List<String>>();
        for (var keyset : List.of(one, two, promoted)) {
            ids.add(KeyEncryption.open(new KeyVariable("K", Map.of("K", keyset)), false)
                    .ids());
        }
        assertThat(ids.get(1)).hasSize(2).startsWith(ids.get(0).getFirst());
        assertThat(ids.get(2)).containsExactly(ids.get(1).get(1), ids.get(1).get(0));
    }
}
