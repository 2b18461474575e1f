package smcp.store.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;
import smcp.store.Durability.Fencing;
import smcp.store.Durability.Level;
import smcp.store.StateBounds;
import smcp.store.redis.RedisConfig.Limits;
import smcp.store.redis.RedisConfig.Login;
import smcp.store.redis.RedisConfig.Mode;
import smcp.store.redis.RedisConfig.Registry;
import smcp.store.redis.RedisConfig.Required;
import smcp.testing.RealRedis;

/** What is found of a server when a node starts, and what is promised then. */
class RedisCheckTest {
    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final RealRedis.Server server = RealRedis.standalone();

    @AfterEach
    void close() {
        get(vertx.close());
        server.close();
    }

    private RedisConfig config(Required durability, @Nullable Login login) {
        return new RedisConfig(
                Mode.STANDALONE,
                List.of(server.address()),
                null,
                login,
                null,
                null,
                "smcp",
                Limits.DEFAULT,
                Registry.DEFAULT,
                durability);
    }

    private RedisBackend opened(Required durability) {
        return get(RedisBackend.open(vertx, config(durability, null), StateBounds.DEFAULT, "node"));
    }

    private void set(String setting, String value) {
        assertThat(server.cli("CONFIG", "SET", setting, value)).isEqualTo("OK");
    }

    @Test
    void whatIsPromisedFollowsTheFsyncPolicy() {
        var everySecond = opened(Required.REQUIRE);
        assertThat(everySecond.registry().durability())
                .returns(Level.SYSTEM, promised -> promised.level())
                .returns(Fencing.COMPARED, promised -> promised.fencing());
        assertThat(everySecond.valuesDurability().loss()).contains("last second");
        get(everySecond.close());
        set("appendfsync", "always");
        var always = opened(Required.REQUIRE);
        assertThat(always.valuesDurability().level()).isEqualTo(Level.DISK);
        get(always.close());
    }

    @Test
    void aServerThatKeepsLessThanItShouldIsRefusedOrNamed() {
        set("maxmemory-policy", "allkeys-lru");
        assertFault(
                        RedisBackend.open(vertx, config(Required.REQUIRE, null), StateBounds.DEFAULT, "node"),
                        Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("maxmemory-policy is allkeys-lru")
                .hasMessageContaining("set it to noeviction");
        set("appendfsync", "no");
        assertFault(
                        RedisBackend.open(vertx, config(Required.REQUIRE, null), StateBounds.DEFAULT, "node"),
                        Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("appendfsync is no");
        set("appendonly", "no");
        assertFault(
                        RedisBackend.open(vertx, config(Required.REQUIRE, null), StateBounds.DEFAULT, "node"),
                        Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("appendonly is no");
        var accepted = opened(Required.ACCEPT);
        assertThat(accepted.registry().durability().level()).isEqualTo(Level.MEMORY);
        get(accepted.close());
    }

    /** What a backup and a restore need is in {@link RedisBackupTest}. */
    @Test
    void theRightsThatTheGuideNamesAreEnough() throws IOException {
        var login = GuideRights.give(directory, List.of(server));
        var backend = get(RedisBackend.open(vertx, config(Required.REQUIRE, login), StateBounds.DEFAULT, "node"));
        RedisEverything.use(backend);
        get(backend.close());
        GuideRights.assertNothingWasRefused(List.of(server));

        var password = directory.resolve("password");
        Files.writeString(password, "wrong");
        assertFault(
                        RedisBackend.open(vertx, config(Required.REQUIRE, login), StateBounds.DEFAULT, "node"),
                        Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("refuses the login");
        assertFault(
                        RedisBackend.open(
                                vertx,
                                config(Required.REQUIRE, new Login("smcp", directory.resolve("none"), null)),
                                StateBounds.DEFAULT,
                                "node"),
                        Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("password cannot be read");
        server.cli("CONFIG", "SET", "requirepass", "x");
        assertFault(
                        RedisBackend.open(vertx, config(Required.REQUIRE, null), StateBounds.DEFAULT, "node"),
                        Kind.STORE_UNAVAILABLE)
                .hasMessageContaining("wants a login");
    }

    @Test
    void theRightsThatTheGuideNamesAreEnoughUnderSentinel() throws IOException {
        try (var watched = RealRedis.sentinel()) {
            var masters = List.of(watched.master(), watched.replica());
            var login = GuideRights.give(directory, masters);
            var ofSentinel = GuideRights.giveSentinel(directory, watched.sentinel());
            var open = RedisConfig.of(Mode.SENTINEL, List.of(watched.sentinel().address()), "main");
            var config = GuideRights.with(Prefixes.waiting(open, new Registry(1, 2_000)), login, ofSentinel);
            var backend = get(RedisBackend.open(vertx, config, StateBounds.DEFAULT, "node"));
            RedisEverything.use(backend);
            get(backend.close());
            GuideRights.assertNothingWasRefused(masters);
            GuideRights.assertNothingWasRefused(List.of(watched.sentinel()));
        }
    }
}
