package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp secret …} */
final class SecretCommands {
    private static final int LONGEST = 64 << 10;

    private SecretCommands() {}

    private static String path(String tenant) {
        return AdminApi.tenant(tenant) + "/secrets";
    }

    @Command(
            name = "set",
            description = {
                "Set a secret of a tenant. Its value comes from the standard input or a file, never from the arguments,",
                "which every user of the machine can see: smcp secret set shop API_KEY < key.txt",
                "One line break at the end of the standard input is dropped; a file is taken as it is."
            },
            mixinStandardHelpOptions = true)
    static final class Set implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "NAME", description = "Letters, digits and _")
        String name = "";

        @Option(names = "--file", paramLabel = "FILE", description = "File with the value")
        @Nullable
        Path file;

        Set(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var body = AdminApi.JSON
                        .createObjectNode()
                        .put("base64", Base64.getEncoder().encodeToString(file == null ? typed() : read(file)));
                remote.print(
                        api.replace(path(tenant) + "/" + AdminApi.segment(name), body, null),
                        set -> "secret " + set.path("name").asText() + " is set");
            });
        }

        private byte[] typed() {
            if (remote.around().interactive()) {
                throw remote.usage("the value comes from the standard input or with --file: smcp secret set " + tenant
                        + " " + name + " < FILE");
            }
            try {
                var bytes = bounded(System.in, "the standard input");
                var end = bytes.length;
                if (end > 0 && bytes[end - 1] == '\n') {
                    end -= end > 1 && bytes[end - 2] == '\r' ? 2 : 1;
                }
                return Arrays.copyOf(bytes, end);
            } catch (IOException e) {
                throw new Failure("the standard input cannot be read: " + Failures.reason(e));
            }
        }

        private byte[] read(Path from) {
            try (var in = Files.newInputStream(remote.around().directory().resolve(from))) {
                return bounded(in, from.toString());
            } catch (IOException e) {
                throw new Failure("cannot read " + from + ": " + Failures.reason(e));
            }
        }

        private static byte[] bounded(InputStream in, String what) throws IOException {
            // a byte more than a value may have, and two for the line break
            var bytes = in.readNBytes(LONGEST + 3);
            if (bytes.length > LONGEST + 2) {
                throw new Failure(what + " has more than " + LONGEST + " bytes, the most a secret may have");
            }
            return bytes;
        }
    }

    @Command(
            name = "list",
            description = "List the secrets of a tenant, without their values.",
            mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        ListAll(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(api.get(path(tenant)).path("secrets"), SecretCommands::table));
        }
    }

    private static String table(JsonNode secrets) {
        var table = new Table("NAME", "CHANGED");
        secrets.forEach(secret ->
                table.row(secret.path("name").asText(), secret.path("changed").asText()));
        return table.isEmpty() ? "there are none" : table.toString();
    }

    @Command(name = "delete", description = "Delete a secret of a tenant.", mixinStandardHelpOptions = true)
    static final class Delete implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "NAME")
        String name = "";

        Delete(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                api.remove(path(tenant) + "/" + AdminApi.segment(name));
                remote.print(
                        AdminApi.JSON.createObjectNode().put("deleted", name), _ -> "secret " + name + " is deleted");
            });
        }
    }
}
