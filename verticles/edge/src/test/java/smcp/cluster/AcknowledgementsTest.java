package smcp.cluster;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import smcp.bus.Address;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.bus.RecordCodec;
import smcp.contract.Everywhere.Acknowledged;
import smcp.contract.Member;
import smcp.contract.Members;

@ExtendWith(VertxExtension.class)
class AcknowledgementsTest {
    /** What is asked. */
    record End(String session) {}

    private static final Address<End, Acknowledged> END = new Address<>("test.end", End.class, Acknowledged.class);
    private static final Duration WITHIN = Duration.ofMillis(600);

    /** Members as a test wants them. */
    private static final class Three implements Members {
        private final List<Member> others = new CopyOnWriteArrayList<>(List.of(member("b"), member("c")));
        private final List<Listener> listeners = new CopyOnWriteArrayList<>();

        @Override
        public Member self() {
            return member("a");
        }

        @Override
        public List<Member> others() {
            return List.copyOf(others);
        }

        @Override
        public void listen(Listener listener) {
            listeners.add(listener);
        }

        void lose(String id) {
            others.remove(member(id));
            listeners.forEach(listener -> listener.lost(member(id)));
        }
    }

    private final Three members = new Three();
    private Vertx vertx = Vertx.vertx(); // another one for each test

    private static Member member(String id) {
        return new Member(id, "run of " + id, "node-" + id, "eu", "a", "127.0.0.1", 1, "smcp test");
    }

    @BeforeEach
    void aBus(Vertx vertx) {
        this.vertx = vertx;
        RecordCodec.install(vertx);
    }

    private Acknowledgements within(Duration time) {
        return Acknowledgements.of(vertx, members, time);
    }

    private AtomicInteger node(String id, Function<Integer, Future<Acknowledged>> answer) {
        var times = new AtomicInteger();
        var _ = END.on(id).serve(vertx, _ -> answer.apply(times.incrementAndGet()));
        return times;
    }

    private static Future<Acknowledged> yes() {
        return Future.succeededFuture(Acknowledged.YES);
    }

    private static Future<Acknowledged> never() {
        return Future.future(_ -> {});
    }

    @Test
    void allAcknowledge() throws Exception {
        var b = node("b", _ -> yes());
        var c = node("c", _ -> yes());

        within(WITHIN).acknowledged(END, new End("s")).await(5, SECONDS);

        assertThat(b).hasValue(1);
        assertThat(c).hasValue(1);
    }

    @Test
    void whoIsRemovedWhileItIsWaitedForIsNotWaitedForAnyLonger() throws Exception {
        var _ = node("b", _ -> yes());
        var c = node("c", _ -> never());

        var asked = within(Duration.ofSeconds(30)).acknowledged(END, new End("s"));
        await().until(() -> c.get() == 1);
        assertThat(asked.isComplete()).isFalse();
        members.lose("c");

        asked.await(1, SECONDS);
    }

    @Test
    void whoStaysSilentIsNamed() {
        var _ = node("b", _ -> yes());
        var _ = node("c", _ -> never());

        assertThatThrownBy(() -> within(WITHIN).acknowledged(END, new End("s")).await(5, SECONDS))
                .isInstanceOfSatisfying(Fault.class, fault -> {
                    assertThat(fault.kind()).isEqualTo(Kind.STORE_UNAVAILABLE);
                    assertThat(fault.message())
                            .isEqualTo("stored, but not acknowledged within 600 ms by node-c (no answer in time)");
                });
    }

    @Test
    void aRequestThatIsLostOrFailsIsSentAgain() throws Exception {
        // each as it might go: the first lost on the way, the second while the node cannot
        var b = node("b", time -> time == 1 ? never() : yes());
        var c = node("c", time -> time == 1 ? Future.failedFuture(new Fault(Kind.OVERLOADED, "not now")) : yes());

        within(Duration.ofSeconds(5)).acknowledged(END, new End("s")).await(5, SECONDS);

        assertThat(b).hasValue(2);
        assertThat(c).hasValue(2);
    }

    @Test
    void aNodeThatIsNotThereYetIsAskedUntilItIs() throws Exception {
        var _ = node("b", _ -> yes());

        var asked = within(Duration.ofSeconds(5)).acknowledged(END, new End("s"));
        var c = node("c", _ -> yes());

        asked.await(5, SECONDS);
        assertThat(c).hasValue(1);
    }

    @Test
    void whoAsksIsAnsweredOnItsOwnContext() throws Exception {
        var _ = node("b", _ -> yes());
        var _ = node("c", _ -> never());
        var everywhere = within(Duration.ofSeconds(30));
        var context = vertx.getOrCreateContext();

        var answeredOn = Future.<Boolean>future(promise -> context.runOnContext(_ -> everywhere
                .acknowledged(END, new End("s"))
                .onComplete(_ -> promise.complete(context.equals(Vertx.currentContext())))));
        await().until(() -> !answeredOn.isComplete());
        members.lose("b");
        members.lose("c");

        assertThat(answeredOn.await(5, SECONDS)).isTrue();
    }
}
