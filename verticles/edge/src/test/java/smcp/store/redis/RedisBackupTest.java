package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import smcp.bus.Fault;
import smcp.store.StateBounds;
import smcp.store.backup.GrowingContract;
import smcp.store.redis.RedisConfig.Mode;
import smcp.testing.RealRedis;

/** One node grows into Redis, one server or a cluster with its slots, and back; with the rights of the guide, which say what a backup and a restore may need. */
class RedisBackupTest {
    @TempDir
    Path folder;

    private Vertx vertx;

    @BeforeEach
    void start() {
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mode.class,
            names = {"STANDALONE", "CLUSTER"})
    void everythingMovesIntoRedisAndBack(Mode mode) throws Exception {
        if (mode == Mode.STANDALONE) {
            try (var server = RealRedis.standalone()) {
                moves(RedisConfig.of(mode, List.of(server.address()), null), List.of(server));
            }
        } else {
            try (var cluster = RealRedis.cluster(0)) {
                moves(RedisConfig.of(mode, cluster.addresses(), null), cluster.servers());
            }
        }
    }

    private void moves(RedisConfig open, List<RealRedis.Server> servers) throws Exception {
        var login = GuideRights.give(folder, servers);
        var config = GuideRights.with(open, login, login);
        var place = new RedisPlace(vertx, config, StateBounds.DEFAULT, "0123456789abcdef");
        assertThat(place.occupied()).isNull();
        GrowingContract.sqliteIntoAndBack(vertx, folder, place, () -> {
            // between the two: half restored is what a node finds
            assertThatThrownBy(() -> RedisBackend.open(vertx, config, StateBounds.DEFAULT, "fedcba9876543210")
                            .await())
                    .isInstanceOf(Fault.class)
                    .hasMessageContaining("half restored");
        });
        assertThat(place.occupied()).contains("prefix smcp");
        var opened = RedisBackend.open(vertx, config, StateBounds.DEFAULT, "fedcba9876543210")
                .await();
        opened.close().await();
        assertThat(place.clear(null)).contains("removed");
        place.finished();
        assertThat(place.occupied()).isNull();
        GuideRights.assertNothingWasRefused(servers);
    }
}
