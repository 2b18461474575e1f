package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import smcp.contract.Loads.Load;
import smcp.contract.Loads.Phase;
import smcp.router.Question.Recent;

class PolicyTest {
    private static final int RUNS = 3_000;
    private static final List<Fitness> FITNESS = List.of(Fitness.values());

    private static NodeView node(String name, int region, double roundTrip, Fitness fitness, @Nullable Load load) {
        var member = Samples.member(name, "r" + region, "z");
        return new NodeView(
                member,
                region,
                Rendezvous.hash(member.id()),
                Samples.millis(roundTrip),
                fitness,
                0,
                load == null ? Map.of() : Map.of(Samples.ACME, load));
    }

    private static NodeView fit(String name, double roundTrip, @Nullable Load load) {
        return node(name, 0, roundTrip, Fitness.FIT, load);
    }

    private static Situation situation(NodeView... nodes) {
        var regions = Arrays.stream(nodes).mapToInt(NodeView::region).max().orElse(0) + 1;
        return new Situation(List.of(nodes), 0, regions);
    }

    private static Question asked(Situation situation, @Nullable Load here, int before, int without) {
        return new Question(
                Samples.ACME, here, Collections.nCopies(situation.nodes().size(), Recent.NOTHING), before, 0, without);
    }

    private static String chosen(Situation situation, Question question) {
        var choice = Policy.decide(situation, question, Samples.COSTS);
        return choice == null
                ? "none"
                : situation.nodes().get(choice.node()).member().name();
    }

    private static String chosen(Situation situation, @Nullable Load here) {
        return chosen(situation, asked(situation, here, -1, -1));
    }

    @Test
    void aVersionThatIsAwakeHereIsServedHere() {
        var all = situation(fit("here", 0, null), fit("near", 0.1, Samples.awake(Samples.ACME, 0, 0)));
        assertThat(chosen(all, Samples.awake(Samples.ACME, 7, 0))).isEqualTo("here");
    }

    @Test
    void aVersionThatMustWaitHereIsServedWhereItNeedNot() {
        var all = situation(fit("here", 0, null), fit("near", 0.3, Samples.awake(Samples.ACME, 2, 0)));
        assertThat(chosen(all, Samples.awake(Samples.ACME, 8, 6))).isEqualTo("near");
    }

    @Test
    void aVersionThatSleepsHereIsServedWhereItIsAwakeThoughThatIsFarther() {
        var all = situation(
                fit("here", 0, null),
                fit("near", 0.3, null),
                node("far", 1, 80, Fitness.FIT, Samples.awake(Samples.ACME, 0, 0)));
        assertThat(chosen(all, (Load) null)).isEqualTo("far");
    }

    @Test
    void ofTwoThatAreAwakeTheNearerServes() {
        var all = situation(
                fit("here", 0, null),
                fit("zone", 0.3, Samples.awake(Samples.ACME, 0, 0)),
                fit("region", 3, Samples.awake(Samples.ACME, 0, 0)));
        assertThat(chosen(all, (Load) null)).isEqualTo("zone");
    }

    @Test
    void everyNodeSendsTheFirstCallToTheSameNode() {
        for (var tenant = 0; tenant < 200; tenant++) {
            var version = Samples.version("t" + tenant);
            var seen = new ArrayList<String>();
            for (var self = 0; self < 5; self++) {
                var nodes = new ArrayList<NodeView>();
                for (var i = 0; i < 5; i++) {
                    nodes.add(fit("n" + i, i == self ? 0 : 0.3, null));
                }
                var all = new Situation(nodes, self, 1);
                var choice = Policy.decide(all, Question.first(version, all), Samples.COSTS);
                seen.add(
                        choice == null
                                ? "none"
                                : nodes.get(choice.node()).member().name());
            }
            assertThat(seen).as("tenant %d", tenant).containsOnly(seen.getFirst());
        }
    }

    @Test
    void tenantsAreSpreadOverTheNodes() {
        var all = situation(fit("n0", 0, null), fit("n1", 0.3, null), fit("n2", 0.3, null), fit("n3", 0.3, null));
        var count = new int[4];
        for (var tenant = 0; tenant < 1_000; tenant++) {
            var choice = Policy.decide(all, Question.first(Samples.version("t" + tenant), all), Samples.COSTS);
            count[choice == null ? 0 : choice.node()]++;
        }
        assertThat(Arrays.stream(count).boxed())
                .allSatisfy(share -> assertThat(share).isBetween(190, 310));
    }

    @Test
    void aTenantThatIsBeingStartedIsNotStartedTwiceInARegion() {
        var all = situation(
                fit("here", 0, null), fit("starts", 0.3, Samples.starting(Samples.ACME, 40)), fit("idle", 0.3, null));
        assertThat(chosen(all, (Load) null)).isEqualTo("starts");
    }

    @Test
    void whatThisNodeHasSentToASleepingNodeCountsAsAStart() {
        var all = situation(fit("here", 0, null), fit("n1", 0.3, null), fit("n2", 0.3, null));
        var recent = List.of(Recent.NOTHING, new Recent(30, false), Recent.NOTHING);
        assertThat(chosen(all, new Question(Samples.ACME, null, recent, -1, 0, -1)))
                .isEqualTo("n1");
    }

    @Test
    void aTenantWidensWhenItsCallsHaveWaitedForAsLongAsAStartTakes() {
        var busy = Samples.awake(Samples.ACME, 8, 20);
        var all = situation(fit("here", 0, null), fit("busy", 0.3, busy), fit("idle", 0.3, null));
        var patient = asked(all, null, -1, -1);
        var waited = new Question(Samples.ACME, null, patient.recent(), 1, Samples.millis(200), -1);
        assertThat(chosen(all, patient)).isEqualTo("busy");
        assertThat(chosen(all, waited)).isNotEqualTo("busy");
    }

    @Test
    void anotherRegionStartsNothingWhileTheOwnCould() {
        var all = situation(
                fit("here", 0, null),
                fit("busy", 0.3, Samples.awake(Samples.ACME, 8, 64)),
                node("far", 1, 10, Fitness.FIT, null));
        var waited =
                new Question(Samples.ACME, null, asked(all, null, -1, -1).recent(), -1, Samples.millis(10_000), -1);
        assertThat(chosen(all, waited)).isEqualTo("here");
    }

    @Test
    void anotherRegionHelpsWhenTheOwnIsFull() {
        var all = situation(fit("here", 0, null), node("far", 1, 80, Fitness.FIT, null));
        assertThat(chosen(all, Samples.awake(Samples.ACME, 8, 64))).isEqualTo("far");
    }

    @Test
    void aMachineOnWhichCallsRunSeveralTimesAsLongIsAvoided() {
        var slow = new Load(Samples.ACME, Phase.AWAKE, 0, 0, 8, 64, Samples.millis(200), 0);
        var all = situation(fit("here", 0, null), fit("quick", 0.3, Samples.awake(Samples.ACME, 0, 0)));
        assertThat(chosen(all, slow)).isEqualTo("quick");
    }

    @Test
    void aNodeThatIsDoubtfulIsChosenOnlyIfNoOtherIsThere() {
        var awake = Samples.awake(Samples.ACME, 0, 0);
        var doubtful = node("doubtful", 0, 0.1, Fitness.DOUBTFUL, awake);
        assertThat(chosen(situation(fit("here", 0, null), doubtful), (Load) null))
                .isEqualTo("here");
        assertThat(chosen(situation(node("here", 0, 0, Fitness.LEAVING, null), doubtful), (Load) null))
                .isEqualTo("doubtful");
    }

    @Test
    void aNodeThatIsLeavingServesItsOwnClientsIfItIsAllThatIsLeft() {
        var leaving = node("other", 0, 0.1, Fitness.LEAVING, null);
        var all = situation(node("here", 0, 0, Fitness.LEAVING, null), leaving);
        assertThat(chosen(all, Samples.awake(Samples.ACME, 0, 0))).isEqualTo("here");
    }

    @Test
    void withoutTheNodeThatFailedThereMayBeNone() {
        var all = situation(fit("here", 0, null));
        assertThat(chosen(all, asked(all, null, -1, 0))).isEqualTo("none");
    }

    private static NodeView anyNode(SplittableRandom random, int i) {
        var fitness = i == 0 && random.nextInt(4) > 0 ? Fitness.FIT : FITNESS.get(random.nextInt(FITNESS.size()));
        var load = switch (random.nextInt(4)) {
            case 0 -> Samples.awake(Samples.ACME, random.nextInt(9), random.nextInt(65));
            case 1 -> Samples.starting(Samples.ACME, random.nextInt(65));
            default -> null;
        };
        return node(
                "n" + i,
                i == 0 ? 0 : random.nextInt(3),
                i == 0 ? 0 : random.nextDouble(100),
                fitness,
                i == 0 ? null : load);
    }

    private static Situation anySituation(SplittableRandom random) {
        var nodes = new ArrayList<NodeView>();
        for (var i = 0; i <= random.nextInt(8); i++) {
            nodes.add(anyNode(random, i));
        }
        return new Situation(nodes, 0, 3);
    }

    @Test
    void somebodyAlwaysServesAndNeverOneThatIsOutWhileAnotherIsThere() {
        var random = new SplittableRandom(42);
        for (var run = 0; run < RUNS; run++) {
            var all = anySituation(random);
            var here = random.nextBoolean() ? Samples.awake(Samples.ACME, random.nextInt(9), random.nextInt(65)) : null;
            var choice = Policy.decide(all, asked(all, here, -1, -1), Samples.COSTS);
            assertThat(choice).as("run %d", run).isNotNull();
            var best = all.nodes().stream()
                    .map(NodeView::fitness)
                    .min(Fitness::compareTo)
                    .orElseThrow();
            var got = all.nodes().get(choice == null ? 0 : choice.node()).fitness();
            // all that are fit may be full
            var allowed = best == Fitness.FIT ? Fitness.DOUBTFUL : best;
            assertThat(got).as("run %d", run).isLessThanOrEqualTo(allowed);
            if (got == Fitness.DOUBTFUL && best == Fitness.FIT) {
                assertThat(choice == null ? Fitness.FIT : choice.fitness()).isEqualTo(Fitness.DOUBTFUL);
            }
        }
    }

    @Test
    void whatWasChosenIsChosenAgainUntilAnotherIsBetterByAFifth() {
        var random = new SplittableRandom(43);
        for (var run = 0; run < RUNS; run++) {
            var all = anySituation(random);
            var first = Policy.decide(all, asked(all, null, -1, -1), Samples.COSTS);
            var node = first == null ? -1 : first.node();
            var nodes = new ArrayList<NodeView>();
            for (var view : all.nodes()) {
                // round trips shake by less than half a millisecond
                nodes.add(new NodeView(
                        view.member(),
                        view.region(),
                        view.hash(),
                        view.roundTripNanos() == 0 ? 0 : view.roundTripNanos() + random.nextLong(500_000),
                        view.fitness(),
                        view.delayNanos(),
                        view.loads()));
            }
            var shaken = new Situation(nodes, 0, 3);
            var second = Policy.decide(shaken, asked(shaken, null, node, -1), Samples.COSTS);
            assertThat(second == null ? -1 : second.node()).as("run %d", run).isEqualTo(node);
        }
    }

    @Test
    void theSettingsRefuseWhatMakesNoSense() {
        var facts = RouterConfig.Facts.DEFAULT;
        assertThatThrownBy(() -> new RouterConfig.Facts(
                        facts.every(),
                        facts.wholeEvery(),
                        facts.atOnce(),
                        facts.mostVersions(),
                        facts.fresh(),
                        Duration.ofMillis(100),
                        facts.lagFrom(),
                        facts.overload()))
                .hasMessage("router.facts.silence must be PT0.75S to PT1M, got PT0.1S");
    }
}
