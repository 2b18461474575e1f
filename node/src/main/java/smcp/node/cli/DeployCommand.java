package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp deploy} */
@Command(
        name = "deploy",
        description = {
            "Deploy a package: a zip, a jar, or a folder with smcp.json in it.",
            "",
            "The node checks the package, starts it once and reads what it offers; only then it serves, and what served before finishes its calls. If anything is wrong the old version serves on.",
            "",
            "Of a folder everything is packed but: .git .hg .svn .github .smcp .idea .vscode .DS_Store Thumbs.db .npmrc .env .env.* and node_modules. A package is best bundled into a few files; --include node_modules packs them all the same.",
            "",
            "A package with a file that holds a key or a token of this platform is refused, unless --include names that file."
        },
        mixinStandardHelpOptions = true)
final class DeployCommand implements Callable<Integer> {
    @Mixin
    final Remote remote;

    @Parameters(paramLabel = "PACKAGE", description = "Folder, zip or jar")
    Path source = Path.of(".");

    @Option(names = "--tenant", paramLabel = "TENANT", required = true, description = "Whose version it becomes")
    String tenant = "";

    @Option(names = "--no-activate", description = "Only store the version; smcp promote lets it serve later")
    boolean onlyStore;

    @Option(
            names = "--include",
            paramLabel = "NAME",
            description = "Pack files and folders of this name although they are excluded. Repeatable")
    Set<String> included = Set.of();

    DeployCommand(Surroundings around) {
        remote = new Remote(around);
    }

    @Override
    public Integer call() {
        return remote.run(api -> {
            var path = remote.around().directory().resolve(source);
            if (Files.isDirectory(path)) {
                packed(path, zip -> upload(api, zip));
            } else if (Files.isRegularFile(path)) {
                upload(api, path);
            } else {
                throw new Failure(Packaging.missing(path));
            }
        });
    }

    /** What is done with a file. */
    @FunctionalInterface
    private interface WithFile {
        void run(Path file);
    }

    private void packed(Path folder, WithFile use) {
        Path zip;
        try {
            zip = Files.createTempFile("smcp-deploy-", ".zip");
        } catch (IOException e) {
            throw new Failure("cannot make a temporary file: " + Failures.reason(e));
        }
        try {
            PackageFolder.zip(folder, included, zip);
            use.run(zip);
        } finally {
            delete(zip);
        }
    }

    private void delete(Path zip) {
        try {
            Files.deleteIfExists(zip);
        } catch (IOException e) {
            remote.err().println("smcp: left behind: " + zip);
        }
    }

    private void upload(AdminApi api, Path file) {
        KeyLeak.refuse(file, included);
        var path = AdminApi.tenant(tenant) + "/versions" + (onlyStore ? "?activate=false" : "");
        var progress = progress(file);
        var answer = api.upload(path, file, progress);
        if (remote.around().interactive()) {
            remote.err().print("\r\033[K");
            remote.err().flush();
        }
        remote.print(answer, this::said);
    }

    /** On a terminal, a line that is written over; elsewhere nothing. */
    private LongConsumer progress(Path file) {
        if (!remote.around().interactive()) {
            return _ -> {};
        }
        var total = Math.max(1, file.toFile().length());
        var err = remote.err();
        var shown = new long[] {-1};
        return sent -> {
            var percent = sent * 100 / total;
            if (percent != shown[0]) {
                shown[0] = percent;
                err.print(
                        "\r\033[K" + (percent < 100 ? "sent " + percent + " %" : "sent; the node starts the package"));
                err.flush();
            }
        };
    }

    private String said(JsonNode version) {
        var number = version.path("version").asInt();
        var catalogue = version.path("catalogue");
        var text = new StringBuilder("tenant " + tenant + " has version " + number + " of "
                + version.at("/manifest/name").asText() + ": "
                + count(catalogue.path("tools"), "tool") + ", "
                + count(catalogue.path("prompts"), "prompt") + ", "
                + count(catalogue.path("resources"), "resource"));
        if (version.has("sameAs")) {
            text.append("\nits bytes are those of version ")
                    .append(version.path("sameAs").asInt());
        }
        if (version.path("active").asBoolean()) {
            text.append("\nit serves now");
        } else if (onlyStore) {
            text.append("\nit does not serve yet; smcp promote ")
                    .append(tenant)
                    .append(' ')
                    .append(number)
                    .append(" lets it");
        } else {
            text.append("\nit does not serve: a deploy that began later was faster, and serves");
        }
        return text.toString();
    }

    private static String count(JsonNode list, String word) {
        return list.size() + " " + word + (list.size() == 1 ? "" : "s");
    }
}
