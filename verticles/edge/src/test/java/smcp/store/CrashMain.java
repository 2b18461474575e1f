package smcp.store;

import java.io.IOException;
import java.nio.file.Path;

/** Arguments: kind of store, place, kills, seed. Prints its progress; ends with 1 if something acknowledged is missing. */
final class CrashMain {
    private static final int EVERY = 10;

    private CrashMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var kills = Integer.parseInt(arguments[2]);
        var seed = Long.parseLong(arguments[3]);
        var place = Path.of(arguments[1]);
        try (var target = CrashTarget.begin(arguments[0], place.resolve("data"))) {
            var acknowledged = new CrashRounds(target, place.resolve("writer.log"), seed).run(kills, round -> {
                if (round % EVERY == 0) {
                    System.out.println(arguments[0] + ": " + round + " of " + kills + " kills survived");
                }
            });
            System.out.println(arguments[0] + ": " + kills + " kills, " + acknowledged
                    + " acknowledged writes, none missing and nothing half there (seed " + seed + ")");
        } catch (AssertionError e) {
            System.out.println("NOT GOOD: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }
}
