package smcp.store.bench;

import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Arguments: folder to work in, rounds, seconds of a measurement, seconds of warming up, file for the page, file for the raw figures, then the stores. */
final class StoreBench {
    private StoreBench() {}

    /** One round of one pair. */
    record Round(Load.Figures ours, Load.Figures raw) {
        double ratio() {
            return ours.perSecond() / raw.perSecond();
        }
    }

    public static void main(String[] arguments) {
        try {
            run(arguments);
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1); // whatever threads there still are
        }
    }

    private static void run(String[] arguments) throws Exception {
        var folder = Path.of(arguments[0]);
        var rounds = Integer.parseInt(arguments[1]);
        var time = Duration.ofSeconds(Long.parseLong(arguments[2]));
        var warmUp = Duration.ofSeconds(Long.parseLong(arguments[3]));
        var found = new LinkedHashMap<Pair, List<Round>>();
        var vertx = Vertx.vertx();
        for (var store : List.of(arguments).subList(6, arguments.length)) {
            try (var bed = Beds.open(store, vertx, folder.resolve(store))) {
                for (var pair : bed.pairs()) {
                    found.put(pair, measure(pair, rounds, time, warmUp));
                    System.err.println(row(pair, found.get(pair)));
                }
            }
        }
        vertx.close().await(20, TimeUnit.SECONDS);
        var settings = String.format(
                Locale.ROOT,
                "%d rounds of %d s, after %d s of warming up",
                rounds,
                time.toSeconds(),
                warmUp.toSeconds());
        try (var page = new PrintStream(Files.newOutputStream(Path.of(arguments[4])), false, StandardCharsets.UTF_8)) {
            page(page, found, settings);
        }
        Files.write(Path.of(arguments[5]), csv(found));
    }

    private static List<Round> measure(Pair pair, int rounds, Duration time, Duration warmUp) throws Exception {
        var _ = pair.ours().run(warmUp);
        var _ = pair.raw().run(warmUp);
        var all = new ArrayList<Round>();
        for (var i = 0; i < rounds; i++) {
            if (i % 2 == 0) {
                var ours = pair.ours().run(time);
                all.add(new Round(ours, pair.raw().run(time)));
            } else {
                var raw = pair.raw().run(time);
                all.add(new Round(pair.ours().run(time), raw));
            }
        }
        return all;
    }

    private static double median(List<Double> figures) {
        var sorted = new ArrayList<>(figures);
        Collections.sort(sorted);
        var half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    private static String row(Pair pair, List<Round> rounds) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %,.0f | %,.0f | **%.0f %%** | %s | %s | %s | %s | %s |",
                pair.store(),
                pair.what(),
                pair.callers(),
                median(rounds.stream().map(one -> one.ours().perSecond()).toList()),
                median(rounds.stream().map(one -> one.raw().perSecond()).toList()),
                100 * median(rounds.stream().map(Round::ratio).toList()),
                micros(median(rounds.stream().map(one -> one.ours().p50()).toList())),
                micros(median(rounds.stream().map(one -> one.ours().p99()).toList())),
                micros(median(rounds.stream().map(one -> one.raw().p50()).toList())),
                micros(median(rounds.stream().map(one -> one.raw().p99()).toList())),
                pair.rawIs());
    }

    private static String micros(double micros) {
        if (micros < 10) {
            return String.format(Locale.ROOT, "%.1f µs", micros);
        }
        return micros < 1_000
                ? String.format(Locale.ROOT, "%.0f µs", micros)
                : String.format(Locale.ROOT, "%.1f ms", micros / 1_000);
    }

    private static void page(PrintStream page, Map<Pair, List<Round>> found, String settings) {
        page.println(
                "| store | what | callers | through the interface, /s | by itself, /s | ratio | p50 | p99 | p50 by itself | p99 by itself | by itself is |");
        page.println("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---|");
        found.forEach((pair, rounds) -> page.println(row(pair, rounds)));
        page.println();
        page.println(settings
                + "; every other round in the opposite order. Medians; the ratio is the median of the rounds' ratios.");
    }

    private static List<String> csv(Map<Pair, List<Round>> found) {
        var lines = new ArrayList<String>();
        lines.add(
                "store,what,callers,round,ours_per_second,ours_p50_us,ours_p99_us,raw_per_second,raw_p50_us,raw_p99_us");
        found.forEach((pair, rounds) -> {
            for (var i = 0; i < rounds.size(); i++) {
                var ours = rounds.get(i).ours();
                var raw = rounds.get(i).raw();
                lines.add(String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%d,%.1f,%.1f,%.1f,%.1f,%.1f,%.1f",
                        pair.store(),
                        pair.what(),
                        pair.callers(),
                        i + 1,
                        ours.perSecond(),
                        ours.p50(),
                        ours.p99(),
                        raw.perSecond(),
                        raw.p50(),
                        raw.p99()));
            }
        });
        return lines;
    }
}
