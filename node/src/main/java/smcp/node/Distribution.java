package smcp.node;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the files that came with the program are. */
final class Distribution {
    private Distribution() {}

    /** {@code runner.mjs} of the JavaScript runner: beside {@code lib/} where the program is installed, under {@code verticles/} in a checkout. */
    static Path runner() {
        return home().map(home -> home.resolve("tenant-js/runner.mjs"))
                .filter(Files::isRegularFile)
                .or(() -> checkout().map(root -> root.resolve("verticles/tenant-js/runner.mjs")))
                .orElse(Path.of("tenant-js/runner.mjs"))
                .toAbsolutePath()
                .normalize();
    }

    /** The folder that holds {@code lib/}, if the program runs from its jars. */
    private static Optional<Path> home() {
        return code().filter(Files::isRegularFile)
                .map(jar -> jar.resolve("../..").normalize());
    }

    private static Optional<Path> checkout() {
        var at = code().orElse(Path.of("")).toAbsolutePath();
        for (var folder = at; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("verticles/tenant-js/runner.mjs"))) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    private static Optional<Path> code() {
        try {
            var source = Distribution.class.getProtectionDomain().getCodeSource();
            return source == null
                    ? Optional.empty()
                    : Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Its name and version. */
    static String program() {
        return "smcp " + version();
    }

    static String version() {
        var version = Distribution.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
