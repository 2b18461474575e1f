package smcp.node.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ReportTest {
    @Test
    void theRatioIsTheMedianOfTheRatiosWithinARound() {
        // a round on a slow machine halves both: the ratio of the medians would be 75 %
        var page = page(
                measured(1, "echo", 1, 100_000, 0),
                measured(1, "js", 1, 50_000, 0),
                measured(2, "echo", 1, 60_000, 0),
                measured(2, "js", 1, 30_000, 0),
                measured(3, "echo", 1, 40_000, 0),
                measured(3, "js", 1, 45_000, 0));

        assertThat(page).contains("| js | JavaScript | 45,000 | 30,000 to 50,000 | **50 %** | 300 µs | 2.00 ms |");
    }

    @Test
    void disturbedMeasurementsAreCounted() {
        var page = page(
                measured(1, "echo", 1, 100_000, 0),
                measured(1, "js", 4, 50_000, 0),
                measured(2, "echo", 5, 60_000, 400_000));

        assertThat(page)
                .contains(
                        "0 % of a core in the median, 40 % at most; 2 of 3 measurements were taken again because it was"
                                + " more than 10 %, and 1 kept although it was");
    }

    @Test
    void whatAMachineDoesNotTellIsMarked() {
        assertThat(page("1,echo,32,1,,1000,1000000,1,300,900,2000,5000,0,0,,,"))
                .contains("| echo | ? | ? | ? | not known here |");
    }

    @Test
    void aLineOfAnotherShapeIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Measurement.of("1,echo,32"))
                .withMessage("a measurement has 17 columns: 1,echo,32");
    }

    /** A second under load in which the server used one core. */
    private static String measured(int round, String name, int attempt, int calls, int othersMicros) {
        return "%d,%s,32,%d,1.0,%d,1000000,1,300,900,2000,5000,0,0,1000000,500000,%d"
                .formatted(round, name, attempt, calls, othersMicros);
    }

    private static String page(String... lines) {
        var facts = new Properties();
        facts.putAll(Map.of(
                "connections", "32", "cores", "2", "noisePercent", "10", "says.js", "JavaScript", "says.echo", "Echo"));
        List<Measurement> measurements =
                Arrays.stream(lines).map(Measurement::of).toList();
        var out = new ByteArrayOutputStream();
        new Report(measurements, facts, new PrintStream(out, true, UTF_8)).print();
        return out.toString(UTF_8);
    }
}
