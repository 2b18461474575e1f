package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code smcp versions | promote | rollback | undeploy} */
final class VersionCommands {
    private VersionCommands() {}

    /** {@code 4}, or {@code 3 (90 %), 4 (10 %)}. */
    static String shares(JsonNode active) {
        if (active.isEmpty()) {
            return "nothing";
        }
        return StreamSupport.stream(active.spliterator(), false)
                .map(share -> "version " + share.path("version").asInt()
                        + (share.path("percent").asInt() == 100
                                ? ""
                                : " (" + share.path("percent").asInt() + " %)")
                        + (share.has("region") ? " in " + share.path("region").asText() : ""))
                .collect(Collectors.joining(", "));
    }

    private static String now(String tenant, JsonNode answer) {
        var serves = answer.path("active");
        return serves.isEmpty()
                ? "tenant " + tenant + " serves nothing now; its versions are kept"
                : "tenant " + tenant + " serves " + shares(serves) + " now";
    }

    @Command(
            name = "versions",
            description = "List the versions of a tenant, newest first.",
            mixinStandardHelpOptions = true)
    static final class Versions implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        Versions(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api ->
                    remote.print(Pages.all(api, AdminApi.tenant(tenant) + "/versions", "versions"), Versions::table));
        }

        private static String table(JsonNode versions) {
            var table = new Table("VERSION", "SERVES", "PACKAGE", "ENGINE", "DEPLOYED", "BY", "SHA-256");
            versions.forEach(version -> table.row(
                    version.path("version").asText(),
                    version.path("active").asBoolean() ? "yes" : "-",
                    version.at("/manifest/name").asText() + " "
                            + version.at("/manifest/version").asText(),
                    version.at("/manifest/engine").asText(),
                    version.path("deployed").asText(),
                    version.path("by").asText(),
                    version.path("packageHash").asText().replaceAll("(?<=.{12}).+", "")));
            return table.isEmpty() ? "there are no versions yet; smcp deploy makes one" : table.toString();
        }
    }

    @Command(
            name = "promote",
            description =
                    "Let a version serve: all new calls, or with --percent a part of them beside the one that serves now.",
            mixinStandardHelpOptions = true)
    static final class Promote implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(index = "0", paramLabel = "TENANT")
        String tenant = "";

        @Parameters(index = "1", paramLabel = "VERSION")
        int version;

        @Option(
                names = "--percent",
                paramLabel = "N",
                description = "1 to 100: the rest stays with the version that serves now")
        @Nullable
        Integer percent;

        Promote(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            if (percent != null && (percent < 1 || percent > 100)) {
                throw remote.usage("--percent must be 1 to 100, got " + percent);
            }
            return remote.run(api -> {
                var path = AdminApi.tenant(tenant) + "/active";
                var shares = AdminApi.JSON.createArrayNode();
                var was = api.read(path);
                if (percent == null || percent == 100) {
                    shares.addObject().put("version", version).put("percent", 100);
                } else {
                    shares.addObject().put("version", serving(was.body())).put("percent", 100 - percent);
                    shares.addObject().put("version", version).put("percent", percent);
                }
                remote.print(api.replace(path, shares, was.etag()), answer -> now(tenant, answer));
            });
        }

        /** The one version the rest stays with. */
        private int serving(JsonNode active) {
            var others = StreamSupport.stream(active.path("active").spliterator(), false)
                    .filter(share -> share.path("version").asInt() != version)
                    .toList();
            if (others.size() != 1 || others.getFirst().has("region")) {
                throw new Failure("--percent needs one version beside " + version + ", but tenant " + tenant
                        + " serves " + shares(active.path("active")));
            }
            return others.getFirst().path("version").asInt();
        }
    }

    @Command(
            name = "rollback",
            description = "Let the version before the one that serves now serve again.",
            mixinStandardHelpOptions = true)
    static final class Rollback implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        @Option(names = "--to", paramLabel = "VERSION", description = "This version and not the one before")
        @Nullable
        Integer to;

        Rollback(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var path = AdminApi.tenant(tenant);
                var was = api.read(path + "/active");
                var target = to == null ? before(api, was.body().path("active")) : to;
                var shares = AdminApi.JSON.createArrayNode();
                shares.addObject().put("version", target).put("percent", 100);
                remote.print(api.replace(path + "/active", shares, was.etag()), answer -> now(tenant, answer));
            });
        }

        private int before(AdminApi api, JsonNode active) {
            var serving = StreamSupport.stream(active.spliterator(), false)
                    .mapToInt(share -> share.path("version").asInt())
                    .max()
                    .orElse(Integer.MAX_VALUE);
            var versions = Pages.all(api, AdminApi.tenant(tenant) + "/versions", "versions");
            for (var version : versions) {
                if (version.path("version").asInt() < serving) {
                    return version.path("version").asInt();
                }
            }
            throw new Failure(
                    "tenant " + tenant + " has no version before the one that serves; it serves " + shares(active));
        }
    }

    @Command(name = "undeploy", description = "Stop serving; the versions stay.", mixinStandardHelpOptions = true)
    static final class Undeploy implements Callable<Integer> {
        @Mixin
        final Remote remote;

        @Parameters(paramLabel = "TENANT")
        String tenant = "";

        Undeploy(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api ->
                    remote.print(api.delete(AdminApi.tenant(tenant) + "/active"), answer -> now(tenant, answer)));
        }
    }
}
