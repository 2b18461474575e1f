package smcp.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process on a small file system of its own, which it fills. That file system is a mount in a namespace of the process: it needs unshare (Debian: util-linux) and user namespaces, as tenants do. */
class FullDiskTest {
    private static final String MOUNT = "mount -t tmpfs -o size=24m tmpfs \"$0\" && exec \"$@\"";

    @TempDir
    Path directory;

    @Test
    void writesSayThatTheDiskIsFullReadsGoOnAndAllIsWellWhenThereIsRoomAgain() throws Exception {
        var log = directory.resolve("log");
        var process = start(Files.createDirectory(directory.resolve("small")), log);
        var said = new ArrayList<String>();
        try (var out = process.inputReader()) {
            out.lines().forEach(said::add);
        }
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(said)
                .as("what %s did; its log: %s", FullDisk.class.getSimpleName(), Files.readString(log))
                .containsExactly(
                        "filled",
                        "values: STORE_UNAVAILABLE values.db: the disk is full",
                        "registry: STORE_UNAVAILABLE registry.db: the disk is full",
                        "sessions: STORE_UNAVAILABLE sessions.db: the disk is full",
                        "read",
                        "freed",
                        "values: written",
                        "registry: written",
                        "sessions: written",
                        "reopened");
    }

    private static Process start(Path small, Path log) throws IOException {
        var command =
                new ArrayList<>(List.of("unshare", "--map-root-user", "--mount", "sh", "-c", MOUNT, small.toString()));
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("surefire.real.class.path", System.getProperty("java.class.path")),
                FullDisk.class.getName(),
                small.toString()));
        return new ProcessBuilder(command)
                .redirectError(log.toFile())
                .redirectInput(new File("/dev/null"))
                .start();
    }
}
