package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeIdTest {
    @TempDir
    private Path directory;

    @TempDir
    private Path another;

    @Test
    void aDirectoryKeepsItsIdAndAnotherHasAnother() throws IOException {
        var id = NodeId.in(directory);
        assertThat(id).matches("[0-9a-f]{16}");
        assertThat(NodeId.in(directory)).isEqualTo(id);
        assertThat(NodeId.in(another)).isNotEqualTo(id);
    }

    @Test
    void aFileThatHoldsSomethingElseIsRefused() throws IOException {
        for (var wrong : new String[] {"", "{@registry}", "0123456789abcdef0", "x".repeat(100_000)}) {
            Files.writeString(directory.resolve("node.id"), wrong);
            assertThatThrownBy(() -> NodeId.in(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("node.id must hold an id of 16 hexadecimal digits");
        }
    }
}
