package smcp.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import smcp.bus.Fault;
import smcp.bus.RecordCodec;
import smcp.contract.CallEvent;
import smcp.contract.LegacyRequest;
import smcp.contract.Loads;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.contract.PeerCalls;
import smcp.contract.Reply;
import smcp.contract.TenantCall;
import smcp.protocol.Json;
import smcp.tenant.VersionRef;

/** Two routers that hear each other over a real bus. */
@ExtendWith(VertxExtension.class)
class RouterTest {
    private static final List<Member> BOTH = List.of(Samples.member("one", "r", "z"), Samples.member("two", "r", "z"));

    private static Members members(int self) {
        return new Members() {
            @Override
            public Member self() {
                return BOTH.get(self);
            }

            @Override
            public List<Member> others() {
                return List.of(BOTH.get(1 - self));
            }

            @Override
            public void listen(Listener listener) {
                // nobody comes or goes
            }
        };
    }

    /** Loads that a test changes. */
    private static final class Changing implements Loads {
        private final List<Load> all = new CopyOnWriteArrayList<>();
        private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

        void awake(VersionRef version) {
            all.add(Samples.awake(version, 0, 0));
            watchers.forEach(Runnable::run);
        }

        @Override
        public boolean free(VersionRef version) {
            return all.stream().anyMatch(load -> load.version().equals(version));
        }

        @Override
        public @Nullable Load of(VersionRef version) {
            return all.stream()
                    .filter(load -> load.version().equals(version))
                    .findFirst()
                    .orElse(null);
        }

        @Override
        public List<Load> all() {
            return List.copyOf(all);
        }

        @Override
        public void onChange(Runnable changed) {
            watchers.add(changed);
        }
    }

    private static TenantCall noting(String node, List<String> calls) {
        return (_, sink) -> {
            calls.add(node);
            sink.accept(new CallEvent.Result(Json.EMPTY_OBJECT));
            return TenantCall.Running.ENDED;
        };
    }

    @Test
    void callsFollowATenantThatWakesElsewhereAndComeBackWhenThatNodeDrains(Vertx vertx) throws Exception {
        RecordCodec.install(vertx);
        var calls = new ArrayList<String>();
        var links = new PeerCalls() {
            @Override
            public TenantCall on(Member member) {
                return noting(member.name(), calls);
            }

            @Override
            public void serve(Member member, LegacyRequest request, @Nullable Reply reply, Consumer<Fault> lost) {
                throw new UnsupportedOperationException();
            }

            @Override
            public OptionalLong roundTripNanos(Member member) {
                return OptionalLong.empty();
            }
        };
        var there = new Changing();
        var directory = Samples.directory(_ -> false);
        var meters = new SimpleMeterRegistry();
        var one =
                Router.of(RouterConfig.DEFAULT, members(0), links, Loads.NONE, directory, noting("one", calls), meters);
        var two = Router.of(
                RouterConfig.DEFAULT,
                members(1),
                links,
                there,
                directory,
                noting("two", calls),
                new SimpleMeterRegistry());
        vertx.deployVerticle(one).await(5, TimeUnit.SECONDS);
        vertx.deployVerticle(two).await(5, TimeUnit.SECONDS);
        there.awake(Samples.ACME);
        await().until(() -> one.nodes().get(1).awake() == 1);
        var _ = one.route().start(Samples.tool("write"), _ -> {});
        assertThat(calls).containsExactly("two");
        two.drain();
        await().until(() -> one.nodes().get(1).state().equals("leaving"));
        var _ = one.route().start(Samples.tool("write"), _ -> {});
        assertThat(calls).containsExactly("two", "one");
        assertThat(meters.get("smcp.router.forwarded").functionCounter().count())
                .isEqualTo(1);
        assertThat(meters.get("smcp.router.fit").gauge().value()).isEqualTo(1);
    }
}
