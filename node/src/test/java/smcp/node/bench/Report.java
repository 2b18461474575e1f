package smcp.node.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Turns the raw figures of {@code scripts/bench} into a page. */
public final class Report {
    private static final String ECHO = "echo";
    /** From here on a thread or a machine counts as fully used: the kernel's clock ticks and the load generator's start cost the rest. */
    private static final double FULL = 0.93;

    private final List<Measurement> measurements;
    private final Properties facts;
    private final PrintStream out;

    Report(List<Measurement> measurements, Properties facts, PrintStream out) {
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

    void print() {
        var connections = Integer.parseInt(fact("connections"));
        line("# Measured %s", fact("date"));
        line("");
        line(
                "Written by `scripts/bench`: calls through one node beside a bare Vert.x echo of the same message, alternating in one run. Only the ratios travel to another machine: the load generator shares the"
                        + " cores with the servers.");
        line("");
        line("## %d connections", connections);
        line("");
        table(connections);
        line("");
        line("## One connection");
        line("");
        table(1);
        limits(connections);
        machine();
        method();
    }

    private void table(int connections) {
        line(
                "| case | what | calls/s, median | lowest to highest | of the echo | p50 | p99, median | p99, highest | server's CPU a call |");
        line("|---|---|---:|---:|---:|---:|---:|---:|---:|");
        for (var name : names()) {
            var mine = of(name, connections);
            line(
                    "| %s | %s | %,.0f | %,.0f to %,.0f | **%.0f %%** | %,.0f µs | %.2f ms | %.2f ms | %s |",
                    name,
                    facts.getProperty("says." + name, ""),
                    median(mine, Measurement::perSecond),
                    lowest(mine, Measurement::perSecond),
                    highest(mine, Measurement::perSecond),
                    100 * ratio(mine, connections),
                    median(mine, Measurement::p50),
                    median(mine, Measurement::p99) / 1000,
                    highest(mine, Measurement::p99) / 1000,
                    known(median(mine, Measurement::costOfACall), "%.1f µs"));
        }
    }

    /** The median over the rounds of the ratio to the same round's echo: what slows a whole round down cancels out. */
    private double ratio(List<Measurement> mine, int connections) {
        var echoes = of(ECHO, connections);
        return median(mine.stream()
                .mapToDouble(one -> one.perSecond()
                        / echoes.stream()
                                .filter(echo -> echo.round() == one.round())
                                .findFirst()
                                .orElseThrow()
                                .perSecond()));
    }

    private void limits(int connections) {
        line("");
        line("## What limits the figures");
        line("");
        line("| case | cores: server | load generator | other programs | limit at %d connections |", connections);
        line("|---|---:|---:|---:|---|");
        for (var name : names()) {
            var mine = of(name, connections);
            var server = median(mine, Measurement::server);
            var generator = median(mine, Measurement::generator);
            var others = median(mine, Measurement::others);
            line(
                    "| %s | %s | %s | %s | %s |",
                    name,
                    known(server, "%.2f"),
                    known(generator, "%.2f"),
                    known(others, "%.2f"),
                    limit(server, generator, others));
        }
        line("");
        line(
                "The load is closed: each connection sends its next call when it has its answer. So p50 at %d connections is mostly waiting in line, about %d divided by the calls a second, and p99 is that of a server"
                        + " without a moment's rest. What a call costs a client by itself is the table of one connection; there both sides sleep between two messages, and most of the time is the kernel's for waking them.",
                connections, connections);
    }

    private String limit(double server, double generator, double others) {
        var cores = Integer.parseInt(fact("cores"));
        if (Double.isNaN(server)) {
            return "not known here";
        }
        if (server + generator + others >= FULL * cores) {
            return "the machine's " + cores + " cores";
        }
        if (server >= FULL && server < 1.1) {
            return "one core: the server's one busy thread";
        }
        return generator >= FULL
                ? "the load generator's one thread"
                : "no core is full: work changes hands between threads";
    }

    private void machine() {
        line("");
        line("## Machine");
        line("");
        line("| | |");
        line("|---|---|");
        line("| processor | %s cores, %s |", fact("cores"), fact("processor"));
        line("| memory | %s |", fact("memory"));
        line("| kernel | %s |", fact("kernel"));
        line("| Java | %s; %s |", fact("jdk"), fact("transport"));
        line("| Node.js, wrk | %s, %s |", fact("node"), fact("wrk"));
        line("| load average before | %s |", fact("loadBefore"));
        line("| load average after (the run itself is in it) | %s |", fact("loadAfter"));
        line("| other programs while measuring | %s |", quietness());
        line("| steadiness of the processor: CPU of an echo's call, lowest to highest | %s |", steadiness());
        line("| commit | %s |", fact("commit"));
    }

    private String quietness() {
        var others = measurements.stream().mapToDouble(Measurement::others).toArray();
        if (DoubleStream.of(others).anyMatch(Double::isNaN)) {
            return "not known here";
        }
        var allowed = Double.parseDouble(fact("noisePercent"));
        return String.format(
                Locale.ROOT,
                "%.0f %% of a core in the median, %.0f %% at most; %d of %d measurements were taken again because it was more than %.0f %%, and %d kept although it was",
                100 * median(DoubleStream.of(others)),
                100 * DoubleStream.of(others).max().orElse(Double.NaN),
                measurements.stream().filter(one -> one.attempt() > 1).count(),
                measurements.size(),
                allowed,
                DoubleStream.of(others).filter(share -> 100 * share > allowed).count());
    }

    /** A host that shares its cores out to others slows a call down without anything in this machine's own accounts. */
    private String steadiness() {
        var echoes = of(ECHO, Integer.parseInt(fact("connections")));
        return known(lowest(echoes, Measurement::costOfACall), "%.1f")
                + " to "
                + known(highest(echoes, Measurement::costOfACall), "%.1f µs");
    }

    private void method() {
        line("");
        line("## Method");
        line("");
        line("- To repeat: `%s`", fact("commandLine"));
        line(
                "- %s rounds of %s s a case, and a quarter of that (at least a second) with one connection, after %s s of warm-up; every other round in the opposite order. Ratios are taken within a round, then their median.",
                fact("rounds"), fact("seconds"), fact("warmUp"));
        line(
                "- wrk with one thread on the same machine, HTTP/1.1 with keep-alive, %s bytes of body. The echo gets the same request with the same headers, parses and prints JSON, and checks nothing.",
                fact("requestBytes"));
        line(
                "- Echo and node: the same JDK with default heap and collector, one event loop each, the same HTTP settings. The tenant is private; every call carries an API key, is checked against the client's"
                        + " permissions, counted, timed and recorded in the audit log. The JavaScript tenant is a process of its own, without a box around it yet (docs/decisions/0008).");
        line(
                "- A measurement counts only if every status is 200, if the bytes received are those of as many right answers, and if a call before and one after it have the right content.");
        line(
                "- Processor times are the kernel's, of the server's process with its children. What the kernel does for the network in between is counted to nobody or to whoever runs.");
        if (!fact("missing").isEmpty()) {
            line("- Left out: %s.", fact("missing").replace(";", "; "));
        }
        line("- The raw figures are in the CSV file beside this page.");
    }

    private List<String> names() {
        return measurements.stream().map(Measurement::name).distinct().toList();
    }

    private List<Measurement> of(String name, int connections) {
        return measurements.stream()
                .filter(one -> one.name().equals(name) && one.connections() == connections)
                .toList();
    }

    private static double median(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
        return median(all.stream().mapToDouble(figure));
    }

    private static double median(DoubleStream figures) {
        var sorted = figures.sorted().toArray();
        var half = sorted.length / 2;
        return sorted.length == 0
                ? Double.NaN
                : sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    private static double lowest(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
        return all.stream().mapToDouble(figure).min().orElse(Double.NaN);
    }

    private static double highest(List<Measurement> all, ToDoubleFunction<Measurement> figure) {
        return all.stream().mapToDouble(figure).max().orElse(Double.NaN);
    }

    private static String known(double figure, String format) {
        return Double.isNaN(figure) ? "?" : String.format(Locale.ROOT, format, figure);
    }

    private String fact(String name) {
        return facts.getProperty(name, "");
    }

    private void line(String format, Object... values) {
        out.printf(Locale.ROOT, format + "%n", values);
    }
}
