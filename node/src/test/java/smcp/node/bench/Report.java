package smcp.node.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.function.ToDoubleFunction;

/** Turns the raw figures of {@code scripts/bench} into a page. */
public final class Report {
    private static final String ECHO = "echo";

    private final List<Measurement> measurements;
    private final Properties facts;
    private final PrintStream out;

    /** One run of the load generator against one server. */
    private record Measurement(
            int round, String name, int connections, double load1, double perSecond, double p50, double p99) {
        static Measurement of(String line) {
            var cells = line.split(",", -1);
            if (cells.length != 13) {
                throw new IllegalArgumentException("a measurement has 13 columns: " + line);
            }
            return new Measurement(
                    Integer.parseInt(cells[0]),
                    cells[1],
                    Integer.parseInt(cells[2]),
                    cells[3].isEmpty() ? Double.NaN : Double.parseDouble(cells[3]),
                    Double.parseDouble(cells[4]) * 1e6 / Double.parseDouble(cells[5]),
                    Double.parseDouble(cells[7]),
                    Double.parseDouble(cells[9]));
        }
    }

    private Report(List<Measurement> measurements, Properties facts, PrintStream out) {
        this.measurements = measurements;
        this.facts = facts;
        this.out = out;
    }

    /** {@code FIGURES.csv MACHINE.properties}; the page goes to the standard output. */
    public static void main(String[] args) throws IOException {
        var lines = Files.readAllLines(Path.of(args[0]));
        var facts = new Properties();
        try (var reader = Files.newBufferedReader(Path.of(args[1]))) {
            facts.load(reader);
        }
        var measurements = lines.stream().skip(1).map(Measurement::of).toList();
        new Report(measurements, facts, new PrintStream(System.out, true, StandardCharsets.UTF_8)).print();
    }

    private void print() {
        var connections = Integer.parseInt(fact("connections"));
        out.printf("# Measured %s%n%n", fact("date"));
        out.println("Calls through one node beside a bare Vert.x echo of the same message, alternating in one run by"
                + " `scripts/bench`. Only the ratios travel: the load generator shares the cores with the servers.\n");
        machine();
        out.printf("%n## %d connections%n%n", connections);
        table(connections);
        out.printf("%n## One connection%n%n");
        table(1);
        method();
    }

    private void machine() {
        out.println("| machine | |\n|---|---|");
        out.printf("| processor | %s cores, %s |%n", fact("cores"), fact("processor"));
        out.printf("| memory | %s |%n", fact("memory"));
        out.printf("| kernel | %s |%n", fact("kernel"));
        out.printf("| Java | %s; transport: %s |%n", fact("jdk"), fact("transport"));
        out.printf("| Node.js, wrk | %s, %s |%n", fact("node"), fact("wrk"));
        out.printf("| load average before | %s |%n", fact("load"));
        out.printf("| commit | %s |%n", fact("commit"));
    }

    private void table(int connections) {
        out.println(
                "| case | what | calls/s, median | lowest to highest | of the echo | p50 | p99, median | p99, highest |");
        out.println("|---|---|---|---|---|---|---|---|");
        for (var name : names()) {
            var mine = of(name, connections);
            if (mine.isEmpty()) {
                continue;
            }
            out.printf(
                    Locale.ROOT,
                    "| %s | %s | %,.0f | %,.0f to %,.0f | **%.0f %%** | %.0f µs | %.2f ms | %.2f ms |%n",
                    name,
                    facts.getProperty("says." + name, ""),
                    median(mine, Measurement::perSecond),
                    lowest(mine, Measurement::perSecond),
                    highest(mine, Measurement::perSecond),
                    100 * ratio(mine, connections),
                    median(mine, Measurement::p50),
                    median(mine, Measurement::p99) / 1000,
                    highest(mine, Measurement::p99) / 1000);
        }
    }

    /** The median over the rounds of the ratio to the same round's echo: what slows a whole round down cancels out. */
    private double ratio(List<Measurement> mine, int connections) {
        var echoes = of(ECHO, connections);
        var ratios = new ArrayList<Double>();
        for (var one : mine) {
            echoes.stream()
                    .filter(echo -> echo.round() == one.round())
                    .findFirst()
                    .ifPresent(echo -> ratios.add(one.perSecond() / echo.perSecond()));
        }
        return median(ratios, Double::doubleValue);
    }

    private void method() {
        out.printf("%n## Method%n%n");
        out.printf(
                "- %s rounds of %s s each after %s s of warm-up; every other round in the opposite order. Ratios are taken within a round, then their median.%n",
                fact("rounds"), fact("seconds"), fact("warmUp"));
        out.printf(
                "- wrk with one thread on the same machine, HTTP/1.1 with keep-alive, %s bytes of body. The echo gets the same request with the same headers and prints an answer of the same shape; it checks nothing.%n",
                fact("requestBytes"));
        out.println(
                "- Echo and node: the same JDK with default heap and collector, one event loop each, the same HTTP settings. The tenant is private; every call carries an API key, is checked against the client's"
                        + " permissions, counted and timed.");
        out.println(
                "- A measurement counts only if every status is 200, if the bytes received are those of as many right answers, and if a call before and one after it have the right content.");
        out.println("- Load average while measuring (it counts wrk and the servers themselves): " + loads() + ".");
        var missing = fact("missing");
        if (!missing.isEmpty()) {
            out.println("- Left out: " + missing + ".");
        }
        out.println("- The raw figures are in the CSV file beside this page.");
    }

    private String loads() {
        return String.format(
                Locale.ROOT,
                "%.1f to %.1f",
                lowest(measurements, Measurement::load1),
                highest(measurements, Measurement::load1));
    }

    private List<String> names() {
        return measurements.stream().map(Measurement::name).distinct().toList();
    }

    private List<Measurement> of(String name, int connections) {
        return measurements.stream()
                .filter(one -> one.name().equals(name) && one.connections() == connections)
                .toList();
    }

    private static <T> double median(List<T> all, ToDoubleFunction<T> figure) {
        var sorted = all.stream().mapToDouble(figure).sorted().toArray();
        var half = sorted.length / 2;
        return sorted.length == 0
                ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static <T> double lowest(List<T> all, ToDoubleFunction<T> figure) {
        return all.stream().mapToDouble(figure).min().orElse(Double.NaN);
    }

    private static <T> double highest(List<T> all, ToDoubleFunction<T> figure) {
        return all.stream().mapToDouble(figure).max().orElse(Double.NaN);
    }

    private String fact(String name) {
        return Objects.requireNonNullElse(facts.getProperty(name), "");
    }
}
