package smcp.engine;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Node.js of this machine and the runner it is to run, looked at once, when the node starts.
 *
 * @param program meaningless if something is missing
 * @param problem what is missing, as a sentence; null if nothing is
 */
record NodeJs(Path program, @Nullable String problem) {
    private static final int OLDEST = 20;
    private static final Pattern VERSION = Pattern.compile("v(\\d{1,5})\\.\\d+\\.\\d+.*");
    private static final int SECONDS = 10;

    Optional<String> missing() {
        return Optional.ofNullable(problem);
    }

    /** Blocks for as long as Node.js takes to say its version. */
    static NodeJs find(JsConfig config, Launcher launcher) {
        var program = Optional.ofNullable(config.node()).or(() -> Executables.find("node"));
        if (program.isEmpty()) {
            return new NodeJs(
                    Path.of("node"), "Node.js " + OLDEST + " or newer is needed for js tenants: no node on the PATH");
        }
        var path = program.get().toAbsolutePath();
        var problem = programProblem(path, launcher);
        return new NodeJs(path, problem == null ? runnerProblem(config.runner().toAbsolutePath()) : problem);
    }

    private static @Nullable String programProblem(Path program, Launcher launcher) {
        if (!Files.isExecutable(program)) {
            return "Node.js " + OLDEST + " or newer is needed for js tenants: " + program + " is no program";
        }
        try {
            var said = firstLine(program, launcher);
            var version = VERSION.matcher(said);
            if (!version.matches()) {
                return program + " --version says \"" + Shorten.to(100, said) + "\", which is no version of Node.js";
            }
            return Integer.parseInt(version.group(1)) < OLDEST
                    ? "Node.js " + OLDEST + " or newer is needed for js tenants: " + program + " is " + said
                    : null;
        } catch (IOException | ExecutionException | TimeoutException e) {
            return program + " --version failed: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return program + " --version was interrupted";
        }
    }

    private static String firstLine(Path program, Launcher launcher)
            throws IOException, ExecutionException, TimeoutException, InterruptedException {
        var root = Objects.requireNonNullElse(program.getRoot(), program);
        var process = launcher.launch(new Command(List.of(program.toString(), "--version"), Map.of(), root))
                .get(SECONDS, TimeUnit.SECONDS);
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException("no answer in " + SECONDS + " seconds");
            }
            // it has ended, so there is no more to come; what fits into a pipe is a bound
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            process.destroyForcibly();
        }
    }

    private static @Nullable String runnerProblem(Path runner) {
        if (!Files.isRegularFile(runner)) {
            return "the JavaScript runner is missing: no file " + runner;
        }
        var directory = Objects.requireNonNullElse(runner.getParent(), runner);
        var description = directory.resolve("package.json");
        if (!Files.isRegularFile(description)) {
            return null;
        }
        try {
            for (var dependency : new ObjectMapper()
                    .readTree(Files.readAllBytes(description))
                    .path("dependencies")
                    .properties()) {
                if (!Files.exists(directory.resolve("node_modules").resolve(dependency.getKey()))) {
                    return "the JavaScript runner is not installed: run \"npm ci --omit=dev\" in " + directory + " ("
                            + dependency.getKey() + " is missing)";
                }
            }
            return null;
        } catch (IOException e) {
            return "cannot read " + description + ": " + e.getMessage();
        }
    }
}
