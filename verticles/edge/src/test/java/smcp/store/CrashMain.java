package smcp.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.IntConsumer;
import smcp.store.blob.BlobCrash;

/** Arguments: kind of store, place, kills, seed. Prints its progress; ends with 1 if something acknowledged is missing. */
final class CrashMain {
    private static final int EVERY = 10;

    private CrashMain() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        var kills = Integer.parseInt(arguments[2]);
        var seed = Long.parseLong(arguments[3]);
        var place = Path.of(arguments[1]);
        IntConsumer told = round -> {
            if (round % EVERY == 0) {
                System.out.println(arguments[0] + ": " + round + " of " + kills + " kills survived");
            }
        };
        try {
            var acknowledged = BlobCrash.knows(arguments[0])
                    ? BlobCrash.run(arguments[0], place, kills, seed, told)
                    : run(arguments[0], place, kills, seed, told);
            System.out.println(arguments[0] + ": " + kills + " kills, " + acknowledged
                    + " acknowledged writes, none missing and nothing half there (seed " + seed + ")");
        } catch (AssertionError e) {
            System.out.println("NOT GOOD: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0);
    }

    private static long run(String kind, Path place, int kills, long seed, IntConsumer told)
            throws IOException, InterruptedException {
        try (var target = CrashTarget.begin(kind, place.resolve("data"))) {
            return new CrashRounds(target, place.resolve("writer.log"), seed).run(kills, told);
        }
    }
}
