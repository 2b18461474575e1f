package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp blob …}: the large values that a tenant keeps. */
final class BlobCommands {
    private BlobCommands() {}

    private static String blob(String tenant, String name) {
        return KvCommands.place(tenant, "blobs", name);
    }

    @Command(name = "list", description = "List a tenant's blobs.", mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Option(names = "--prefix", paramLabel = "TEXT", description = "Only names that begin with this")
        String prefix = "";

        ListAll(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(
                    Pages.all(api, AdminApi.tenant(tenant) + "/blobs?prefix=" + AdminApi.encoded(prefix), "blobs"),
                    BlobCommands::table));
        }
    }

    private static String table(JsonNode blobs) {
        var table = new Table("NAME", "BYTES", "MODIFIED", "ETAG");
        blobs.forEach(blob -> table.row(
                blob.path("name").asText(),
                blob.path("bytes").asText(),
                blob.path("modified").asText(),
                blob.path("etag").asText()));
        return table.isEmpty() ? "there are no such blobs" : table.toString();
    }

    @Command(
            name = "get",
            description = "Write a blob to a file, which appears when all of it has come.",
            mixinStandardHelpOptions = true)
    static final class Get implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "NAME")
        String name = "";

        @Option(names = "--out", paramLabel = "FILE", required = true, description = "Where to write the blob")
        Path out = Path.of("");

        Get(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var file = remote.around().directory().resolve(out);
                api.download(blob(tenant, name), file);
                remote.print(
                        AdminApi.JSON
                                .createObjectNode()
                                .put("file", file.toString())
                                .put("bytes", file.toFile().length()),
                        written -> written.path("bytes").asText() + " bytes written to " + Shown.line(out.toString()));
            });
        }
    }

    @Command(
            name = "put",
            description = "Write a file as a blob, within the tenant's limits.",
            mixinStandardHelpOptions = true)
    static final class Put implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "NAME")
        String name = "";

        @Option(
                names = "--file",
                paramLabel = "FILE",
                required = true,
                description = "The file whose bytes are the blob")
        Path file = Path.of("");

        @Option(names = "--if-etag", paramLabel = "ETAG", description = "Only in place of the blob with this etag")
        @Nullable
        String etag;

        @Option(names = "--if-absent", description = "Only if there is no blob of this name")
        boolean absent;

        Put(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            if (absent && etag != null) {
                throw remote.usage("--if-etag and --if-absent exclude each other");
            }
            return remote.run(api -> {
                var from = remote.around().directory().resolve(file);
                var answer = api.putFile(blob(tenant, name), from, condition(), _ -> {});
                remote.print(
                        answer,
                        made -> made.path("bytes").asText() + " bytes written, etag "
                                + made.path("etag").asText());
            });
        }

        private String @Nullable [] condition() {
            if (absent) {
                return new String[] {"If-None-Match", "*"};
            }
            return etag == null ? null : new String[] {"If-Match", "\"" + etag + "\""};
        }
    }

    @Command(name = "delete", description = "Remove a blob.", mixinStandardHelpOptions = true)
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
                api.remove(blob(tenant, name));
                remote.print(
                        AdminApi.JSON.createObjectNode().put("deleted", name),
                        _ -> "blob " + Shown.line(name) + " is deleted");
            });
        }
    }
}
