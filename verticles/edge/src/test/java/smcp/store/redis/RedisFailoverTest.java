package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.protocol.Json;
import smcp.store.RegistryStore;
import smcp.store.RegistryStore.Change;
import smcp.store.StateBounds;
import smcp.store.redis.RedisConfig.Mode;
import smcp.store.redis.RedisConfig.Registry;
import smcp.testing.RealRedis;

/** The registry when its master dies: what was acknowledged is there, on every node, under Sentinel and in a Redis Cluster. */
class RedisFailoverTest {
    private static final Script ADD = Script.of("add", "return redis.call('INCRBY', KEYS[1], ARGV[1])");

    private final Vertx vertx = Vertx.vertx();
    private final List<RedisBackend> backends = new ArrayList<>();

    @AfterEach
    void close() {
        backends.forEach(backend -> get(backend.close()));
        get(vertx.close());
    }

    private RegistryStore store(RedisConfig config) {
        var backend = get(RedisBackend.open(
                vertx, Prefixes.waiting(config, new Registry(1, 1_000)), StateBounds.DEFAULT, "node"));
        backends.add(backend);
        return backend.registry();
    }

    /** Paths of the live records as a node hears of them. */
    private static Set<String> follow(RegistryStore store) {
        var live = ConcurrentHashMap.<String>newKeySet();
        get(store.open(commit -> commit.forEach(each -> {
            if (each.json() == null) {
                live.remove(each.path());
            } else {
                live.add(each.path());
            }
        })));
        return live;
    }

    private static boolean create(RegistryStore store, String path) {
        try {
            get(store.commit(List.of(new Change(path, 0, Json.of("1")), new Change(path + "/too", 0, Json.of("2")))));
            return true;
        } catch (Fault e) {
            assertThat(e.kind()).isEqualTo(Fault.Kind.STORE_UNAVAILABLE);
            return false;
        }
    }

    /** Writes, lets the master die in the midst of it, writes on when the replica is the master, and compares what nodes know with what was acknowledged. */
    private void survives(RedisConfig config, RealRedis.Server master, RealRedis.Server replica, Runnable meanwhile) {
        var writer = store(config);
        var known = List.of(follow(writer), follow(store(config)));
        var acknowledged = new HashSet<String>();
        for (var i = 0; create(writer, "before/" + i); i++) {
            acknowledged.addAll(List.of("before/" + i, "before/" + i + "/too"));
            if (i == 100) {
                new Thread(master::kill).start();
            }
        }
        assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(200);
        meanwhile.run();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> replica.cli("INFO", "replication").contains("role:master"));
        master.start();
        master.cli("REPLICAOF", "127.0.0.1", Integer.toString(replica.port())); // sooner than Sentinel would
        // without a replica it is written and not acknowledged, so each attempt has a path of its own
        var attempts = new AtomicInteger();
        await().atMost(Duration.ofSeconds(20)).until(() -> create(writer, "after/" + attempts.incrementAndGet()));
        acknowledged.add("after/" + attempts.get());

        var late = follow(store(config));
        assertThat(late).containsAll(acknowledged);
        assertThat(late.stream().filter(path -> !path.endsWith("/too")))
                .allSatisfy(path -> assertThat(late).contains(path + "/too"));
        for (var each : known) {
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(each).isEqualTo(late));
        }
    }

    @Test
    void sentinelMakesAnotherMasterAndNothingAcknowledgedIsLost() {
        try (var watched = RealRedis.sentinel()) {
            var sentinels = List.of("127.0.0.1:1", watched.sentinel().address()); // the first is not there
            assertFault(
                            RedisBackend.open(
                                    vertx,
                                    RedisConfig.of(Mode.SENTINEL, sentinels, "other"),
                                    StateBounds.DEFAULT,
                                    "node"),
                            Fault.Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("know no master \"other\"");
            survives(RedisConfig.of(Mode.SENTINEL, sentinels, "main"), watched.master(), watched.replica(), () -> {});
        }
    }

    @Test
    void aClusterPromotesAReplicaAndNothingAcknowledgedIsLost() {
        try (var cluster = RealRedis.cluster(1, "cluster-require-full-coverage no")) {
            var config =
                    RedisConfig.of(Mode.CLUSTER, List.of(cluster.addresses().getFirst()), null);
            var link = get(RedisLink.open(vertx, config));
            for (var i = 0; i < 40; i++) {
                assertThat(get(add(link, "t" + i)).toLong()).isEqualTo(1);
            }
            followsTheSlotOf("t7", link, cluster);
            var at = Slot.of(new RedisKeys(config.prefix()).registry("meta")) * 3 / Slot.COUNT;
            survives(
                    config,
                    cluster.masters().get(at),
                    cluster.servers().get(3 + at),
                    () -> theOthersStandWithout(at, link));
            get(link.close());
        }
    }

    private static Future<Response> add(RedisLink link, String tag) {
        return link.run(ADD, List.of(RedisKeys.bytes("test:{" + tag + "}:n")), List.of(RedisKeys.bytes(1)));
    }

    private static void followsTheSlotOf(String tag, RedisLink link, RealRedis.Cluster cluster) {
        var key = "test:{" + tag + "}:n";
        var number = Slot.of(RedisKeys.bytes(key));
        var slot = Integer.toString(number);
        var from = cluster.masters().get(number * 3 / Slot.COUNT);
        var to = cluster.masters().get((number * 3 / Slot.COUNT + 1) % 3);
        assertThat(from.cli("CLUSTER", "KEYSLOT", key)).isEqualTo(slot);
        to.cli("CLUSTER", "SETSLOT", slot, "IMPORTING", from.cli("CLUSTER", "MYID"));
        from.cli("CLUSTER", "SETSLOT", slot, "MIGRATING", to.cli("CLUSTER", "MYID"));
        from.cli("MIGRATE", "127.0.0.1", Integer.toString(to.port()), key, "0", "5000");
        assertThat(get(add(link, tag)).toLong()).isEqualTo(2); // ASK
        for (var each : List.of(to, from)) {
            each.cli("CLUSTER", "SETSLOT", slot, "NODE", to.cli("CLUSTER", "MYID"));
        }
        assertThat(get(add(link, tag)).toLong()).isEqualTo(3); // MOVED
        assertThat(get(add(link, tag)).toLong()).isEqualTo(4);
    }

    private static void theOthersStandWithout(int dead, RedisLink link) {
        for (var i = 10; i < 40; i++) {
            var tag = "t" + i;
            if (Slot.of(RedisKeys.bytes("{" + tag + "}")) * 3 / Slot.COUNT != dead) {
                get(add(link, tag));
            }
        }
    }

    @Test
    void aWriteThatNoReplicaConfirmsIsSaidToBeUncertain() {
        try (var server = RealRedis.standalone()) {
            var store = store(RedisConfig.of(Mode.STANDALONE, List.of(server.address()), null));
            var known = follow(store);
            assertFault(store.commit(List.of(new Change("a", 0, Json.of("1")))), Fault.Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("0 of 1 replicas")
                    .hasMessageContaining("not known whether it outlives a failover");
            await().atMost(Duration.ofSeconds(3)).until(() -> known.contains("a"));
            assertFault(store.commit(List.of(new Change("a", 0, Json.of("1")))), Fault.Kind.CONFLICT);
        }
    }
}
