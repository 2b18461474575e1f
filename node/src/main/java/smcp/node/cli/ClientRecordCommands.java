package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp client …} */
final class ClientRecordCommands {
    private ClientRecordCommands() {}

    private static String path(String tenant, String client) {
        return AdminApi.tenant(tenant) + "/clients/" + AdminApi.segment(client);
    }

    private static String tools(JsonNode client) {
        return StreamSupport.stream(client.at("/permissions/tools").spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(", "));
    }

    private static JsonNode body(List<String> tools) {
        var body = AdminApi.JSON.createObjectNode();
        var patterns = body.putObject("permissions").putArray("tools");
        tools.forEach(patterns::add);
        return body;
    }

    @Command(name = "list", description = "List the clients of a tenant.", mixinStandardHelpOptions = true)
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
            return remote.run(api ->
                    remote.print(Pages.all(api, AdminApi.tenant(tenant) + "/clients", "clients"), ListAll::table));
        }

        private static String table(JsonNode clients) {
            var table = new Table("CLIENT", "TOOLS", "CREATED");
            clients.forEach(client -> table.row(
                    client.path("id").asText(),
                    tools(client),
                    client.path("created").asText()));
            return table.isEmpty() ? "there are no clients yet; smcp client create makes one" : table.toString();
        }
    }

    @Command(name = "create", description = "Create a client of a tenant.", mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(
                index = "1",
                paramLabel = "CLIENT",
                description = "Its name: lower-case letters, digits, . _ -, at most 63")
        String client = "";

        @Option(
                names = "--tool",
                paramLabel = "NAME",
                description = "A tool it may call; NAME* for all that begin so. Repeatable. Default: every tool")
        List<String> tools = List.of("*");

        Create(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(
                    api.create(path(tenant, client), body(tools), "smcp client set " + tenant + " " + client),
                    made -> "client " + client + " may call: " + tools(made) + "; smcp key create " + tenant + " "
                            + client + " makes a key for it"));
        }
    }

    @Command(name = "set", description = "Change what a client may call.", mixinStandardHelpOptions = true)
    static final class Set implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "CLIENT")
        String client = "";

        @Option(
                names = "--tool",
                paramLabel = "NAME",
                required = true,
                description = "A tool it may call from now on; NAME* for all that begin so. Repeatable")
        List<String> tools = List.of();

        Set(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(
                    api.replace(path(tenant, client), body(tools), null),
                    now -> "client " + client + " may call: " + tools(now)));
        }
    }

    @Command(name = "delete", description = "Delete a client with its keys.", mixinStandardHelpOptions = true)
    static final class Delete implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "CLIENT")
        String client = "";

        Delete(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                api.remove(path(tenant, client));
                remote.print(
                        AdminApi.JSON.createObjectNode().put("deleted", client),
                        _ -> "client " + client + " is deleted with its keys");
            });
        }
    }
}
