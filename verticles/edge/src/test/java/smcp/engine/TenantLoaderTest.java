package smcp.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/** One package may be read by two instances at a time: one that leaves, and the next. */
class TenantLoaderTest {
    @TempDir
    Path root;

    @BeforeEach
    void pack() throws IOException {
        try (var jar = new JarOutputStream(Files.newOutputStream(root.resolve("package.jar")))) {
            jar.putNextEntry(new JarEntry("prices.txt"));
            jar.write("eggs 3".getBytes(UTF_8));
        }
    }

    @Test
    void oneThatClosesLeavesTheOtherItsJar() throws IOException {
        var version = new VersionRef(new TenantId("shop"), 1);
        var leaving = TenantLoader.of(version, root);
        try (var next = TenantLoader.of(version, root)) {
            assertThat(read(leaving)).isEqualTo("eggs 3");
            try (var open = resource(next)) {
                leaving.close();
                assertThat(new String(open.readAllBytes(), UTF_8)).isEqualTo("eggs 3");
            }
            assertThat(read(next)).isEqualTo("eggs 3");
        }
    }

    private static InputStream resource(TenantLoader loader) {
        return Objects.requireNonNull(loader.getResourceAsStream("prices.txt"));
    }

    private static String read(TenantLoader loader) throws IOException {
        try (var in = resource(loader)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }
}
