package smcp.node.cli;

import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp token …} */
final class TokenCommands {
    private TokenCommands() {}

    private static String path(String tenant) {
        return AdminApi.tenant(tenant) + "/tokens";
    }

    @Command(
            name = "create",
            description = {
                "Make a token for the owner of a tenant and print it.",
                "Only the token goes to the output: smcp token create shop > shop.token"
            },
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

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
                    api.post(path(tenant), Secrets.wish(expires, Instant.now(), remote)),
                    "Its owner gives it to smcp with --token-file or SMCP_TOKEN."));
        }
    }

    @Command(
            name = "list",
            description = "List the tokens of a tenant's owner, without their secrets.",
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
            return remote.run(api -> remote.print(api.get(path(tenant)).path("tokens"), Secrets::table));
        }
    }

    @Command(name = "revoke", description = "Revoke a token.", mixinStandardHelpOptions = true)
    static final class Revoke implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "ID", description = "As smcp token list shows it")
        String id = "";

        Revoke(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                api.remove(path(tenant) + "/" + AdminApi.segment(id));
                remote.print(
                        AdminApi.JSON.createObjectNode().put("revoked", id),
                        _ -> "token " + id + " opens nothing any more");
            });
        }
    }
}
