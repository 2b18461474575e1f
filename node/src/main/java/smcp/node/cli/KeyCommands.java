package smcp.node.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp key …} */
final class KeyCommands {
    private KeyCommands() {}

    private static String path(String tenant, String client) {
        return AdminApi.tenant(tenant) + "/clients/" + AdminApi.segment(client) + "/keys";
    }

    @Command(
            name = "create",
            description = {
                "Make a key for a client and print it.",
                "Only the key goes to the output: smcp key create shop bot > bot.key"
            },
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "CLIENT")
        String client = "";

        @Option(names = "--expires", paramLabel = "WHEN", description = Secrets.EXPIRES)
        @Nullable
        String expires;

        Create(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> Secrets.show(
                    remote,
                    api.post(path(tenant, client), Secrets.wish(expires, Instant.now(), remote)),
                    "Clients send it as: Authorization: Bearer <key>"));
        }
    }

    @Command(
            name = "list",
            description = "List the keys of a client, without their secrets.",
            mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "CLIENT")
        String client = "";

        ListAll(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(api.get(path(tenant, client)).path("keys"), Secrets::table));
        }
    }

    @Command(name = "revoke", description = "Revoke a key.", mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "CLIENT")
        String client = "";

        @Parameters(index = "2", paramLabel = "ID", description = "As smcp key list shows it")
        String id = "";

        Revoke(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                api.remove(path(tenant, client) + "/" + AdminApi.segment(id));
                remote.print(
                        AdminApi.JSON.createObjectNode().put("revoked", id),
                        _ -> "key " + id + " opens nothing any more");
            });
        }
    }
}
