package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.OTHER;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.exchange;
import static smcp.store.Samples.frames;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.contract.EventLog;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.EventLog.Unended;
import smcp.contract.Everywhere;
import smcp.contract.SessionStore.SessionKey;
import smcp.session.LegacyState;
import smcp.session.LostCalls;
import smcp.session.SessionConfig;
import smcp.store.State;
import smcp.tenant.TenantId;
import smcp.testing.RealRedis;
import smcp.testing.TestMembers;

/** Which calls died with a node, on a server that several nodes share: a node that starts must answer its own and leave the others'. */
class RedisLostCallsTest {
    private static final Instant LATER = T0.plusSeconds(60);
    private static final SessionKey SESSION = new SessionKey(ACME, "s");
    private static RealRedis.Server server;
    private RedisNodes nodes;
    private State a;
    private State b;

    @BeforeAll
    static void start() {
        server = RealRedis.standalone();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        assertThat(server.cli("FLUSHALL")).isEqualTo("OK");
        nodes = RedisNodes.of(server);
        a = nodes.node("a");
        b = nodes.node("b");
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    private static StreamKey opened(State state, TenantId tenant, String id) {
        var key = new StreamKey(tenant, "s", id);
        get(state.events().open(key, "\"" + id + "\"", LATER));
        get(state.events().append(key, 0, frames("", "{\"n\":1}")));
        return key;
    }

    private static EventLog.Slice read(State state, StreamKey key) {
        return get(state.events().read(key, -1, 99, T0)).orElseThrow();
    }

    private static List<StreamKey> lost(State state) {
        return get(state.events().unended(null, 99)).stream()
                .map(Unended::stream)
                .toList();
    }

    private static void end(RedisState state) {
        var own = new LegacyState(
                state.sessions(), SessionConfig.DEFAULT, TestMembers.alone(), Everywhere.HERE_ONLY, () -> T0);
        get(LostCalls.end(state.events(), own));
    }

    @Test
    void anotherNodeFindsThoseOfANodeThatDoesNotComeBack() {
        var lost = opened(a, ACME, "of-a");
        var _ = opened(b, ACME, "of-b");
        assertThat(get(b.events().unended("a", 9))).map(Unended::stream).containsExactly(lost);
        assertThat(get(b.events().unended("nobody", 9))).isEmpty();
        get(b.events().end(lost, LATER));
        assertThat(get(b.events().unended("a", 9))).isEmpty();
        // the node comes back, and is found again
        var next = opened(nodes.node("a"), ACME, "of-a-again");
        assertThat(get(b.events().unended("a", 9))).map(Unended::stream).containsExactly(next);
    }

    @Test
    void theRestartOfOneNodeEndsItsLostStreamsAndLeavesTheOthersAlone() {
        var mine = opened(a, ACME, "of-a");
        var another = opened(a, OTHER, "of-a-too");
        var theirs = opened(b, ACME, "of-b");

        var restarted = nodes.node("a");
        end(restarted);

        for (var key : List.of(mine, another)) {
            var slice = read(b, key);
            assertThat(slice.ended()).isTrue();
            assertThat(slice.events().getLast().data().text())
                    .contains("\"id\":\"" + key.id() + "\"")
                    .contains("the node stopped while the call was running");
        }
        assertThat(read(a, theirs).ended()).isFalse();
        get(b.events().append(theirs, 2, frames("{\"n\":2}")));
        get(b.events().end(theirs, LATER));
        assertThat(read(a, theirs).events()).hasSize(3);
        assertThat(lost(nodes.node("a"))).isEmpty();
        assertThat(lost(nodes.node("b"))).isEmpty();
        assertThat(server.cli("KEYS", "*node-*")).isEmpty();
    }

    @Test
    void aCallThatGoesOnAfterItsClientsAnswersIsTheNodesThatTookIt() {
        var asked = exchange("e", LATER);
        var stream = opened(a, ACME, asked.stream());
        get(a.exchanges().create(SESSION, asked));
        assertThat(lost(a)).isEmpty();

        assertThat(get(b.exchanges().take(SESSION, "e", asked.stamp()))).isTrue();
        assertThat(lost(a)).isEmpty();
        assertThat(lost(b)).containsExactly(stream);

        get(b.exchanges().create(SESSION, exchange("e2", LATER)));
        assertThat(lost(b)).isEmpty();
        assertThat(get(a.exchanges().take(SESSION, "e2", 1))).isTrue();
        assertThat(lost(a)).containsExactly(stream);
        get(a.events().end(stream, LATER));
        assertThat(lost(a)).isEmpty();
    }

    @Test
    void streamsThatGoWithTheirSessionOrExpireAreNotLost() {
        get(a.sessions().create(session(ACME, "s"), LATER));
        var _ = opened(a, ACME, "x");
        var _ = opened(a, OTHER, "y");
        assertThat(get(a.sessions().delete(ACME, "s"))).isTrue();
        assertThat(get(b.events().sweep(LATER.plusNanos(1)))).isEqualTo(1);
        assertThat(lost(nodes.node("a"))).isEmpty();
        assertThat(server.cli("KEYS", "*running*")).isEmpty();
    }

    @Test
    void whatTheServerForgotIsTakenOutAndTheRestIsFound() {
        var all = IntStream.range(0, 250)
                .mapToObj(n -> a.events().open(new StreamKey(ACME, "s", "%03d".formatted(n)), "1", LATER))
                .toList();
        get(Future.all(all));
        var forgotten = IntStream.range(0, 249).mapToObj("shared:{acme}:stream:1:s:%03d"::formatted);
        assertThat(server.cli(Stream.concat(Stream.of("DEL"), forgotten).toArray(String[]::new)))
                .isEqualTo("249");
        assertThat(lost(nodes.node("a"))).extracting(StreamKey::id).containsExactly("249");
        assertThat(server.cli("ZCARD", "shared:{acme}:running:a")).isEqualTo("1");
    }

    @Test
    void thousandsInManyTenantsAreAllEnded() {
        var all = IntStream.range(0, 2_000)
                .mapToObj(n -> a.events().open(new StreamKey(new TenantId("t" + n % 150), "s", "x" + n), "1", LATER))
                .toList();
        get(Future.all(all));
        var restarted = nodes.node("a");
        assertThat(get(restarted.events().unended(null, 7))).hasSize(7);
        assertThat(get(restarted.events().unended(null, 0))).isEmpty();
        end(restarted);
        assertThat(lost(nodes.node("a"))).isEmpty();
        assertThat(read(b, new StreamKey(new TenantId("t9"), "s", "x9")).ended())
                .isTrue();
    }
}
