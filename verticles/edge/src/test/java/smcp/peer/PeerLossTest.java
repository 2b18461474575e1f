package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.contract.TenantCall;
import smcp.protocol.Json;
import smcp.testing.TcpProxy;

class PeerLossTest {
    private final Pair pair = new Pair();

    @AfterEach
    void close() {
        pair.close();
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    @Test
    void aNodeThatClosesInMidCallEndsItAtOnce() {
        var heard = new Heard();
        var _ = pair.linked().start(Calls.small(), heard);
        pair.arrival();
        var closing = System.nanoTime();
        var closed = pair.far.close();
        assertThat(heard.fault().kind()).isEqualTo(Kind.NODE_LOST);
        assertThat(millisSince(closing)).isLessThan(2_000);
        Pair.await(closed);
    }

    @Test
    void aCutConnectionEndsItsCallsWithinATenthOfASecond() {
        // the quickest of a few: how long a busy machine takes to look is not the link's
        var quickest = Long.MAX_VALUE;
        for (var i = 0; i < 5 && quickest >= 100; i++) {
            try (var proxy = TcpProxy.to(pair.server.port())) {
                var member = Pair.member("run-1", proxy.port());
                var heard = new Heard();
                var _ = pair.linked(member).start(Calls.small(), heard);
                pair.arrival();
                var cut = System.nanoTime();
                proxy.refuse();
                assertThat(heard.fault().kind()).isEqualTo(Kind.NODE_LOST);
                quickest = Math.min(quickest, millisSince(cut));
                pair.links.lost(member);
            }
        }
        assertThat(quickest).isLessThan(100);
    }

    @Test
    void aConnectionIsReplacedBeforeItsStreamsRunOut() {
        try (var worn = new Pair(5);
                var proxy = TcpProxy.to(worn.server.port())) {
            var far = worn.linked(Pair.member("run-1", proxy.port()));
            var first = new Heard();
            var _ = far.start(Calls.small(), first);
            var firstThere = worn.arrival();
            var calls = new AtomicInteger();
            Awaitility.await().until(() -> {
                var heard = new Heard();
                var _ = far.start(Calls.small(), heard);
                worn.arrival().sink.accept(new CallEvent.Result(Json.of(String.valueOf(calls.incrementAndGet()))));
                assertThat(heard.result()).isEqualTo(calls.toString());
                return proxy.accepted() >= 8;
            });
            // replaced, and still there for the call that it has
            firstThere.sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
            assertThat(first.result()).isEqualTo("{}");
        }
    }

    @Test
    void aNodeWhoseOwnCodeBreaksMayHaveExecutedTheCall() {
        pair.tenant = (_, _) -> {
            throw new IllegalStateException("a defect");
        };
        assertThat(faultOf(pair.linked()).kind()).isEqualTo(Kind.NODE_LOST);
    }

    @Test
    void aMemberThatIsRemovedEndsItsCallsAtOnce() {
        var heard = new Heard();
        var far = pair.linked();
        var _ = far.start(Calls.small(), heard);
        var there = pair.arrival();

        pair.links.lost(pair.far());

        assertThat(heard.fault().kind()).isEqualTo(Kind.NODE_LOST);
        assertThat(Pair.next(there.cancelled)).isNotEmpty();
        var late = new Heard();
        var _ = far.start(Calls.small(), late);
        assertThat(late.fault().kind()).isEqualTo(Kind.NODE_UNREACHABLE);
        var later = new Heard();
        var _ = pair.links.on(pair.far()).start(Calls.small(), later);
        assertThat(later.fault().kind()).isEqualTo(Kind.NODE_UNREACHABLE);
    }

    @Test
    void aNodeThatIsNotThereIsUnreachable() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        var member = Pair.member("run-1", free);
        pair.links.joined(member);
        Awaitility.await().untilAsserted(() -> {
            var fault = faultOf(pair.links.on(member));
            assertThat(fault.kind()).isEqualTo(Kind.NODE_UNREACHABLE);
            assertThat(fault.message()).contains("refused");
        });
        assertThat(pair.links.roundTripNanos(member)).isEmpty();
    }

    private static Fault faultOf(TenantCall call) {
        var heard = new Heard();
        var _ = call.start(Calls.small(), heard);
        return heard.fault();
    }

    @Test
    void aNodeThatHangsEndsItsCallsWithinTheBound() {
        try (var proxy = TcpProxy.to(pair.server.port())) {
            var member = Pair.member("run-1", proxy.port());
            var far = pair.linked(member);
            var heard = new Heard();
            var _ = far.start(Calls.small(), heard);
            pair.arrival();
            var hung = System.nanoTime();
            proxy.stall();
            assertThat(heard.fault().kind()).isEqualTo(Kind.NODE_LOST);
            // the bound, and a look at the clock
            assertThat(millisSince(hung)).isBetween(300L, 3_000L);
            assertThat(pair.links.roundTripNanos(member)).isEmpty();
            // and when it wakes it is used again
            proxy.flow();
            answers(far);
        }
    }

    private void answers(TenantCall far) {
        pair.tenant = (_, sink) -> {
            sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
            return TenantCall.Running.ENDED;
        };
        Awaitility.await().until(() -> {
            var heard = new Heard();
            var _ = far.start(Calls.small(), heard);
            return heard.next() instanceof CallEvent.Result;
        });
    }

    @Test
    void aLinkThatWasCutIsMadeAgain() {
        try (var proxy = TcpProxy.to(pair.server.port())) {
            var far = pair.linked(Pair.member("run-1", proxy.port()));
            proxy.refuse();
            Awaitility.await()
                    .untilAsserted(() -> assertThat(faultOf(far).kind()).isEqualTo(Kind.NODE_UNREACHABLE));
            proxy.flow();
            answers(far);
        }
    }

    @Test
    void aServerThatStopsInOrderTakesNoNewCallsAndEndsTheOld() {
        var far = pair.linked();
        var heard = new Heard();
        var _ = far.start(Calls.small(), heard);
        var there = pair.arrival();

        var stopping = pair.server.shutdown(Duration.ofSeconds(10));

        Awaitility.await().untilAsserted(() -> {
            var fault = faultOf(far);
            assertThat(fault.kind()).isEqualTo(Kind.NODE_UNREACHABLE);
        });
        there.sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
        assertThat(heard.result()).isEqualTo("{}");
        Pair.await(stopping);
    }

    @Test
    void callsOfACallerThatDisconnectsAreCancelled() {
        var _ = pair.linked().start(Calls.small(), new Heard());
        var there = pair.arrival();
        Pair.await(pair.near.close());
        assertThat(Pair.next(there.cancelled)).isNotEmpty();
    }

    @Test
    void callsOfACallerThatSaysNothingMoreAreCancelled() {
        try (var proxy = TcpProxy.to(pair.server.port())) {
            var _ = pair.linked(Pair.member("run-1", proxy.port())).start(Calls.small(), new Heard());
            var there = pair.arrival();
            proxy.stall();
            assertThat(Pair.next(there.cancelled)).isNotEmpty();
        }
    }

    @Test
    void anotherRunOfTheNodeIsNotTakenForThisOne() {
        var member = Pair.member("run-0", pair.server.port());
        pair.links.joined(member);
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(faultOf(pair.links.on(member)).message()).contains("another run"));
    }

    @Test
    void programsWithoutACommonVersionSaySoAndDoNotTalk() {
        try (var odd = new Pair(Pair.QUICK, Pair.QUICK, new Versions(1, 1), new Versions(2, 3))) {
            odd.links.joined(odd.far());
            Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(faultOf(odd.links.on(odd.far())).message())
                                    .contains("smcp-peer 2-3", "1-1"));
        }
        try (var even = new Pair(Pair.QUICK, Pair.QUICK, new Versions(1, 2), new Versions(1, 1))) {
            var heard = new Heard();
            var _ = even.linked().start(Calls.small(), heard);
            even.arrival().sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
            assertThat(heard.result()).isEqualTo("{}");
        }
    }

    /** What answers is no node of this program: whatever it says, the call gets a fault, and the process lives. */
    @Test
    void malformedAnswersAreFaults() throws Exception {
        var answers = new Buffer[] {
            Buffer.buffer(new byte[] {0x7f, -1, -1, -1, 19}),
            Buffer.buffer(new byte[] {0, 0, 0, 3, 19, 1, 100, 7}),
            Buffer.buffer(new byte[] {0, 0, 0, 0, 99}),
            Buffer.buffer("HTTP/1.1 200 OK"),
            Buffer.buffer(new byte[] {0, 0}),
            Buffer.buffer(),
            new FrameWriter(8).begin(Wire.RESULT).end().buffer(),
        };
        var server = Pair.await(pair.far
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> {
                    if (Wire.HELLO.equals(request.path())) {
                        var _ = request.response()
                                .putHeader(Wire.VERSION, "1-1")
                                .putHeader(Wire.RUN, "run-x")
                                .end();
                    } else {
                        var _ = request.body().onSuccess(body -> {
                            var which =
                                    new CallReader(frame(body)).call().used().attempts();
                            var _ = request.response().end(answers[which]);
                        });
                    }
                })
                .listen());
        var far = pair.linked(Pair.member("run-x", server.actualPort()));
        for (var i = 0; i < answers.length; i++) {
            var call = Calls.small();
            for (var attempt = 0; attempt < i; attempt++) {
                call.used().addAttempt();
            }
            var heard = new Heard();
            var _ = far.start(call, heard);
            assertThat(heard.fault().kind()).as("answer " + i).isEqualTo(Kind.NODE_LOST);
        }
    }

    private static Fields frame(Buffer body) {
        var reader = new FrameReader(1 << 20);
        reader.feed(body);
        assertThat(reader.next()).isTrue();
        return reader.fields();
    }

    @Test
    void malformedRequestsAreRefusedAndOthersServed() {
        var client = pair.near.createHttpClient(
                new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));
        var wrong = new Buffer[] {
            Buffer.buffer(new byte[] {0x7f, -1, -1, -1, 1}),
            Buffer.buffer(new byte[] {0, 0, 0, 0, 99}),
            Buffer.buffer(new byte[] {0, 0, 0, 0, 1}),
            Buffer.buffer(),
            Buffer.buffer(CallWriter.modern(Calls.small()).getBytes(0, 40)),
        };
        for (var body : wrong) {
            assertThat(status(client, Wire.CALLS, "1", body)).isEqualTo(400);
        }
        var good = CallWriter.modern(Calls.small());
        assertThat(status(client, Wire.CALLS, "2", good)).isEqualTo(505);
        assertThat(status(client, Wire.CALLS, "", good)).isEqualTo(505);
        assertThat(status(client, "/elsewhere", "1", good)).isEqualTo(404);
        assertThat(pair.arrived).isEmpty();

        // a frame of a later version that may be ignored stands before the call
        pair.tenant = (_, sink) -> {
            sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
            return TenantCall.Running.ENDED;
        };
        var later =
                new FrameWriter(16).begin(90 | Wire.SKIPPABLE).put(3, "x").end().buffer();
        assertThat(status(
                        client,
                        Wire.CALLS,
                        "1",
                        Buffer.buffer().appendBuffer(later).appendBuffer(good)))
                .isEqualTo(200);
    }

    private int status(HttpClient client, String path, String version, Buffer body) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(pair.server.port())
                .setURI(path)
                .putHeader(Wire.VERSION, version);
        return Pair.await(client.request(options).compose(request -> request.send(body)))
                .statusCode();
    }

    @Test
    void framesOfALaterVersionInAnAnswerArePassedOver() {
        var server = Pair.await(pair.far
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> {
                    if (Wire.HELLO.equals(request.path())) {
                        var _ = request.response()
                                .putHeader(Wire.VERSION, "1-7")
                                .putHeader(Wire.RUN, "run-x")
                                .end();
                    } else {
                        var frames = new FrameWriter(64)
                                .begin(90 | Wire.SKIPPABLE)
                                .put(1, "not JSON")
                                .end()
                                .begin(Wire.RESULT)
                                .put(60 | Wire.SKIPPABLE, "of later")
                                .end(Wire.Out.JSON, Json.EMPTY_OBJECT);
                        var _ = request.response().end(frames.buffer());
                    }
                })
                .listen());
        var heard = new Heard();
        var _ = pair.linked(Pair.member("run-x", server.actualPort())).start(Calls.small(), heard);
        assertThat(heard.result()).isEqualTo("{}");
    }

    @Test
    void onlyHttp2IsSpoken() {
        var client = pair.near.createHttpClient(new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_1_1));
        assertThat(status(client, Wire.CALLS, "1", CallWriter.modern(Calls.small())))
                .isEqualTo(505);
    }

    @Test
    void aStreamThatTheOtherNodeRefusesWasNotSeenThere() {
        var server = Pair.await(pair.far
                .createHttpServer(new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(request -> {
                    if (Wire.HELLO.equals(request.path())) {
                        var _ = request.response()
                                .putHeader(Wire.VERSION, "1-1")
                                .putHeader(Wire.RUN, "run-x")
                                .end();
                    } else {
                        var _ = request.response().reset(Wire.REFUSED_STREAM);
                    }
                })
                .listen());
        var far = pair.linked(Pair.member("run-x", server.actualPort()));
        assertThat(faultOf(far).kind()).isEqualTo(Kind.NODE_UNREACHABLE);
    }

    @Test
    void aBlockedCallerDoesNotTakeItsOwnHangForTheOthers() throws Exception {
        var far = pair.linked();
        var heard = new Heard();
        var _ = far.start(Calls.small(), heard);
        var there = pair.arrival();
        var blocked = new CountDownLatch(2);
        // both event loops stand still for longer than a ping may take
        for (var i = 0; i < 2; i++) {
            ((VertxInternal) pair.near).createEventLoopContext().runOnContext(_ -> {
                var until = System.nanoTime() + Duration.ofMillis(1_200).toNanos();
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
                blocked.countDown();
            });
        }
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
        there.sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
        assertThat(heard.result()).isEqualTo("{}");
    }
}
