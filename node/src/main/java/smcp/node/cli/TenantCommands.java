package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp tenant …} */
final class TenantCommands {
    private TenantCommands() {}

    @Command(name = "list", description = "List the tenants of the node.", mixinStandardHelpOptions = true)
    static final class ListAll implements Callable<Integer> {
        @Mixin
        final Remote remote;

        ListAll(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var tenants = Pages.all(api, "/admin/v1/tenants", "tenants");
                remote.print(tenants, TenantCommands::table);
            });
        }
    }

    private static String table(JsonNode tenants) {
        var table = new Table("TENANT", "ACCESS", "TRUST", "SERVES");
        tenants.forEach(tenant -> table.row(
                tenant.path("id").asText(),
                tenant.path("open").asBoolean() ? "open" : "private",
                tenant.path("trust").asText(),
                VersionCommands.shares(tenant.path("active"))));
        return table.isEmpty() ? "there are no tenants yet; smcp tenant create makes one" : table.toString();
    }

    @Command(name = "show", description = "Show one tenant.", mixinStandardHelpOptions = true)
    static final class Show implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        Show(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(api.get(AdminApi.tenant(tenant)), TenantCommands::details));
        }
    }

    @Command(
            name = "usage",
            description = "Show how much a tenant keeps, and how much it may.",
            mixinStandardHelpOptions = true)
    static final class Usage implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        Usage(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> remote.print(api.get(AdminApi.tenant(tenant) + "/usage"), TenantCommands::usage));
        }
    }

    private static String usage(JsonNode answer) {
        var table = new Table("KIND", "ENTRIES", "OF", "BYTES", "OF");
        answer.path("usage")
                .properties()
                .forEach(kind -> table.row(
                        kind.getKey(),
                        kind.getValue().path("entries").asText("-"),
                        kind.getValue().path("entriesQuota").asText("-"),
                        kind.getValue().path("bytes").asText("-"),
                        kind.getValue().path("bytesQuota").asText("-")));
        return table.toString();
    }

    static String details(JsonNode tenant) {
        var table = new Table("tenant", tenant.path("id").asText());
        table.row(
                "access",
                tenant.path("open").asBoolean() ? "open: anybody may call it" : "private: callers need a key");
        table.row("trust", tenant.path("trust").asText());
        table.row("serves", VersionCommands.shares(tenant.path("active")));
        table.row("created", tenant.path("created").asText());
        var own = tenant.path("limits");
        tenant.path("effectiveLimits")
                .properties()
                .forEach(limit -> table.row(
                        "limit " + limit.getKey(),
                        limit.getValue().asText() + (own.has(limit.getKey()) ? " (set)" : "")));
        return table.toString();
    }

    /** Settings of a tenant. */
    static final class Settings {
        @Option(
                names = "--open",
                negatable = true,
                description = "Anybody may call it without a key; --no-open takes that back")
        @Nullable
        Boolean open;

        @Option(
                names = "--trust",
                paramLabel = "LEVEL",
                description = "untrusted, or operator: you sign for its code, so that it may run without a box")
        @Nullable
        String trust;

        @Option(
                names = "--limit",
                paramLabel = "NAME=NUMBER",
                description =
                        "A limit of its own, such as concurrency=8 or callTimeoutMs=5000; NAME=default takes it back. Repeatable")
        Map<String, String> limits = Map.of();

        /** What was said, put over {@code base}. */
        ObjectNode over(JsonNode base, Remote remote) {
            var settings = AdminApi.JSON.createObjectNode();
            settings.put("open", open == null ? base.path("open").asBoolean() : open);
            settings.put("trust", trust == null ? base.path("trust").asText("untrusted") : trust);
            ObjectNode own =
                    base.path("limits").isObject() ? base.path("limits").deepCopy() : settings.objectNode();
            limits.forEach((name, value) -> {
                if (value.equals("default")) {
                    own.remove(name);
                } else {
                    own.put(name, number(name, value, remote));
                }
            });
            settings.set("limits", own);
            return settings;
        }

        private static long number(String name, String value, Remote remote) {
            try {
                return Long.parseLong(value);
            } catch (NumberFormatException e) {
                if (value.matches("[+-]?[0-9]+")) {
                    throw remote.usage("--limit " + name + " must be a number that a limit can have, at most "
                            + Long.MAX_VALUE + ", got " + value);
                }
                throw remote.usage("--limit " + name + " must be a whole number or default, got \"" + value + "\"");
            }
        }
    }

    @Command(
            name = "create",
            description = "Create a tenant. It is private and untrusted unless said otherwise.",
            mixinStandardHelpOptions = true)
    static final class Create implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Mixin
        final Settings settings = new Settings();

        @Parameters(paramLabel = "TENANT", description = "Its name: lower-case letters, digits and hyphens, at most 63")
        String tenant = "";

        Create(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var body = settings.over(AdminApi.JSON.missingNode(), remote);
                remote.print(
                        api.create(AdminApi.tenant(tenant), body, "smcp tenant set " + tenant),
                        made -> "tenant " + tenant + " is there; smcp deploy <package> --tenant " + tenant
                                + " gives it code");
            });
        }
    }

    @Command(
            name = "set",
            description = "Change the settings that are named; the others stay.",
            mixinStandardHelpOptions = true)
    static final class Set implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Mixin
        final Settings settings = new Settings();

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        Set(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var was = api.read(AdminApi.tenant(tenant));
                var body = settings.over(was.body(), remote);
                remote.print(api.replace(AdminApi.tenant(tenant), body, was.etag()), TenantCommands::details);
            });
        }
    }

    @Command(
            name = "delete",
            description = "Delete a tenant with its versions, clients, keys and tokens. There is no way back.",
            mixinStandardHelpOptions = true)
    static final class Delete implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        @Option(names = "--yes", description = "Do not ask; needed where there is no terminal")
        boolean yes;

        Delete(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                if (!yes) {
                    confirm();
                }
                api.remove(AdminApi.tenant(tenant));
                remote.print(
                        AdminApi.JSON.createObjectNode().put("deleted", tenant),
                        _ -> "tenant " + tenant + " is deleted");
            });
        }

        private void confirm() {
            var prompt = remote.around().prompt();
            if (prompt == null) {
                throw remote.usage(
                        "there is no terminal to ask at: --yes deletes tenant " + tenant + " without asking");
            }
            var answer = prompt.apply("Type the tenant's name to delete it with all its versions, clients and keys: ");
            if (!tenant.equals(answer)) {
                throw new Failure("not deleted: the names differ");
            }
        }
    }
}
