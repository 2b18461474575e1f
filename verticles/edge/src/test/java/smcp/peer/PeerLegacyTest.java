package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.contract.LegacyRequest;
import smcp.contract.Reply;
import smcp.protocol.Json;

class PeerLegacyTest {
    private static final Json ID = Json.of("\"a\"");
    private final Pair pair = new Pair();

    @AfterEach
    void close() {
        pair.close();
    }

    private void send(@Nullable Client client, Consumer<Fault> lost) {
        LegacyRequest round = Calls.legacy(Calls.small());
        if (client == null) {
            pair.links.serve(pair.far(), round, null, lost);
        } else {
            client.does(() -> pair.links.serve(pair.far(), round, client, lost));
        }
    }

    @CanIgnoreReturnValue
    private Client sent() {
        var client = new Client(pair.near);
        send(client, client.lost::add);
        return client;
    }

    /** The reply as the far node has it; used on its context only. */
    @CanIgnoreReturnValue
    private Reply arrived() {
        return Objects.requireNonNull(Pair.next(pair.rounds).reply());
    }

    private static void on(Reply reply, Runnable task) {
        reply.context().runOnContext(_ -> task.run());
    }

    @Test
    void everyAnswerIsGivenToTheClientAsItIs() {
        pair.linked();
        expect(reply -> reply.result(ID, Json.of("{\"ü\":1}")), "result \"a\" {\"ü\":1}");
        expect(reply -> reply.failed(ID, -32602, "wrong", Json.of("[1]")), "failed \"a\" -32602 wrong [1]");
        expect(reply -> reply.failed(ID, -32602, "wrong", null), "failed \"a\" -32602 wrong -");
        expect(reply -> reply.fault(ID, new Fault(Kind.LIMIT, "much")), "fault \"a\" LIMIT much");
        expect(reply -> reply.fault(null, new Fault(Kind.OVERLOADED, "full")), "fault - OVERLOADED full");
        expect(Reply::accepted, "accepted");
        expect(Reply::done, "done");
        expect(
                reply -> {
                    reply.header("Mcp-Session-Id", "s");
                    reply.header("X-Two", "2");
                    reply.result(ID, Json.EMPTY_OBJECT);
                },
                "header Mcp-Session-Id=s",
                "header X-Two=2",
                "result \"a\" {}");
        expect(
                reply -> {
                    var stream = reply.stream();
                    stream.event("s.0", null);
                    stream.event(null, Json.of("{\"n\":1}"));
                    stream.event("s.1", Json.of("{\"n\":2}"));
                    stream.retry(500);
                    stream.end();
                },
                "stream",
                "event s.0 -",
                "event null {\"n\":1}",
                "event s.1 {\"n\":2}",
                "retry 500",
                "end");
        expect(reply -> reply.stream().cut(), "stream", "cut");
    }

    private void expect(Consumer<Reply> answer, String... done) {
        var client = sent();
        var reply = arrived();
        on(reply, () -> answer.accept(reply));
        for (var each : done) {
            assertThat(client.next()).isEqualTo(each);
        }
        assertThat(client.lost).isEmpty();
    }

    @Test
    void aRoundWithoutAConnectionHasNone() {
        pair.linked();
        send(null, fault -> {
            throw new AssertionError(fault);
        });
        var round = Pair.next(pair.rounds);
        assertThat(round.reply()).isNull();
        assertThat(round.request().requestId().text()).isEqualTo("7");
        assertThat(round.request().session().id()).isEqualTo("session-1");
    }

    @Test
    void aClientThatGoesDetachesItsReplyAndNothingMore() {
        pair.linked();
        var client = sent();
        var reply = arrived();
        var gone = new CountDownLatch(1);
        on(reply, () -> {
            reply.onGone(gone::countDown);
            reply.stream().event("s.0", null);
        });
        assertThat(client.next()).isEqualTo("stream");
        assertThat(client.next()).isEqualTo("event s.0 -");

        client.goes();

        assertThat(await(gone)).isTrue();
        // the call there goes on, and what it says is for nobody
        var after = new CountDownLatch(1);
        on(reply, () -> {
            reply.stream().event("s.1", Json.EMPTY_OBJECT);
            reply.stream().end();
            after.countDown();
        });
        assertThat(await(after)).isTrue();
        assertThat(client.done).isEmpty();
        assertThat(client.lost).isEmpty();
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aSlowClientStopsItsOwnStreamAndNoOther() {
        var far = pair.linked();
        var slow = sent();
        var reply = arrived();
        slow.stopsReading();
        var data = Json.of("\"" + "d".repeat(10_000) + "\"");
        var written = new AtomicInteger();
        var full = new CountDownLatch(1);
        on(reply, () -> {
            var stream = reply.stream();
            write(reply, stream, data, written, full);
        });
        assertThat(await(full)).as("the far end sees that nobody reads").isTrue();
        assertThat(slow.next()).isEqualTo("stream");
        var held = written.get();
        // what came with the news that a stream begins could not be held back any more
        var early = slow.done.size();
        assertThat(early).isLessThan(20);

        for (var i = 0; i < 50; i++) {
            var heard = new Heard();
            var _ = far.start(Calls.small(), heard);
            pair.arrival().sink.accept(new CallEvent.Result(data));
            assertThat(heard.result()).hasSize(10_002);
        }
        assertThat(slow.done).hasSize(early);
        assertThat(written).hasValue(held);

        slow.readsOn();
        for (var i = 0; i < 400; i++) {
            assertThat(slow.next()).isEqualTo("event " + i + " long");
        }
        assertThat(slow.next()).isEqualTo("end");
    }

    /** Writes as long as it may, as a reader of a log does. */
    private static void write(
            Reply reply, Reply.EventStream stream, Json data, AtomicInteger written, CountDownLatch full) {
        while (written.get() < 400) {
            if (stream.full()) {
                full.countDown();
                stream.onDrain(() -> write(reply, stream, data, written, full));
                return;
            }
            stream.event(String.valueOf(written.getAndIncrement()), data);
        }
        stream.end();
    }

    @Test
    void whoWritesWithoutLookingIsCutAtTheBound() {
        pair.linked();
        var slow = sent();
        var reply = arrived();
        slow.stopsReading();
        var data = Json.of("\"" + "d".repeat(100_000) + "\"");
        on(reply, () -> {
            var stream = reply.stream();
            for (var i = 0; i < 100; i++) {
                stream.event(String.valueOf(i), data);
            }
        });
        assertThat(slow.next()).isEqualTo("stream");
        slow.readsOn();
        Awaitility.await().until(() -> slow.done.contains("cut"));
        assertThat(slow.done.size()).isLessThan(30);
    }

    @Test
    void aNodeLostBeforeItsAnswerIsToldAndAfterItsStreamBeganTheReplyIsCut() {
        pair.linked();
        var waits = sent();
        arrived();
        var streams = sent();
        var reply = arrived();
        on(reply, () -> reply.stream().event("s.0", null));
        assertThat(streams.next()).isEqualTo("stream");
        assertThat(streams.next()).isEqualTo("event s.0 -");
        var headersOnly = sent();
        var third = arrived();
        on(third, () -> third.header("a", "b"));

        Pair.await(pair.far.close());

        assertThat(Pair.next(waits.lost).kind()).isEqualTo(Kind.NODE_LOST);
        assertThat(waits.done).isEmpty();
        assertThat(Pair.next(headersOnly.lost).kind()).isEqualTo(Kind.NODE_LOST);
        assertThat(headersOnly.done).as("it may still go elsewhere").isEmpty();
        assertThat(streams.next()).isEqualTo("cut");
        assertThat(streams.lost).isEmpty();
    }

    @Test
    void aLegacyCallRunsOnWhenTheNodeOfItsClientIsLost() {
        pair.linked();
        sent();
        var reply = arrived();
        var gone = new CountDownLatch(1);
        on(reply, () -> reply.onGone(gone::countDown));
        Pair.await(pair.near.close());
        assertThat(await(gone)).isTrue();
    }
}
