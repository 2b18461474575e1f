package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import smcp.vault.NewKeyset;

/** {@code smcp vault …} */
final class VaultCommands {
    private static final String VAULT = "/admin/v1/vault";
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private VaultCommands() {}

    private static String shown(JsonNode vault) {
        var text = new StringBuilder();
        text.append("key-encryption keys from ")
                .append(vault.path("source").asText())
                .append(", ")
                .append(vault.path("owners").asInt())
                .append(" owners; values are ")
                .append(vault.path("sealsValues").asBoolean() ? "" : "NOT ")
                .append("sealed, blobs are ")
                .append(vault.path("sealsBlobs").asBoolean() ? "" : "NOT ")
                .append("sealed\n");
        var keys = new Table("KEY", "USE", "RECORDS");
        vault.path("keys")
                .forEach(key -> keys.row(
                        key.path("id").asText(),
                        key.path("primary").asBoolean() ? "encrypts" : "opens",
                        key.path("records").asText()));
        if (vault.path("strange").asInt() > 0) {
            keys.row("(not here)", "missing", vault.path("strange").asText());
        }
        text.append(keys);
        if (vault.has("kekRotation")) {
            text.append("\nnew key-encryption key ")
                    .append(vault.at("/kekRotation/to").asText())
                    .append(": ")
                    .append(vault.at("/kekRotation/left").asInt())
                    .append(" records left");
        }
        if (!vault.path("dataKeyRotations").isEmpty()) {
            text.append('\n').append(rotations(vault.path("dataKeyRotations")));
            for (var one : vault.path("dataKeyRotations")) {
                if (one.has("dropAt")) {
                    text.append("\neverything of ")
                            .append(one.path("owner").asText())
                            .append(" is sealed anew; its old key is dropped at ")
                            .append(one.path("dropAt").asText())
                            .append(" (vault.settle), when no write can need it any more");
                }
            }
        }
        return text.toString();
    }

    private static String rotations(JsonNode rotations) {
        var table = new Table("NEW DATA KEY OF", "SINCE", "STAGE", "LOOKED AT", "SEALED ANEW", "TROUBLE");
        rotations.forEach(one -> table.row(
                one.path("owner").asText(),
                one.path("since").asText(),
                one.path("stage").asText(),
                one.path("examined").asText(),
                one.path("resealed").asText(),
                one.path("failing").path(0).asText("")));
        return table.toString();
    }

    /** Shows what was begun; with {@code --wait} until it has ended. */
    private static void follow(Remote remote, AdminApi api, JsonNode begun, boolean wait, Predicate<JsonNode> done) {
        var now = begun;
        var said = "";
        while (wait && !done.test(now)) {
            var text = shown(now);
            if (!text.equals(said)) {
                remote.err().println(text);
                remote.err().flush();
                said = text;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            if (Thread.interrupted()) {
                throw new Failure("interrupted; the node goes on");
            }
            now = api.get(VAULT);
        }
        remote.print(now, VaultCommands::shown);
    }

    @Command(
            name = "status",
            description = "Show the keys of the vault and how far their replacement is.",
            mixinStandardHelpOptions = true)
    static final class Status implements Callable<Integer> {
        @Mixin
        final Remote remote;

        Status(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(api.get(VAULT), VaultCommands::shown));
        }
    }

    @Command(
            name = "rotate-kek",
            description = {
                "Encrypt every data key with a new key-encryption key.",
                "A key file gets a new key by this; a variable or a command must have been given one, on every node, before (smcp vault keygen --add).",
                "Older keys stay and open older backups."
            },
            mixinStandardHelpOptions = true)
    static final class RotateKek implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Option(names = "--wait", description = "Show progress until it is done")
        boolean wait;

        RotateKek(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> follow(
                    remote,
                    api,
                    api.post(VAULT + "/kek/rotate", AdminApi.JSON.createObjectNode()),
                    wait,
                    vault -> !vault.has("kekRotation")));
        }
    }

    @Command(
            name = "rotate-data-keys",
            description = {
                "Give a tenant, or everybody, a new data key.",
                "Everything is sealed anew in the background.",
                "The old key is dropped when nothing needs it any more."
            },
            mixinStandardHelpOptions = true)
    static final class RotateDataKeys implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT", arity = "0..1", description = "Default: all, and the platform")
        @Nullable
        String tenant;

        @Option(names = "--wait", description = "Show progress until it is done")
        boolean wait;

        RotateDataKeys(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var whose = AdminApi.JSON.createObjectNode();
                if (tenant != null) {
                    whose.put("tenant", tenant);
                }
                follow(remote, api, api.post(VAULT + "/data-keys/rotate", whose), wait, this::done);
            });
        }

        private boolean done(JsonNode vault) {
            for (var one : vault.path("dataKeyRotations")) {
                if (tenant == null || one.path("owner").asText().equals(tenant)) {
                    return false;
                }
            }
            return true;
        }
    }

    @Command(
            name = "keygen",
            description = {
                "Print a new keyset of key-encryption keys, for vault.source variable or command.",
                "Talks to no node. Whoever has what it prints opens everything, so let only the node's user read it:",
                "(umask 077 && smcp vault keygen > kek.json)"
            },
            mixinStandardHelpOptions = true)
    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    static final class Keygen implements Callable<Integer> {
        private final Surroundings around;

        @Spec
        CommandSpec spec;

        @Option(
                names = "--add",
                paramLabel = "FILE",
                description = "Print the keyset in FILE with one more key, which only opens at first")
        @Nullable
        Path add;

        @Option(
                names = "--promote",
                paramLabel = "FILE",
                description = "Print the keyset in FILE so that its newest key encrypts")
        @Nullable
        Path promote;

        Keygen(Surroundings around) {
            this.around = around;
        }

        @Override
        public Integer call() {
            return Remote.ends(spec, () -> {
                if (add != null && promote != null) {
                    throw new picocli.CommandLine.ParameterException(
                            spec.commandLine(), "--add and --promote are two steps: say one of them");
                }
                spec.commandLine().getOut().println(keyset());
                return 0;
            });
        }

        private String keyset() {
            try {
                return add != null
                        ? NewKeyset.grown(read(add), false)
                        : promote != null ? NewKeyset.promoted(read(promote)) : NewKeyset.fresh();
            } catch (IllegalArgumentException e) {
                throw new Failure(String.valueOf(e.getMessage()));
            }
        }

        private String read(Path file) {
            try {
                return Files.readString(around.directory().resolve(file));
            } catch (IOException e) {
                throw new Failure("cannot read " + file + ": " + Failures.reason(e));
            }
        }
    }
}
