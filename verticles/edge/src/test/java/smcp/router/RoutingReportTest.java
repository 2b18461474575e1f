package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The scenarios in virtual time: the committed page is what the code does, and what must hold holds in them. */
class RoutingReportTest {
    private static final List<Scenario> SCENARIOS = Scenario.all();
    private static Map<String, Scenario> byName = Map.of();

    @BeforeAll
    static void index() {
        byName = SCENARIOS.stream().collect(Collectors.toMap(Scenario::name, Function.identity()));
    }

    private static Tally part(String scenario, String part) {
        var found = byName.get(scenario);
        assertThat(found).as(scenario).isNotNull();
        return found.part(part);
    }

    @Test
    void theCommittedPageIsWhatTheCodeProduces() throws IOException {
        assertThat(Files.readString(Path.of("../../docs/benchmarks/routing.md")))
                .as("docs/benchmarks/routing.md; if the change is meant, write it again with: scripts/bench routing")
                .isEqualTo(RoutingReport.text(SCENARIOS));
    }

    @Test
    void aRollingRestartFailsNoCall() {
        for (var part : List.of("before", "a1 restarts", "a2 restarts", "a3 restarts", "a4 restarts", "after")) {
            var tally = part("Draining nodes", part);
            assertThat(tally.failed()).as(part).isZero();
            assertThat(tally.unanswered()).as(part).isZero();
        }
    }

    @Test
    void aCrowdAtAColdTenantsDoorIsOneStart() {
        assertThat(part("Stampede on a cold tenant", "called in a").engines()).isEqualTo(20);
        assertThat(part("Stampede on a cold tenant", "others, only in b").engines())
                .isEqualTo(20);
    }

    @Test
    void aNodeThatIsSlowLosesItsCallsAndGetsThemBack() {
        assertThat(part("Slow node", "slow").percent("a2")).isLessThan(5);
        assertThat(part("Slow node", "after").percent("a2")).isGreaterThan(20);
    }

    @Test
    void aRegionThatDiesIsServedByTheOther() {
        assertThat(part("Dead region", "dead").failed()).isZero();
        assertThat(part("Dead region", "dead").unanswered()).isZero();
        assertThat(part("Dead region", "after").percent("b1")).isGreaterThan(5);
    }

    @Test
    void aTenantWidensAsItsLoadGrowsAndNotBefore() {
        assertThat(part("Hot tenant", "1500/s, 10 to 16 s").engines()).isZero();
        assertThat(part("Hot tenant", "3000/s, 16 to 18 s").engines()).isBetween(1, 4);
        assertThat(part("Hot tenant", "5000/s, 26 to 32 s").millis(0.99)).isLessThan(50);
    }

    @Test
    void aNodeThatFlapsIsLeftAloneAfterAFewTimes() {
        assertThat(part("Flapping node", "eight more").failed()).isZero();
        assertThat(part("Flapping node", "eight more").engines()).isZero();
    }

    @Test
    void aNodeThatHangsGetsNothingOnceItIsSilent() {
        assertThat(part("Hung node", "until it is removed").failed()).isZero();
        assertThat(part("Hung node", "until it is removed").millis(0.99)).isLessThan(100);
    }
}
