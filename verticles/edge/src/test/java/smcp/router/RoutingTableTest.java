package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault.Kind;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;

class RoutingTableTest {
    private final FakeCluster cluster = new FakeCluster("n1", "n2", "n3");

    private void allSay(Load... atFirst) {
        cluster.says("n1", atFirst);
        cluster.says("n2");
        cluster.says("n3");
    }

    private void fails(String node, Kind kind) {
        var sending = cluster.table.sending(cluster.view(node), Samples.ACME);
        assertThat(sending).isNotNull();
        if (sending != null) {
            sending.ended(kind);
        }
    }

    @Test
    void aNodeThatHasToldNothingYetIsNotChosen() {
        assertThat(cluster.table.situation().nodes().stream().skip(1))
                .allMatch(node -> node.fitness() == Fitness.DOUBTFUL);
        assertThat(cluster.chosen()).isEqualTo("here");
    }

    @Test
    void factsThatAreOldCountLessAndThenTheNodeIsOut() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        assertThat(cluster.chosen()).isEqualTo("n1");
        cluster.passes(1_000);
        assertThat(cluster.view("n1").delayNanos()).isEqualTo(Samples.millis(250));
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.FIT);
        cluster.passes(1_000);
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.DOUBTFUL);
        assertThat(cluster.chosen()).isEqualTo("here");
        allSay(Samples.awake(Samples.ACME, 0, 0));
        assertThat(cluster.chosen()).isEqualTo("n1");
    }

    @Test
    void changesAreAddedAndAWholeReportReplacesAll() {
        var other = Samples.version("other");
        allSay(Samples.awake(Samples.ACME, 0, 0));
        cluster.says("n1", false, false, List.of(), Samples.awake(other, 0, 0));
        assertThat(cluster.view("n1").loads()).containsOnlyKeys(Samples.ACME, other);
        cluster.says("n1", false, false, List.of(Samples.ACME));
        assertThat(cluster.view("n1").loads()).containsOnlyKeys(other);
        cluster.says("n1", Samples.awake(Samples.ACME, 0, 0));
        assertThat(cluster.view("n1").loads()).containsOnlyKeys(Samples.ACME);
    }

    @Test
    void aNodeThatFailsIsLeftOutForAWhile() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        for (var i = 0; i < 3; i++) {
            fails("n1", Kind.NODE_UNREACHABLE);
        }
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.DOUBTFUL);
        cluster.passes(500);
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.DOUBTFUL);
        cluster.passes(500);
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.FIT);
    }

    @Test
    void atMostHalfOfTheOthersAreLeftOutForFailing() {
        var many = new FakeCluster("n1", "n2", "n3", "n4");
        for (var node : List.of("n1", "n2", "n3", "n4")) {
            many.says(node);
            for (var i = 0; i < 3; i++) {
                var sending = many.table.sending(many.view(node), Samples.ACME);
                assertThat(sending).isNotNull();
                if (sending != null) {
                    sending.ended(Kind.NODE_LOST);
                }
            }
        }
        assertThat(many.table.situation().nodes().stream().filter(node -> node.fitness() == Fitness.FIT))
                .hasSize(3);
    }

    @Test
    void failuresOfATenantAreNotHeldAgainstTheNode() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        for (var kind : List.of(Kind.ENGINE_LOST, Kind.TENANT_BROKEN, Kind.LIMIT, Kind.OVERLOADED, Kind.INTERNAL)) {
            for (var i = 0; i < 10; i++) {
                fails("n1", kind);
            }
        }
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.FIT);
    }

    @Test
    void aTimeoutIsTheNodesOnlyIfNothingWasHeardOfIt() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        for (var i = 0; i < 5; i++) {
            var sending = cluster.table.sending(cluster.view("n1"), Samples.ACME);
            cluster.now += 10;
            cluster.says("n1");
            if (sending != null) {
                sending.ended(Kind.TIMEOUT);
            }
        }
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.FIT);
        for (var i = 0; i < 5; i++) {
            fails("n1", Kind.TIMEOUT);
        }
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.DOUBTFUL);
    }

    @Test
    void aTenantThatIsFullOnANodeIsNotSentThereUntilItTellsMore() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        var running = cluster.table.sending(cluster.view("n1"), Samples.ACME);
        fails("n1", Kind.OVERLOADED);
        assertThat(cluster.chosen()).isNotEqualTo("n1");
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.FIT);
        cluster.says("n1", Samples.awake(Samples.ACME, 0, 0));
        assertThat(cluster.chosen()).isEqualTo("n1");
        assertThat(running).isNotNull();
    }

    @Test
    void aNodeThatSaysToACallThatItGoesGetsNoMore() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        fails("n1", Kind.DRAINING);
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.LEAVING);
        assertThat(cluster.chosen()).isNotEqualTo("n1");
    }

    @Test
    void aNodeThatDrainsGivesItsOwnCallsToOthers() {
        cluster.loadHere(Samples.awake(Samples.ACME, 0, 0));
        allSay();
        assertThat(cluster.chosen()).isEqualTo("here");
        cluster.table.drain();
        assertThat(cluster.chosen()).isNotEqualTo("here");
    }

    @Test
    void aNodeThatVanishesAndComesBackIsNotTrustedAtOnce() {
        allSay();
        cluster.leaves("n1");
        assertThat(cluster.table.situation().nodes()).hasSize(3);
        cluster.joins("n1");
        cluster.says("n1");
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.DOUBTFUL);
        cluster.passes(1_000);
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.FIT);
    }

    @Test
    void aNodeThatWentInOrderIsTrustedWhenItIsBack() {
        allSay();
        cluster.says("n1", true, true, List.of());
        cluster.leaves("n1");
        cluster.joins("n1");
        cluster.says("n1");
        assertThat(cluster.view("n1").fitness()).isEqualTo(Fitness.FIT);
    }

    @Test
    void callsThatAreOnTheirWayCountUntilTheFactsKnowThem() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        cluster.says("n2", Samples.awake(Samples.ACME, 0, 0));
        assertThat(cluster.chosen()).isIn("n1", "n2");
        var first = cluster.chosen();
        for (var i = 0; i < 30; i++) {
            assertThat(cluster.table.sending(cluster.view(first), Samples.ACME)).isNotNull();
        }
        assertThat(cluster.chosen()).as("30 calls at 8 at once wait").isNotEqualTo(first);
    }

    @Test
    void theQuickWayChoosesWhatThePolicyChooses() {
        var random = new SplittableRandom(44);
        for (var run = 0; run < 500; run++) {
            var here = new Load(
                    Samples.ACME, Phase.AWAKE, random.nextInt(8), 0, 8, 64, Samples.millis(random.nextInt(200)), 0);
            cluster.loadHere(here);
            cluster.says("n1", Samples.awake(Samples.ACME, random.nextInt(9), random.nextInt(3)));
            cluster.passes(0);
            var all = cluster.table.situation();
            var asked = new Question(
                    Samples.ACME, here, Question.first(Samples.ACME, all).recent(), -1, 0, -1);
            var choice = Policy.decide(all, asked, Samples.COSTS);
            assertThat(cluster.table.choose(Samples.ACME))
                    .as("run %d", run)
                    .isSameAs(all.nodes().get(choice == null ? -1 : choice.node()));
        }
    }

    @Test
    void whoeverOperatesTheNodesSeesThemAll() {
        allSay(Samples.awake(Samples.ACME, 0, 0));
        var reports = cluster.table.report();
        assertThat(reports).extracting(report -> report.member().name()).containsExactly("here", "n1", "n2", "n3");
        assertThat(reports.get(1).state()).isEqualTo("fit");
        assertThat(reports.get(1).awake()).isEqualTo(1);
    }
}
