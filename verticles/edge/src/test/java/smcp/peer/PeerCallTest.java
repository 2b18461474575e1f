package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.Usage;
import smcp.protocol.Json;

class PeerCallTest {
    private final Pair pair = new Pair();

    @AfterEach
    void close() {
        pair.close();
    }

    @Test
    void aCallArrivesWholeAndItsAnswerComesBack() {
        var call = Calls.full();
        var heard = new Heard();
        var far = pair.linked();

        var _ = far.start(call, heard);

        var there = pair.arrival();
        assertThat(there.call)
                .usingRecursiveComparison()
                .ignoringFields("deadlineNanos", "used")
                .withEqualsForType(Json::equals, Json.class)
                .isEqualTo(call);
        there.sink.accept(new CallEvent.Result(Calls.inside("{\"x\":\"ü\"}")));
        assertThat(heard.result()).isEqualTo("{\"x\":\"ü\"}");
    }

    @Test
    void everyEventComesOverInOrderAndAtOnce() {
        var heard = new Heard();
        var _ = pair.linked().start(Calls.small(), heard);
        var there = pair.arrival();

        there.sink.accept(CallEvent.Begun.NOW);
        assertThat(heard.next()).isEqualTo(CallEvent.Begun.NOW);
        var notice = new CallEvent.Notice("notifications/progress", Json.of("{\"progress\":1}"));
        there.sink.accept(notice);
        assertThat(heard.next()).isEqualTo(notice);
        there.sink.accept(new CallEvent.CloseStream(Duration.ofMillis(250)));
        assertThat(heard.next()).isEqualTo(new CallEvent.CloseStream(Duration.ofMillis(250)));
        var failed = new CallEvent.Failed(-32602, "größer", Json.of("[1]"));
        there.sink.accept(failed);
        assertThat(heard.next()).isEqualTo(failed);
    }

    @Test
    void aFaultOfTheOtherNodeIsTheSameHere() {
        var heard = new Heard();
        var _ = pair.linked().start(Calls.small(), heard);
        pair.arrival().sink.accept(new CallEvent.Broken(new Fault(Kind.ENGINE_LOST, "it died")));
        var fault = heard.fault();
        assertThat(fault.kind()).isEqualTo(Kind.ENGINE_LOST);
        assertThat(fault.message()).isEqualTo("it died");
    }

    @Test
    void whatACallUsedComesBackWithItsEnd() {
        var call = Calls.small();
        call.used().addAttempt();
        var heard = new Heard();
        var _ = pair.linked().start(call, heard);
        var there = pair.arrival();
        assertThat(there.call.used().attempts()).isEqualTo(1);
        there.call.used().addCpuMillis(70_000);
        there.call.used().addResponseBytes(1L << 33);
        var _ = there.call.used().addNotice();
        there.call.used().addSubRequest();
        there.sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));

        assertThat(heard.result()).isEqualTo("{}");
        assertThat(call.used()).usingRecursiveComparison().isEqualTo(used(there.call.used()));
    }

    private static Usage used(Usage there) {
        var usage = Usage.afterAttempts(1);
        usage.add(there.cpuMillis(), there.responseBytes(), there.notices(), there.subRequests());
        return usage;
    }

    @Test
    void theDeadlineGoesOverAsTheTimeThatIsLeft() {
        var call = Calls.small(Duration.ofSeconds(7));
        var _ = pair.linked().start(call, new Heard());
        var left = pair.arrival().call.deadlineNanos() - System.nanoTime();
        assertThat(Duration.ofNanos(left)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(7));
    }

    @Test
    void aNodeThatForgetsTheDeadlineDoesNotKeepTheCaller() {
        var heard = new Heard();
        // its time has been over for longer than any node may need to say so
        var _ = pair.linked().start(Calls.small(Duration.ofSeconds(-10)), heard);
        assertThat(heard.fault().kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(Pair.next(pair.arrival().cancelled)).isNotEmpty();
    }

    @Test
    void aCancelReachesTheEngineAndEndsNothingElse() {
        var far = pair.linked();
        var other = new Heard();
        var _ = far.start(Calls.small(), other);
        var otherThere = pair.arrival();
        var heard = new Heard();
        var running = far.start(Calls.small(), heard);
        var there = pair.arrival();

        running.cancel("enough");

        assertThat(Pair.next(there.cancelled)).isNotEmpty();
        there.sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
        otherThere.sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
        assertThat(other.result()).isEqualTo("{}");
        assertThat(heard.all).isEmpty();
        assertThat(otherThere.cancelled).isEmpty();
    }

    /** Servers of HTTP/2 take many resets for an attack; here they are what clients of MCP do every day. */
    @Test
    void aThousandCancelsDoNotCostTheLink() {
        var far = pair.linked();
        var first = new Heard();
        var _ = far.start(Calls.small(), first);
        var firstThere = pair.arrival();
        for (var i = 0; i < 1_000; i++) {
            var running = far.start(Calls.small(), new Heard());
            var there = pair.arrival();
            running.cancel("enough");
            assertThat(Pair.next(there.cancelled)).isNotEmpty();
        }
        firstThere.sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
        assertThat(first.result()).isEqualTo("{}");
    }

    @Test
    void aThousandCallsAtOnceEachGetTheirOwnAnswer() {
        var far = pair.linked();
        var all = new ArrayList<Heard>();
        for (var i = 0; i < 1_000; i++) {
            var heard = new Heard();
            all.add(heard);
            var _ = far.start(Calls.small(Duration.ofSeconds(30 + i)), heard);
        }
        var there = new ArrayList<Pair.Arrived>();
        for (var i = 0; i < 1_000; i++) {
            there.add(pair.arrival());
        }
        // each answers with the second that it was given
        for (var each : there) {
            var left = Duration.ofNanos(each.call.deadlineNanos() - System.nanoTime());
            each.sink.accept(new CallEvent.Result(Json.of("{\"left\":" + left.toSeconds() + "}")));
        }
        for (var i = 0; i < 1_000; i++) {
            var left = all.get(i).result();
            var seconds = Integer.parseInt(left.replaceAll("[^0-9]", ""));
            assertThat(seconds).isBetween(15 + i, 30 + i);
        }
    }

    @Test
    void largeFramesGoBothWays() {
        var far = pair.linked();
        var call = Calls.small();
        var large = Json.of("{\"name\":\"add\",\"arguments\":{\"a\":\"" + "y".repeat(4 << 20) + "\"}}");
        var heard = new Heard();
        var _ = far.start(
                new Call(
                        call.version(),
                        call.principal(),
                        call.permissions(),
                        call.client(),
                        call.method(),
                        call.name(),
                        large,
                        Json.slice(large.bytes(), 26, large.to() - 1),
                        call.foreignMeta(),
                        null,
                        null,
                        null,
                        null,
                        call.deadlineNanos(),
                        call.used()),
                heard);
        var there = pair.arrival();
        assertThat(there.call.params()).isEqualTo(large);
        assertThat(there.call.arguments()).isNotNull();
        assertThat(there.call.arguments().length()).isEqualTo(large.length() - 27);

        var result = Json.of("{\"r\":\"" + "z".repeat(8 << 20) + "\"}");
        there.sink.accept(new CallEvent.Notice("notifications/message", result));
        there.sink.accept(new CallEvent.Result(result));
        assertThat(heard.next()).isEqualTo(new CallEvent.Notice("notifications/message", result));
        assertThat(heard.next()).isEqualTo(new CallEvent.Result(result));
    }

    @Test
    void anAnswerLongerThanTheBoundEndsTheCall() {
        var heard = new Heard();
        var _ = pair.linked().start(Calls.small(), heard);
        var there = pair.arrival();
        there.sink.accept(new CallEvent.Result(Json.of("{\"r\":\"" + "z".repeat(33 << 20) + "\"}")));
        assertThat(heard.fault().message()).contains("peer.maxFrameBytes");
    }

    @Test
    void aCallThatSaysMoreThanTheNodesPassOnIsEnded() throws Exception {
        var far = pair.linked();
        var stuck = new CountDownLatch(1);
        var heard = new Heard();
        var context = pair.near.getOrCreateContext();
        context.runOnContext(_ -> {
            var _ = far.start(Calls.small(), heard);
        });
        var there = pair.arrival();
        context.runOnContext(_ -> {
            try {
                stuck.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        var notice = new CallEvent.Notice("notifications/message", Json.of("\"" + "n".repeat(300_000) + "\""));
        for (var i = 0; i < 20 && there.cancelled.isEmpty(); i++) {
            there.sink.accept(notice);
        }
        assertThat(Pair.next(there.cancelled)).isNotEmpty();
        stuck.countDown();
        Awaitility.await().until(() -> !heard.all.isEmpty() && heard.all.getLast() instanceof CallEvent.End);
        assertThat(((CallEvent.Broken) heard.all.getLast()).fault().kind()).isEqualTo(Kind.LIMIT);
    }

    @Test
    void aCallFromAnEventLoopHearsItsEventsThere() {
        var far = pair.linked();
        for (var i = 0; i < 4; i++) {
            var context = pair.near.getOrCreateContext();
            var on = Promise.<List<Thread>>promise();
            context.runOnContext(_ -> {
                var here = Thread.currentThread();
                var _ = far.start(Calls.small(), event -> {
                    if (event instanceof CallEvent.End) {
                        on.complete(List.of(here, Thread.currentThread()));
                    }
                });
            });
            pair.arrival().sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
            var threads = Pair.await(on.future());
            assertThat(threads.get(0)).isSameAs(threads.get(1));
        }
    }

    @Test
    void theRoundTripIsMeasured() {
        pair.linked();
        var nanos = pair.links.roundTripNanos(pair.far()).orElseThrow();
        assertThat(Duration.ofNanos(nanos)).isLessThan(Duration.ofSeconds(2));
        pair.links.lost(pair.far());
        assertThat(pair.links.roundTripNanos(pair.far())).isEmpty();
    }
}
