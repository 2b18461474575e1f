package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.ACME;
import static smcp.store.Samples.T0;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.exchange;
import static smcp.store.Samples.frames;
import static smcp.store.Samples.get;
import static smcp.store.Samples.session;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.contract.ChangeLog;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.SessionStore.SessionKey;
import smcp.store.State;
import smcp.testing.RealRedis;

/** What is left of sessions and logs when the server is restarted, killed, emptied or replaced. */
class RedisStateLossTest {
    private static final Instant LATER = T0.plusSeconds(60);
    private static final StreamKey STREAM = new StreamKey(ACME, "s", "x");

    private static void fill(State state) {
        get(state.sessions().create(session(ACME, "s"), LATER));
        get(state.events().open(STREAM, "1", LATER));
        get(state.events().append(STREAM, 0, frames("0", "1")));
        get(state.exchanges().create(new SessionKey(ACME, "s"), exchange("e", LATER)));
        get(state.spent().spend(ACME, "once", LATER));
        for (var i = 0; i < 5; i++) {
            get(state.changes().append(ACME, Kind.TOOLS, ""));
        }
    }

    private static void assertAllThere(State state) {
        await().atMost(Duration.ofSeconds(10)).until(() -> answers(state));
        assertThat(get(state.sessions().find(ACME, "s", T0))).contains(session(ACME, "s"));
        assertThat(get(state.events().read(STREAM, -1, 9, T0)).orElseThrow().events())
                .hasSize(2);
        assertThat(get(state.exchanges().due(LATER.plusSeconds(1), 9))).hasSize(1);
        assertThat(get(state.spent().spend(ACME, "once", LATER))).isFalse();
        get(state.events().append(STREAM, 2, frames("2")));
        assertThat(get(state.sessions().sweep(LATER.plusSeconds(1), 9))).hasSize(1);
    }

    private static boolean answers(State state) {
        try {
            return get(state.sessions().count(ACME)) >= 0;
        } catch (Fault e) {
            assertThat(e.kind()).isEqualTo(Fault.Kind.STORE_UNAVAILABLE);
            return false;
        }
    }

    /** No position of the old epoch means anything, and none is given again. */
    private static void assertNewEpoch(State state, ChangeLog.Slice before) {
        var after = get(state.changes().read(ACME, 0, 9));
        assertThat(after.epoch()).isNotEqualTo(before.epoch());
        assertThat(after.changes()).isEmpty();
        assertThat(after.newest()).isGreaterThan(before.newest() + 1_000_000);
        assertThat(after.oldest()).isEqualTo(after.newest() + 1);
        assertThat(get(state.changes().append(ACME, Kind.PROMPTS, ""))).isEqualTo(after.newest() + 1);
        assertThat(get(state.changes().read(ACME, 0, 9)).epoch()).isEqualTo(after.epoch());
    }

    @Test
    void anOrderlyRestartLosesNothingAndBeginsNewEpochs() {
        try (var server = RealRedis.standalone();
                var nodes = RedisNodes.of(server)) {
            var state = nodes.node();
            fill(state);
            var changes = get(state.changes().read(ACME, 0, 9));
            server.cli("SHUTDOWN");
            server.kill();
            server.start();
            assertAllThere(state);
            assertNewEpoch(state, changes);
        }
    }

    @Test
    void aKilledServerThatSyncsEachWriteLosesNothing() {
        try (var server = RealRedis.standalone("appendfsync always");
                var nodes = RedisNodes.of(server)) {
            var state = nodes.node();
            fill(state);
            var changes = get(state.changes().read(ACME, 0, 9));
            server.kill();
            server.start();
            assertAllThere(state);
            assertNewEpoch(state, changes);
        }
    }

    @Test
    void positionsThatTheServerForgotAreNotGivenAgain() throws IOException {
        try (var server = RealRedis.standalone("appendfsync always");
                var nodes = RedisNodes.of(server)) {
            var state = nodes.node();
            get(state.changes().append(ACME, Kind.TOOLS, ""));
            var length = Files.size(log(server));
            for (var i = 0; i < 5; i++) {
                get(state.changes().append(ACME, Kind.TOOLS, ""));
            }
            var before = get(state.changes().read(ACME, 0, 9));
            server.kill();
            try (var file = Files.newByteChannel(log(server), java.nio.file.StandardOpenOption.WRITE)) {
                var _ = file.truncate(length);
            }
            server.start();
            await().atMost(Duration.ofSeconds(10)).until(() -> answers(state));
            var after = get(state.changes().read(ACME, 0, 9));
            assertThat(after.epoch()).isNotEqualTo(before.epoch());
            assertThat(get(state.changes().append(ACME, Kind.TOOLS, ""))).isGreaterThan(before.newest());
        }
    }

    private static Path log(RealRedis.Server server) throws IOException {
        try (var files = Files.walk(server.files())) {
            return files.filter(each -> each.toString().endsWith(".incr.aof"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void aServerThatIsEmptiedInMidWorkIsUsedOnFromTheStart() {
        try (var server = RealRedis.standalone();
                var nodes = RedisNodes.of(server)) {
            var state = nodes.node();
            fill(state);
            var before = get(state.changes().read(ACME, 0, 9));
            var work = new ArrayList<Future<?>>();
            for (var i = 0; i < 300; i++) {
                work.add(state.events().append(STREAM, 2 + i, frames("{}")));
                work.add(state.sessions().create(session(ACME, "n" + i), LATER));
                if (i == 150) {
                    server.cli("FLUSHALL");
                }
            }
            // each is answered, one way or the other; nothing hangs
            get(Future.join(new ArrayList<>(work)).otherwiseEmpty());
            assertThat(work).allMatch(Future::isComplete);
            server.cli("FLUSHALL");
            assertFault(state.events().append(STREAM, 2, frames("2")), Fault.Kind.CURSOR_UNKNOWN);
            assertThat(get(state.changes().read(ACME, 0, 9)).epoch()).isNotEqualTo(before.epoch());
            get(state.changes().drop(ACME));
            assertThat(get(state.sessions().count(ACME))).isZero();
            assertThat(get(state.sessions().sweep(LATER.plusSeconds(1), 9))).isEmpty();
            fill(state);
            assertAllThere(state);
        }
    }

    @Test
    void aPromotedReplicaBeginsNewEpochs() {
        try (var watched = RealRedis.sentinel();
                var nodes = RedisNodes.of(watched)) {
            var state = nodes.node();
            fill(state);
            var before = get(state.changes().read(ACME, 0, 9));
            assertThat(watched.master().cli("WAIT", "1", "5000")).isEqualTo("1");
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> watched.replica()
                            .cli("HGET", "shared:{acme}:changes", "newest")
                            .equals(Objects.toString(before.newest())));
            watched.master().kill();
            await().atMost(Duration.ofSeconds(15)).until(() -> answers(state));
            assertNewEpoch(state, before);
            assertAllThere(state);
        }
    }
}
