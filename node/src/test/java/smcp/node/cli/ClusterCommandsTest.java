package smcp.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code smcp cluster}; that nodes believe what it makes is tested where nodes are. */
class ClusterCommandsTest {
    @TempDir
    Path directory = Path.of("");

    private Shell shell = new Shell(Path.of(""));

    @BeforeEach
    void aShell() {
        shell = new Shell(directory);
    }

    @Test
    void threeNodesGetWhatTheyNeedAndAFourthLater() throws Exception {
        var made = shell.run(
                "cluster",
                "init",
                "--out",
                "trust",
                "--nodes",
                "a,b,c",
                "--hosts",
                "10.0.0.1/a.internal,10.0.0.2,10.0.0.3");
        var more = shell.run("cluster", "cert", "d", "--ca", "trust", "--hosts", "10.0.0.4,d.internal", "--days", "30");

        assertThat(made.err()).isEmpty();
        assertThat(made.code()).isZero();
        assertThat(made.out())
                .contains(
                        "trust/a/  to a, certificate good until 2",
                        "Keep ca.key",
                        "secret: /etc/smcp/cluster/cluster.secret");
        assertThat(more.err()).isEmpty();
        assertThat(more.code()).isZero();
        for (var node : new String[] {"a", "b", "c", "d"}) {
            var folder = directory.resolve("trust").resolve(node);
            assertThat(folder).isDirectoryContaining("glob:**/ca.pem").isDirectoryContaining("glob:**/node.pem");
            for (var secret : new String[] {"node.key", "cluster.secret"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(secret))))
                        .isEqualTo("rw-------");
            }
            assertThat(folder.resolve("ca.key")).doesNotExist();
        }
    }

    @Test
    void nothingIsOverwritten() {
        assertThat(shell.run("cluster", "init", "--out", "trust").code()).isZero();

        var again = shell.run("cluster", "init", "--out", "trust");
        var same = shell.run("cluster", "cert", "n1", "--ca", "trust");

        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("is not empty");
        assertThat(same.code()).isEqualTo(1);
        assertThat(same.err()).contains("is there already");
    }

    @Test
    void mistakesAreNamedAndNothingIsMade() {
        var hosts = shell.run("cluster", "init", "--out", "trust", "--nodes", "a,b", "--hosts", "10.0.0.1");
        var name = shell.run("cluster", "init", "--out", "trust", "--nodes", "../a");
        var days = shell.run("cluster", "init", "--out", "trust", "--days", "4000");
        var nowhere = shell.run("cluster", "cert", "d", "--ca", "none");

        assertThat(hosts.code()).isEqualTo(2);
        assertThat(hosts.err()).contains("--hosts must be as many as --nodes (2), got 1");
        assertThat(name.err()).contains("the name of a node must match", "../a");
        assertThat(days.err()).contains("--days must be 1 to 3650, got 4000");
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).contains("there is no file");
        assertThat(directory).isEmptyDirectory();
    }
}
