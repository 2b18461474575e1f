package smcp.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code smcp store …} */
final class StoreCommands {
    private StoreCommands() {}

    @Command(
            name = "check",
            description = {
                "Do something small on every store of a node, show what came of it and how long it took,",
                "and what each store promises about what it has acknowledged. Fails if a store is in trouble."
            },
            mixinStandardHelpOptions = true)
    static final class Check implements Callable<Integer> {
        @Mixin
        final Remote remote;

        Check(Surroundings around) {
            remote = new Remote(around);
        }

        @Override
        public Integer call() {
            return remote.run(api -> {
                var found = api.get("/admin/v1/stores");
                remote.print(found, Check::shown);
                var troubled = StreamSupport.stream(found.path("checks").spliterator(), false)
                        .filter(check -> check.has("trouble"))
                        .count();
                if (troubled > 0) {
                    throw new Failure(troubled == 1 ? "1 store is in trouble" : troubled + " stores are in trouble");
                }
            });
        }

        private static String shown(JsonNode found) {
            var promises = new Table("STORE", "KIND", "ACKNOWLEDGED IS", "FENCING", "CAN STILL BE LOST BY");
            found.path("stores")
                    .forEach(store -> promises.row(
                            store.path("name").asText(),
                            store.path("kind").asText(),
                            where(store.path("durability").asText()),
                            store.path("fencing").asText(),
                            store.path("loss").asText()));
            var checks = new Table("CHECKED", "TOOK", "RESULT");
            found.path("checks")
                    .forEach(check -> checks.row(
                            check.path("name").asText(),
                            String.format(
                                    Locale.ROOT, "%.1f ms", check.path("micros").asLong() / 1_000.0),
                            check.path("trouble").asText("ok")));
            return promises + "\n" + checks;
        }

        private static String where(String durability) {
            return switch (durability) {
                case "memory" -> "in this process";
                case "system" -> "with the operating system";
                case "disk" -> "on the disk";
                default -> durability;
            };
        }
    }
}
