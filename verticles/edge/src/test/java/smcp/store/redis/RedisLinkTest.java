package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;
import smcp.store.redis.RedisConfig.Limits;
import smcp.store.redis.RedisConfig.Login;
import smcp.store.redis.RedisConfig.Mode;
import smcp.testing.RealRedis;

/** The link against one server: what it does when that server is slow, gone, full or strange. */
class RedisLinkTest {
    private static final Script ADD = Script.of("add", "return redis.call('INCRBY', KEYS[1], ARGV[1])");
    private static final byte[] KEY = RedisKeys.bytes("test:{a}:n");

    private static Vertx vertx = Vertx.vertx();
    private final RealRedis.Server server = RealRedis.standalone();
    private final List<RedisLink> links = new ArrayList<>();

    @BeforeAll
    static void begin() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void end() {
        get(vertx.close());
    }

    @AfterEach
    void close() {
        links.forEach(link -> get(link.close()));
        server.close();
    }

    private RedisLink link(Limits limits) {
        return link(server, limits, null);
    }

    private RedisLink link(RealRedis.Server server, Limits limits, @Nullable Login login) {
        var plain = RedisConfig.of(Mode.STANDALONE, List.of(server.address()), null);
        var link = get(RedisLink.open(
                vertx,
                new RedisConfig(
                        plain.mode(),
                        plain.endpoints(),
                        null,
                        login,
                        null,
                        null,
                        "test",
                        limits,
                        plain.registry(),
                        plain.durability())));
        links.add(link);
        return link;
    }

    private static Future<Response> add(RedisLink link, int more) {
        return link.run(ADD, List.of(KEY), List.of(RedisKeys.bytes(more)));
    }

    @Test
    void aScriptTheServerDoesNotKnowIsSentWhole() {
        var link = link(Limits.DEFAULT);
        assertThat(get(add(link, 2)).toLong()).isEqualTo(2);
        assertThat(server.cli("SCRIPT", "FLUSH")).isEqualTo("OK");
        assertThat(get(add(link, 3)).toLong()).isEqualTo(5);
        @Nullable Response none = get(link.command(Command.GET, RedisKeys.bytes("test:{a}:none")));
        assertThat(none).isNull();
    }

    @Test
    void aServerThatWasKilledIsReachedAgain() {
        var link = link(Limits.DEFAULT);
        get(add(link, 1));
        server.kill();
        assertFault(add(link, 1), Kind.STORE_UNAVAILABLE).hasMessageContaining("Redis");
        server.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> succeeds(add(link, 1)));
        assertThat(get(add(link, 1)).toLong()).isEqualTo(3);
    }

    private static boolean succeeds(Future<?> future) {
        try {
            get(future);
            return true;
        } catch (smcp.bus.Fault e) {
            assertThat(e.kind()).isEqualTo(Kind.STORE_UNAVAILABLE);
            return false;
        }
    }

    @Test
    void aPasswordFileThatWasNotThereForAMomentIsReadAgain(@TempDir Path directory) throws IOException {
        var file = Files.writeString(directory.resolve("password"), "secret");
        try (var guarded = RealRedis.standalone("requirepass secret")) {
            var link = link(guarded, Limits.DEFAULT, new Login(null, file, null));
            get(add(link, 1));
            Files.delete(file);
            guarded.kill();
            guarded.start();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertFault(add(link, 1), Kind.STORE_UNAVAILABLE)
                            .hasMessageContaining("the password cannot be read"));
            Files.writeString(file, "secret");
            await().atMost(Duration.ofSeconds(10)).until(() -> succeeds(add(link, 1)));
        }
    }

    @Test
    void aServerThatDoesNotAnswerCostsADeadlineAndNoMore() {
        var link = link(new Limits(1, 1_000, 1_000, 100, 64 << 20));
        get(add(link, 1));
        server.freeze();
        var began = System.nanoTime();
        assertFault(add(link, 1), Kind.STORE_UNAVAILABLE).hasMessageContaining("not known whether it was done");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
        server.thaw();
        await().atMost(Duration.ofSeconds(10)).until(() -> succeeds(add(link, 1)));
    }

    @Test
    void whatIsBeyondTheBoundIsRefusedAtOnce() {
        var link = link(new Limits(1, 5_000, 5_000, 10, 64 << 20));
        server.freeze();
        var all = new ArrayList<Future<Response>>();
        for (var i = 0; i < 20; i++) {
            all.add(add(link, 1));
        }
        assertFault(all.getLast(), Kind.STORE_UNAVAILABLE).hasMessageContaining("more is waiting");
        server.thaw();
        assertThat(all.stream().filter(RedisLinkTest::succeeds).count()).isEqualTo(10);
    }

    @Test
    void reasonsAreNamed() {
        var link = link(Limits.DEFAULT);
        get(add(link, 1));
        server.cli("CONFIG", "SET", "maxmemory", "1");
        assertFault(link.command(Command.SET, KEY, "x"), Kind.STORE_UNAVAILABLE).hasMessageContaining("maxmemory");
        server.cli("CONFIG", "SET", "maxmemory", "0");
        server.cli("REPLICAOF", "127.0.0.1", "1");
        assertFault(add(link, 1), Kind.STORE_UNAVAILABLE).hasMessageContaining("replica");
        server.cli("REPLICAOF", "NO", "ONE");
        await().atMost(Duration.ofSeconds(10)).until(() -> succeeds(add(link, 1)));
        server.cli("CONFIG", "SET", "min-replicas-to-write", "1");
        assertFault(add(link, 1), Kind.STORE_UNAVAILABLE).hasMessageContaining("min-replicas-to-write");
        assertFault(link.command(Command.HGET, KEY, "x"), Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("WRONGTYPE");
    }

    @Test
    void whatBlocksAConnectionOfItsOwnDisturbsNobody() {
        var link = link(new Limits(1, 5_000, 5_000, 100, 64 << 20));
        var blocked = link.ownLane().blocking(20_000, KEY, Command.BLPOP, RedisKeys.bytes("test:{a}:list"), "0");
        get(add(link, 1));
        assertThat(blocked.isComplete()).isFalse();
        assertThat(get(link.command(Command.RPUSH, RedisKeys.bytes("test:{a}:list"), "x")))
                .isNotNull();
        assertThat(Objects.requireNonNull(get(blocked)).get(1).toString()).isEqualTo("x");
    }

    @Test
    void whoOpenedItMayBeGone() {
        var worker = vertx.createSharedWorkerExecutor("opener", 1);
        var config = RedisConfig.of(Mode.STANDALONE, List.of(server.address()), null);
        var link = get(get(worker.executeBlocking(() -> RedisLink.open(vertx, config))));
        links.add(link);
        get(worker.close());
        get(add(link, 1));
        server.kill();
        server.start();
        await().atMost(Duration.ofSeconds(10)).until(() -> succeeds(add(link, 1)));
    }

    @Test
    void aServerThatIsNotThereIsSaidSo() {
        server.kill();
        var config = RedisConfig.of(Mode.STANDALONE, List.of(server.address()), null);
        assertFault(RedisLink.open(vertx, config), Kind.STORE_UNAVAILABLE).hasMessageContaining("no connection");
    }

    @Test
    void nothingIsOpenAfterTheClose() {
        var link = link(Limits.DEFAULT);
        get(add(link, 1));
        get(link.close());
        await().atMost(Duration.ofSeconds(5))
                .until(() -> server.cli("CLIENT", "LIST").lines().count() == 1);
        assertFault(add(link, 1), Kind.STORE_UNAVAILABLE).hasMessageContaining("closed");
    }
}
