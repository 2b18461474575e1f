package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault.Kind;
import smcp.protocol.Json;
import smcp.store.RegistryContract;
import smcp.store.RegistryStore;
import smcp.store.RegistryStore.Change;
import smcp.store.RegistryStore.Stored;
import smcp.store.StateBounds;
import smcp.store.redis.RedisConfig.Mode;
import smcp.testing.RealRedis;

/** The contract on one server, and what several nodes on it see of each other. */
class RedisRegistryTest extends RegistryContract {
    private static RealRedis.Server server = RealRedis.standalone();
    private static Vertx vertx = Vertx.vertx();

    private final RedisConfig config = Prefixes.fresh(RedisConfig.of(Mode.STANDALONE, List.of(server.address()), null));
    private final List<RedisBackend> backends = new ArrayList<>();

    @BeforeAll
    static void begin() {
        assertThat(server.cli("PING")).isEqualTo("PONG");
    }

    @AfterAll
    static void end() {
        get(vertx.close());
        server.close();
    }

    @Override
    protected RegistryStore newStore() {
        return backend().registry();
    }

    private RedisBackend backend() {
        var backend = get(RedisBackend.open(vertx, config, StateBounds.DEFAULT, "node"));
        backends.add(backend);
        return backend;
    }

    @AfterEach
    void closeAll() {
        backends.forEach(backend -> get(backend.close()));
    }

    /** Another node on the same Redis. */
    private Node node() {
        return new Node(backend().registry());
    }

    /** What a node knows. */
    static final class Node {
        final RegistryStore store;
        final Map<String, Stored> live = new ConcurrentHashMap<>();
        final List<List<Stored>> heard = new CopyOnWriteArrayList<>();

        Node(RegistryStore store) {
            this.store = store;
            get(store.open(commit -> {
                heard.add(commit);
                commit.forEach(each -> {
                    if (each.json() == null) {
                        live.remove(each.path());
                    } else {
                        live.put(each.path(), each);
                    }
                });
            }));
        }

        Future<Void> set(String path, String json) {
            var was = live.get(path);
            return store.commit(List.of(new Change(path, was == null ? 0 : was.revision(), Json.of(json))));
        }

        Future<Void> delete(String path) {
            return store.commit(List.of(new Change(path, revision(path), null)));
        }

        long revision(String path) {
            return Objects.requireNonNull(live.get(path)).revision();
        }

        boolean knows(String path, String json) {
            var found = live.get(path);
            return found != null && found.json() != null && found.json().equals(Json.of(json));
        }
    }

    private static void soon(org.awaitility.core.ThrowingRunnable what) {
        await().atMost(Duration.ofSeconds(5)).pollInterval(Duration.ofMillis(5)).untilAsserted(what);
    }

    @Test
    void aNodeHearsWhatAnotherOneWrote() {
        var one = node();
        var two = node();
        get(one.set("a", "1"));
        soon(() -> assertThat(two.knows("a", "1")).isTrue());
        get(two.set("a", "2"));
        get(two.delete("a"));
        soon(() -> assertThat(one.live).isEmpty());
        assertFault(one.store.commit(List.of(new Change("a", 1, Json.of("3")))), Kind.CONFLICT);
        get(one.set("a", "4"));
        soon(() -> assertThat(two.knows("a", "4")).isTrue());
        var late = node();
        assertThat(late.live).containsOnlyKeys("a");
    }

    @Test
    void nodesThatWriteAtOnceAgreeInTheEnd() {
        var nodes = List.of(node(), node(), node());
        var all = new ArrayList<Future<Void>>();
        for (var i = 0; i < 300; i++) {
            var node = nodes.get(i % 3);
            all.add(node.store.commit(
                    List.of(new Change("x/" + i, 0, Json.of("1")), new Change("y/" + i, 0, Json.of("1")))));
        }
        get(Future.all(all));
        for (var node : nodes) {
            soon(() -> assertThat(node.live).hasSize(600));
            assertThat(node.heard)
                    .allSatisfy(commit -> assertThat(commit.size() % 2).isZero());
            assertThat(node.heard.stream().flatMap(List::stream).map(Stored::revision))
                    .isSorted();
        }
        assertThat(nodes.get(1).live).isEqualTo(nodes.get(0).live);
    }

    @Test
    void aWakeUpThatIsLostCostsASecond() {
        var one = node();
        var two = node();
        for (var client : server.cli("CLIENT", "LIST")
                .lines()
                .filter(each -> each.contains("cmd=xread"))
                .toList()) {
            server.cli("CLIENT", "KILL", "ID", client.substring(3, client.indexOf(' ')));
        }
        get(one.set("a", "1"));
        soon(() -> assertThat(two.knows("a", "1")).isTrue());
    }

    @Test
    void aRegistryOfManyPagesIsLoadedWhole() {
        var one = node();
        var big = "\"" + "x".repeat(100_000) + "\"";
        for (var i = 0; i < 40; i++) {
            get(one.set("big/" + i, big));
        }
        get(one.store.commit(IntStream.range(0, 1_000)
                .mapToObj(i -> new Change("a/" + i, 0, Json.of("1")))
                .toList()));
        get(one.store.commit(IntStream.range(0, 1_000)
                .mapToObj(i -> new Change("b/" + i, 0, Json.of("1")))
                .toList()));
        get(one.store.commit(IntStream.range(0, 1_000)
                .mapToObj(i -> new Change("a/" + i, one.revision("a/" + i), null))
                .toList()));
        get(one.store.commit(IntStream.range(0, 1_000)
                .mapToObj(i -> new Change("c/" + i, 0, Json.of("1")))
                .toList()));
        var two = node();
        assertThat(two.live).isEqualTo(one.live).hasSize(2_040);
        assertThat(two.heard).hasSize(1);
    }

    @Test
    void whoTheLogWasTrimmedPastReadsEverythingAgain() {
        var one = node();
        get(one.set("kept", "1"));
        get(one.set("gone", "1"));
        var link = get(RedisLink.open(vertx, config));
        var reader = new RegistryReader(link, new RegistryKeys(link.keys()));
        var before = get(reader.all()).newest();
        get(one.delete("gone"));
        assertThat(get(reader.since(before)))
                .returns(false, RegistryReader.News::whole)
                .extracting(RegistryReader.News::changed)
                .satisfies(
                        changed -> assertThat(changed).extracting(Stored::json).containsExactly((Json) null));
        var key = config.prefix() + ":{@registry}:";
        server.cli("HSET", key + "meta", "floor", Long.toString(before.revision() + 1)); // tombstones were forgotten
        assertThat(get(reader.since(before)).whole()).isTrue();
        server.cli("HDEL", key + "meta", "floor");
        assertThat(get(reader.since(before)).whole()).isFalse();
        server.cli("XTRIM", key + "log", "MAXLEN", "1");
        assertThat(get(reader.since(before)))
                .returns(true, RegistryReader.News::whole)
                .extracting(RegistryReader.News::changed)
                .satisfies(
                        changed -> assertThat(changed).extracting(Stored::path).containsExactly("kept"));
        get(link.close());
    }

    @Test
    void aRegistryThatWasReplacedIsReadAgainAndTheDifferenceTold() {
        var one = node();
        get(one.set("lost", "1"));
        get(one.set("kept", "1"));
        var before = one.revision("kept");
        // what a failover to a replica that lacked the last commits looks like
        var key = config.prefix() + ":{@registry}:";
        server.cli("ZREM", key + "live", "lost");
        server.cli("HDEL", key + "json", "lost");
        server.cli("DEL", key + "log");
        server.cli("HSET", key + "meta", "revision", Long.toString(before - 1), "mark", "other");
        soon(() -> assertThat(one.live).containsOnlyKeys("kept"));
        get(one.set("next", "1"));
        assertThat(one.revision("next")).isGreaterThan(before);
    }

    @Test
    void aNewerLayoutIsRefusedAlsoWhileRunning() {
        var one = node();
        server.cli("HSET", config.prefix() + ":{@registry}:meta", "schema", "99");
        assertFault(one.set("a", "1"), Kind.STORE_UNAVAILABLE).hasMessageContaining("99");
        assertFault(RedisBackend.open(vertx, config, StateBounds.DEFAULT, "node"), Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("99")
                .hasMessageContaining("newer program");
    }

    @Test
    void anOlderLayoutIsBroughtForwardByOneOfMany() {
        get(node().set("a", "1"));
        var meta = config.prefix() + ":{@registry}:meta";
        var step = Script.of(
                "step",
                "if redis.call('HGET', KEYS[1], 'schema') == ARGV[1] then"
                        + " redis.call('HINCRBY', KEYS[1], 'steps', 1) redis.call('HSET', KEYS[1], 'schema', ARGV[2]) end"
                        + " return redis.call('HGET', KEYS[1], 'schema')");
        var versions = List.of(
                new RedisSchema.Version("1", step),
                new RedisSchema.Version("2", step),
                new RedisSchema.Version("3", step));
        var link = get(RedisLink.open(vertx, config));
        get(Future.all(
                RedisSchema.migrate(link, versions),
                RedisSchema.migrate(link, versions),
                RedisSchema.migrate(link, versions)));
        assertThat(server.cli("HGET", meta, "schema")).isEqualTo("3");
        assertThat(server.cli("HGET", meta, "steps")).isEqualTo("2");
        get(link.close());
    }

    @Test
    void aCommitTooBigForAScriptIsRefused() {
        var one = node();
        var big = Json.of("\"" + "x".repeat(15 << 20) + "\"");
        var changes = IntStream.range(0, 5)
                .mapToObj(i -> new Change("big/" + i, 0, big))
                .toList();
        assertFault(one.store.commit(changes), Kind.INVALID_INPUT).hasMessageContaining(Integer.toString(64 << 20));
    }
}
