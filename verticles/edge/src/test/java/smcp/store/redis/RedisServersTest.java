package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import smcp.bus.Fault;
import smcp.store.redis.RedisConfig.Mode;
import smcp.testing.RealRedis;

/** The link against several servers, and its way after the master and the slots. */
class RedisServersTest {
    private static final Script ADD = Script.of("add", "return redis.call('INCRBY', KEYS[1], ARGV[1])");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        get(vertx.close());
    }

    private static Future<Response> add(RedisLink link, String tag) {
        return link.run(ADD, List.of(RedisKeys.bytes("test:{" + tag + "}:n")), List.of(RedisKeys.bytes(1)));
    }

    private static boolean succeeds(Future<?> future) {
        try {
            get(future);
            return true;
        } catch (Fault e) {
            assertThat(e.kind()).isEqualTo(Fault.Kind.STORE_UNAVAILABLE);
            return false;
        }
    }

    @Test
    void aSlotThatMovesIsFollowed() {
        try (var cluster = RealRedis.cluster(0)) {
            var link = get(RedisLink.open(
                    vertx, RedisConfig.of(Mode.CLUSTER, List.of(cluster.addresses().getFirst()), null)));
            for (var i = 0; i < 50; i++) {
                assertThat(get(add(link, "t" + i)).toLong()).isEqualTo(1);
            }
            var slot = Slot.of(RedisKeys.bytes("x{t7}"));
            var from = cluster.masters().get(slot * 3 / Slot.COUNT);
            assertThat(from.cli("CLUSTER", "KEYSLOT", "x{t7}")).isEqualTo(Integer.toString(slot));
            var to = cluster.masters().get((slot * 3 / Slot.COUNT + 1) % 3);
            var fromId = from.cli("CLUSTER", "MYID");
            var toId = to.cli("CLUSTER", "MYID");
            to.cli("CLUSTER", "SETSLOT", Integer.toString(slot), "IMPORTING", fromId);
            from.cli("CLUSTER", "SETSLOT", Integer.toString(slot), "MIGRATING", toId);
            from.cli("MIGRATE", "127.0.0.1", Integer.toString(to.port()), "test:{t7}:n", "0", "5000");
            assertThat(get(add(link, "t7")).toLong()).isEqualTo(2); // ASK
            for (var each : List.of(to, from)) {
                each.cli("CLUSTER", "SETSLOT", Integer.toString(slot), "NODE", toId);
            }
            assertThat(get(add(link, "t7")).toLong()).isEqualTo(3); // MOVED
            assertThat(get(add(link, "t7")).toLong()).isEqualTo(4);
            get(link.close());
        }
    }

    @Test
    void oneDeadMasterTakesNobodyElseWithIt() {
        try (var cluster = RealRedis.cluster(0, "cluster-require-full-coverage no")) {
            var link = get(RedisLink.open(vertx, RedisConfig.of(Mode.CLUSTER, cluster.addresses(), null)));
            var dead = cluster.masters().get(1);
            dead.kill();
            for (var i = 0; i < 30; i++) {
                var tag = "t" + i;
                var there = Slot.of(RedisKeys.bytes("{" + tag + "}")) * 3 / Slot.COUNT != 1;
                await().atMost(Duration.ofSeconds(5)).until(() -> succeeds(add(link, tag)) == there);
            }
            dead.start();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                for (var i = 0; i < 30; i++) {
                    if (!succeeds(add(link, "t" + i))) {
                        return false;
                    }
                }
                return true;
            });
            get(link.close());
        }
    }

    @Test
    void theMasterThatSentinelMakesIsFollowed() {
        try (var watched = RealRedis.sentinel()) {
            var link = get(RedisLink.open(
                    vertx, RedisConfig.of(Mode.SENTINEL, List.of("127.0.0.1:1", watched.sentinel().address()), "main")));
            get(add(link, "a"));
            assertThat(watched.master().cli("WAIT", "1", "2000")).isEqualTo("1");
            watched.master().kill();
            await().atMost(Duration.ofSeconds(15)).until(() -> succeeds(add(link, "a")));
            assertThat(watched.replica().cli("GET", "test:{a}:n")).isEqualTo("2");
            get(link.close());
        }
    }
}
