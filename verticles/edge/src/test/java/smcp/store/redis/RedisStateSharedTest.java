package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.exchange;
import static smcp.store.Samples.frames;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.contract.EventLog.Event;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;
import smcp.store.State;
import smcp.store.StateBounds;
import smcp.tenant.TenantId;

/** What several nodes on one server must not do to each other, and what they leave behind. */
class RedisStateSharedTest {
    private static final TenantId ACME = smcp.store.Samples.ACME;
    private static final Instant LATER = T0.plusSeconds(60);
    private static smcp.testing.RealRedis.Server server;
    private RedisNodes nodes;
    private State a;
    private State b;

    @BeforeAll
    static void start() {
        server = smcp.testing.RealRedis.standalone();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        assertThat(server.cli("FLUSHALL")).isEqualTo("OK");
        nodes = RedisNodes.of(server);
        a = nodes.node();
        b = nodes.node();
    }

    @AfterEach
    void close() {
        nodes.close();
    }

    /** Without the nodes' notes of where they run calls, which they look through when they start again. */
    private static List<String> keys() {
        return server.cli("KEYS", "*")
                .lines()
                .filter(line -> !line.isEmpty() && !line.contains(":{@node-"))
                .toList();
    }

    @Test
    void ofAHundredWritersNoneLosesItsChange() {
        get(a.sessions().create(session(ACME, "s"), LATER));
        var all = IntStream.range(0, 100)
                .mapToObj(n -> subscribe(n % 2 == 0 ? a : b, n))
                .toList();
        get(Future.all(all));
        var end = get(b.sessions().find(ACME, "s", T0)).orElseThrow();
        assertThat(end.subscriptions()).hasSize(101);
        assertThat(end.stamp()).isEqualTo(101);
    }

    private static Future<Void> subscribe(State state, int n) {
        return state.sessions().find(ACME, "s", T0).compose(found -> {
            var was = found.orElseThrow();
            var subscriptions = new HashMap<>(was.subscriptions());
            subscriptions.put("file:///" + n, (long) n);
            return state.sessions()
                    .replace(was.withSubscriptions(subscriptions))
                    .compose(done -> done ? Future.succeededFuture() : subscribe(state, n));
        });
    }

    @Test
    void nothingDueIsMissedHoweverCreatingAndSweepingMeet() {
        var tenants = List.of(new TenantId("a"), new TenantId("b"), new TenantId("c"));
        var made = new ArrayList<Future<Void>>();
        var swept = new ArrayList<SessionKey>();
        for (var round = 0; round < 40; round++) {
            for (var tenant : tenants) {
                var record = session(tenant, "s" + round);
                made.add((round % 2 == 0 ? a : b).sessions().create(record, T0.plusMillis(round % 7)));
            }
            var one = a.sessions().sweep(T0.plusSeconds(1), 100);
            var other = b.sessions().sweep(T0.plusSeconds(1), 100);
            swept.addAll(get(one));
            swept.addAll(get(other));
        }
        get(Future.all(made));
        swept.addAll(get(a.sessions().sweep(T0.plusSeconds(1), 1_000)));
        assertThat(swept).hasSize(120).doesNotHaveDuplicates();
        assertThat(keys()).allMatch(key -> key.endsWith(":sessions.due"));
    }

    @Test
    void whatEndsLeavesNothingBehindButMarkersThatExpire() {
        for (var tenant : List.of(ACME, new TenantId("acme-2"))) {
            for (var id : List.of("gone", "expired")) {
                var key = new SessionKey(tenant, id);
                get(a.sessions().create(session(tenant, id), LATER));
                for (var n = 0; n < 3; n++) {
                    var stream = new StreamKey(tenant, id, "x" + n);
                    get(a.events().open(stream, "1", LATER));
                    get(a.events().append(stream, 0, frames("{}", "{}")));
                    get(a.events().end(stream, T0.plusSeconds(30 + n)));
                    get(a.exchanges().create(key, exchange("e" + n, LATER.plusSeconds(n))));
                }
            }
            get(a.spent().spend(tenant, "once", LATER));
            assertThat(get(a.sessions().delete(tenant, "gone"))).isTrue();
        }
        assertThat(keys()).filteredOn(key -> key.contains("gone")).isEmpty();
        assertThat(keys()).filteredOn(key -> !key.contains("@")).allSatisfy(key -> {
            assertThat(Long.parseLong(server.cli("PTTL", key))).isGreaterThan(3_500_000);
        });
        assertThat(get(b.sessions().sweep(LATER.plusSeconds(9), 9))).hasSize(2);
        assertThat(get(b.events().sweep(LATER.plusSeconds(9)))).isZero();
        assertThat(get(b.exchanges().due(LATER.plusSeconds(9), 9))).isEmpty();
        assertThat(get(b.spent().sweep(LATER.plusSeconds(9)))).isEqualTo(2);
        assertThat(keys()).allMatch(key -> key.endsWith("due"));
    }

    @Test
    void aSessionWithThousandsOfStreamsGoesWhole() {
        get(a.sessions().create(session(ACME, "s"), LATER));
        var opened = IntStream.range(0, 2_300)
                .mapToObj(n -> a.events().open(new StreamKey(ACME, "s", "x" + n), "1", LATER))
                .toList();
        get(Future.all(opened));
        assertThat(get(a.sessions().delete(ACME, "s"))).isTrue();
        assertThat(get(b.events().read(new StreamKey(ACME, "s", "x7"), -1, 1, T0)))
                .isEmpty();
        assertThat(keys()).allMatch(key -> key.endsWith("due"));
    }

    @Test
    void noIdReachesWhatIsAnothers() {
        var hostile = List.of("}:{acme}:", "{", "1:a", "a", "a:b", "b:c", ":", "\n\r\nFLUSHALL\r\n", "*", "x\ty");
        var tenants = List.of(new TenantId("a"), new TenantId("a-b"), new TenantId("a-b-c"));
        for (var tenant : tenants) {
            for (var session : hostile) {
                for (var id : hostile) {
                    var stream = new StreamKey(tenant, session, id);
                    get(a.events().open(stream, "1", LATER));
                    get(a.events().append(stream, 0, frames(tenant + "|" + session + "|" + id)));
                }
                get(a.sessions().create(session(tenant, session), LATER));
            }
        }
        assertThat(get(a.sessions().delete(new TenantId("a"), "a"))).isTrue();
        for (var tenant : tenants) {
            for (var session : hostile) {
                for (var id : hostile) {
                    var found = get(b.events().read(new StreamKey(tenant, session, id), -1, 9, T0));
                    if (tenant.value().equals("a") && session.equals("a")) {
                        assertThat(found).isEmpty();
                    } else {
                        assertThat(found.orElseThrow().events())
                                .containsExactly(new Event(0, Json.of(tenant + "|" + session + "|" + id)));
                    }
                }
            }
        }
        assertThat(get(b.sessions().count(new TenantId("a")))).isEqualTo(hostile.size() - 1);
        assertThat(get(b.sessions().count(new TenantId("a-b")))).isEqualTo(hostile.size());
    }

    @Test
    void framesAreBytes() {
        var stream = new StreamKey(ACME, "s", "x");
        var all = new byte[256];
        for (var i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        get(a.events().open(stream, "1", LATER));
        get(a.events().append(stream, 0, List.of(Json.of(all), Json.of(""), Json.of(new byte[8 << 20]))));
        var slice = get(b.events().read(stream, -1, 9, T0)).orElseThrow();
        assertThat(slice.events().get(0).data().copy()).isEqualTo(all);
        assertThat(slice.events().get(1).data().length()).isZero();
        assertThat(slice.events().get(2).data().length()).isEqualTo(8 << 20);
    }

    @Test
    void manyFramesAtOnceAreCutToTheBound() {
        var state = nodes.alone(new StateBounds(50, 1 << 20, 10));
        var stream = new StreamKey(ACME, "s", "x");
        get(state.events().open(stream, "1", LATER));
        var many = IntStream.range(0, 20_000).mapToObj(n -> Json.of("" + n)).toList();
        get(state.events().append(stream, 0, many));
        var slice = get(state.events().read(stream, -1, 99, T0)).orElseThrow();
        assertThat(slice.first()).isEqualTo(19_950);
        assertThat(slice.events()).hasSize(50).last().isEqualTo(new Event(19_999, Json.of("19999")));
    }

    @Test
    void aTouchedSessionStaysWhereItIsInTheIndexUntilTheSweepComesBy() {
        get(a.sessions().create(session(ACME, "s"), LATER));
        get(a.sessions().touch(ACME, "s", T0, LATER.plusSeconds(600)));
        assertThat(get(b.sessions().sweep(LATER.plusSeconds(1), 9))).isEmpty();
        assertThat(get(b.sessions().sweep(LATER.plusSeconds(599), 9))).isEmpty();
        assertThat(get(b.sessions().sweep(LATER.plusSeconds(601), 9))).containsExactly(new SessionKey(ACME, "s"));
    }

    @Test
    void anEntryThatTheServerForgotIsPutBackByTheNextWriteAfterTenMinutes() {
        get(a.sessions().create(session(ACME, "old"), LATER));
        assertThat(server.cli("DEL", "shared:{@sessions}:due")).isEqualTo("1");
        get(a.sessions().create(session(ACME, "new"), LATER.plusSeconds(9)));
        assertThat(get(b.sessions().sweep(LATER.plusSeconds(60), 9))).isEmpty();
        server.cli("HINCRBY", "shared:{acme}:sessions.due", "trust", "-600000");
        get(a.sessions().create(session(ACME, "third"), LATER.plusSeconds(9)));
        assertThat(get(b.sessions().sweep(LATER.plusSeconds(60), 9)))
                .extracting(SessionKey::id)
                .containsExactlyInAnyOrder("old", "new", "third");
    }

    @Test
    void aSessionThatExpiredByItselfIsStillCountedOut() {
        get(a.sessions().create(session(ACME, "s"), LATER));
        assertThat(server.cli("DEL", "shared:{acme}:session:s")).isEqualTo("1");
        assertThat(get(b.sessions().count(ACME))).isEqualTo(1);
        assertThat(get(b.sessions().sweep(LATER.plusSeconds(1), 9))).hasSize(1);
        assertThat(get(b.sessions().count(ACME))).isZero();
    }

    @Test
    void whatTwoNodesDoIsSeenByBoth() {
        SessionRecord record = session(ACME, "s");
        get(a.sessions().create(record, LATER));
        assertThat(get(b.sessions().find(ACME, "s", T0))).contains(record);
        get(b.changes().append(ACME, smcp.contract.ChangeLog.Kind.TOOLS, ""));
        assertThat(get(a.changes().read(ACME, 0, 9))).isEqualTo(get(b.changes().read(ACME, 0, 9)));
    }
}
