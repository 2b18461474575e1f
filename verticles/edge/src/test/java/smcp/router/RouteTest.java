package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.TenantCall;
import smcp.protocol.Json;
import smcp.protocol.Method;

/** When a call is tried a second time, and when it must not be. */
class RouteTest {
    private static final CallEvent.Result RESULT = new CallEvent.Result(Json.EMPTY_OBJECT);
    private static final CallEvent.Notice NOTICE = new CallEvent.Notice("notifications/progress", Json.EMPTY_OBJECT);

    private final FakeCluster cluster = new FakeCluster("n1", "n2");
    private final List<CallEvent> heard = new ArrayList<>();

    private TenantCall.Running start(Call call) {
        cluster.says("n1", Samples.awake(Samples.ACME, 0, 0));
        cluster.says("n2");
        return new Route(cluster.ways).start(call, heard::add);
    }

    private Call started(String tool) {
        var call = Samples.tool(tool);
        var _ = start(call);
        assertThat(cluster.triedAt()).containsExactly("n1");
        return call;
    }

    private void isBroken(Kind kind) {
        assertThat(heard.getLast())
                .isInstanceOfSatisfying(
                        CallEvent.Broken.class,
                        broken -> assertThat(broken.fault().kind()).isEqualTo(kind));
    }

    @Test
    void aCallGoesWhereItsVersionIsAwakeAndItsEventsComeBack() {
        var call = started("write");
        cluster.attempts.getFirst().says(CallEvent.Begun.NOW);
        cluster.attempts.getFirst().says(NOTICE);
        cluster.attempts.getFirst().says(RESULT);
        assertThat(heard).containsExactly(CallEvent.Begun.NOW, NOTICE, RESULT);
        assertThat(call.used().attempts()).isEqualTo(1);
    }

    @Test
    void aCallThatWasNotDeliveredIsTriedElsewhereWhateverItDoes() {
        var call = started("write");
        cluster.attempts.getFirst().breaks(Kind.NODE_UNREACHABLE);
        assertThat(cluster.triedAt()).hasSize(2).doesNotHaveDuplicates();
        cluster.attempts.getLast().says(RESULT);
        assertThat(heard).containsExactly(RESULT);
        assertThat(call.used().attempts()).isEqualTo(2);
    }

    @Test
    void aLostNodesCallIsTriedElsewhereIfItsToolSaysThatItMay() {
        var call = started("read");
        cluster.attempts.getFirst().says(CallEvent.Begun.NOW);
        cluster.attempts.getFirst().breaks(Kind.NODE_LOST);
        cluster.attempts.getLast().says(CallEvent.Begun.NOW);
        cluster.attempts.getLast().says(RESULT);
        assertThat(heard).as("begun once").containsExactly(CallEvent.Begun.NOW, RESULT);
        assertThat(call.used().attempts()).isEqualTo(2);
    }

    @Test
    void aLostNodesCallIsTriedElsewhereIfItIsNoToolCall() {
        var _ = start(
                Samples.call(Samples.ACME, Method.RESOURCES_READ, "file:///x", cluster.now + Samples.millis(1_000)));
        cluster.attempts.getFirst().breaks(Kind.NODE_LOST);
        assertThat(cluster.triedAt()).hasSize(2);
    }

    @Test
    void aLostNodesCallIsNotTriedAgainIfItsToolPromisesNothing() {
        var call = started("write");
        cluster.attempts.getFirst().breaks(Kind.NODE_LOST);
        assertThat(cluster.triedAt()).hasSize(1);
        isBroken(Kind.NODE_LOST);
        assertThat(call.used().attempts()).isEqualTo(1);
    }

    @Test
    void aCallOfWhichTheClientHasSeenSomethingIsNotTriedAgain() {
        var _ = started("read");
        cluster.attempts.getFirst().says(NOTICE);
        cluster.attempts.getFirst().breaks(Kind.NODE_LOST);
        assertThat(cluster.triedAt()).hasSize(1);
        isBroken(Kind.NODE_LOST);
    }

    @ParameterizedTest
    @EnumSource(names = {"DRAINING", "OVERLOADED", "NOT_DEPLOYED"})
    void aCallThatWasRefusedAtTheDoorIsTriedElsewhere(Kind refusal) {
        var _ = started("write");
        cluster.attempts.getFirst().breaks(refusal);
        assertThat(cluster.triedAt()).hasSize(2).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DRAINING", "OVERLOADED", "NOT_DEPLOYED", "NODE_UNREACHABLE", "NODE_LOST"})
    void noOtherFailureIsTriedAgain(Kind kind) {
        var _ = started("read");
        cluster.attempts.getFirst().breaks(kind);
        assertThat(cluster.triedAt()).hasSize(1);
        isBroken(kind);
    }

    @Test
    void aCallIsTriedTwiceAtMost() {
        var call = started("read");
        cluster.attempts.getFirst().breaks(Kind.NODE_LOST);
        cluster.attempts.getLast().breaks(Kind.NODE_UNREACHABLE);
        assertThat(cluster.triedAt()).hasSize(2);
        isBroken(Kind.NODE_UNREACHABLE);
        assertThat(call.used().attempts()).isEqualTo(2);
    }

    @Test
    void aCallWhoseDeadlineHasPassedIsNotTriedAgain() {
        var _ = start(Samples.call(Samples.ACME, Method.TOOLS_CALL, "read", cluster.now + 5));
        cluster.now += 5;
        cluster.attempts.getFirst().breaks(Kind.NODE_UNREACHABLE);
        assertThat(cluster.triedAt()).hasSize(1);
        isBroken(Kind.NODE_UNREACHABLE);
    }

    @Test
    void aCancelledCallIsCancelledThereAndNotTriedAgain() {
        var running = start(Samples.tool("read"));
        running.cancel("enough");
        assertThat(cluster.attempts.getFirst().cancelled).isEqualTo("enough");
        cluster.attempts.getFirst().breaks(Kind.NODE_LOST);
        assertThat(cluster.triedAt()).hasSize(1);
    }

    @Test
    void aCancelReachesTheSecondAttempt() {
        var running = start(Samples.tool("read"));
        cluster.attempts.getFirst().breaks(Kind.NODE_LOST);
        running.cancel("enough");
        assertThat(cluster.attempts.getLast().cancelled).isEqualTo("enough");
    }

    @Test
    void aNodeByItselfServesEverything() {
        var alone = new FakeCluster();
        var call = Samples.tool("write");
        var running = new Route(alone.ways).start(call, heard::add);
        assertThat(running).as("nothing in between").isSameAs(alone.attempts.getFirst());
        assertThat(call.used().attempts()).isEqualTo(1);
    }

    @Test
    void whatArrivesIsExecutedHereOrRefused() {
        var arrivals = new Arrivals(cluster.table, cluster.ways.here(), (_, _) -> {});
        cluster.says("n1", Samples.awake(Samples.ACME, 0, 0));
        var _ = arrivals.start(Samples.tool("write"), heard::add);
        assertThat(cluster.triedAt()).containsExactly("here");
        cluster.table.drain();
        var _ = arrivals.start(Samples.tool("write"), heard::add);
        assertThat(cluster.triedAt()).hasSize(1);
        isBroken(Kind.DRAINING);
    }
}
