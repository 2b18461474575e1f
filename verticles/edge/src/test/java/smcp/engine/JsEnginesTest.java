package smcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import smcp.tenant.EngineKind;

class JsEnginesTest {
    private static final Path RUNNER = Path.of("../tenant-js/runner.mjs");

    @TempDir
    Path directory;

    private static Optional<String> missing(Path node, Path runner) {
        return new JsEngines(new JsConfig(node, runner, JsConfig.FLAGS), TiedLauncher.ofThisMachine()).missing();
    }

    private Path program(String text) throws IOException {
        var file = Files.writeString(directory.resolve("node"), "#!/bin/sh\n" + text + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void nothingIsMissingHere() {
        assertThat(Rig.js().missing()).isEmpty();
        assertThat(EngineFactories.of(JsConfig.of(RUNNER)).of(EngineKind.JS).missing())
                .isEmpty();
        assertThat(EngineFactories.of(JsConfig.of(RUNNER))
                        .of(EngineKind.VERTICLE)
                        .unboxed())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "echo v18.19.1, Node.js 20 or newer is needed for js tenants",
        "echo v18.19.1, is v18.19.1",
        "echo Hello, says \"Hello\"",
        "exit 3, is no version of Node.js",
    })
    void aNodeThatIsTooOldOrNoneIsNamedWithWhatItSaid(String program, String sentence) throws IOException {
        assertThat(missing(program(program), RUNNER).orElseThrow()).contains(sentence);
    }

    @Test
    void aPathWithoutAProgramIsNamed() {
        assertThat(missing(directory.resolve("absent"), RUNNER).orElseThrow()).contains("absent is no program");
    }

    @Test
    void aRunnerThatIsNotThereOrNotInstalledIsNamed() throws IOException {
        var node = program("echo v22.1.0");
        var runner = directory.resolve("runner.mjs");
        assertThat(missing(node, runner).orElseThrow()).contains("no file " + runner);
        Files.writeString(runner, "");
        assertThat(missing(node, runner)).isEmpty();
        Files.writeString(directory.resolve("package.json"), "{\"dependencies\":{\"@a/b\":\"1\"}}");
        assertThat(missing(node, runner).orElseThrow())
                .contains("npm ci --omit=dev")
                .contains("@a/b is missing");
        Files.createDirectories(directory.resolve("node_modules/@a/b"));
        assertThat(missing(node, runner)).isEmpty();
    }

    @Test
    void aFlagThatIsNoneIsRefused() {
        assertThatThrownBy(() -> new JsConfig(null, RUNNER, List.of("evil.mjs")))
                .hasMessageContaining("js.flags")
                .hasMessageContaining("evil.mjs");
    }

    @Test
    void withoutSetprivTheOperatorIsTold() {
        assertThat(new TiedLauncher(null, null).weakness().orElseThrow()).contains("setpriv", "setsid");
    }
}
