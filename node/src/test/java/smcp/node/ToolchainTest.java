package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.config.Config;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import io.vertx.ext.web.Router;
import io.vertx.junit5.VertxExtension;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisAPI;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The building blocks fit together on one class path, and each does the least that is asked of it (docs/decisions/0002). */
@ExtendWith(VertxExtension.class)
class ToolchainTest {
    @Test
    void aClusterOfOneStartsCarriesAMessageAndCloses() throws Exception {
        var manager = new HazelcastClusterManager(hazelcast());
        var vertx = Vertx.builder().withClusterManager(manager).buildClustered().await(30, TimeUnit.SECONDS);
        try {
            assertThat(manager.getHazelcastInstance().getCluster().getMembers()).hasSize(1);
            assertThat(vertx.isClustered()).isTrue();
            EventBus bus = vertx.eventBus();
            var consumer = bus.<String>consumer("echo", message -> message.reply(message.body()));
            consumer.completion().await(10, TimeUnit.SECONDS);
            assertThat(bus.<String>request("echo", "hello")
                            .await(10, TimeUnit.SECONDS)
                            .body())
                    .isEqualTo("hello");
        } finally {
            vertx.close().await(30, TimeUnit.SECONDS);
        }
        assertThat(manager.getHazelcastInstance().getLifecycleService().isRunning())
                .isFalse();
    }

    /** As the platform's cluster is to be: a listed member, quick to notice a lost one, silent towards the outside. */
    private static Config hazelcast() {
        var config = new Config()
                .setClusterName("toolchain-" + ProcessHandle.current().pid());
        config.setProperty("hazelcast.heartbeat.interval.seconds", "1")
                .setProperty("hazelcast.max.no.heartbeat.seconds", "5")
                .setProperty("hazelcast.connection.monitor.interval", "50")
                .setProperty("hazelcast.connection.monitor.max.faults", "1")
                .setProperty("hazelcast.merge.first.run.delay.seconds", "10")
                .setProperty("hazelcast.merge.next.run.delay.seconds", "10")
                .setProperty("hazelcast.phone.home.enabled", "false")
                .setProperty("hazelcast.logging.type", "slf4j")
                .setProperty("hazelcast.socket.bind.any", "false");
        var network = config.getNetworkConfig();
        // a free port of this machine: tests of several checkouts may run side by side
        network.setPort(45_701).setPortAutoIncrement(true).setPortCount(200);
        network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        var join = network.getJoin();
        join.getAutoDetectionConfig().setEnabled(false);
        join.getMulticastConfig().setEnabled(false);
        join.getTcpIpConfig().setEnabled(true).setConnectionTimeoutSeconds(1);
        return config;
    }

    @Test
    void aTokenIsSignedAndVerifiedAndAForgedOneIsNot(Vertx vertx) throws Exception {
        var auth = jwt(vertx, "a secret that is long enough for HS256");
        var token = auth.generateToken(new JsonObject().put("sub", "ada"), new JWTOptions().setExpiresInSeconds(60));
        var user = auth.authenticate(new TokenCredentials(token)).await(10, TimeUnit.SECONDS);
        assertThat(user.subject()).isEqualTo("ada");
        var forged = jwt(vertx, "another secret that is long enough too").generateToken(new JsonObject());
        assertThatThrownBy(() -> auth.authenticate(new TokenCredentials(forged)).await(10, TimeUnit.SECONDS))
                .hasMessageContaining("Signature");
    }

    private static JWTAuth jwt(Vertx vertx, String secret) {
        return JWTAuth.create(
                vertx,
                new JWTAuthOptions()
                        .addPubSecKey(
                                new PubSecKeyOptions().setAlgorithm("HS256").setBuffer(secret)));
    }

    @Test
    void aRedisClientIsMade(Vertx vertx) throws Exception {
        var redis = Redis.createClient(vertx, "redis://127.0.0.1:1");
        var api = RedisAPI.api(redis);
        // nobody listens there: the failure comes from the socket, through all of the client
        assertThatThrownBy(() -> api.get("key").await(10, TimeUnit.SECONDS)).hasMessageContaining("refused");
        redis.close().await(10, TimeUnit.SECONDS);
    }

    @Test
    void routesAndMetersAreMade(Vertx vertx) {
        assertThat(Router.router(vertx).route("/x").getPath()).isEqualTo("/x");
        var meters = new SimpleMeterRegistry();
        meters.counter("calls", "tenant", "acme").increment();
        assertThat(meters.get("calls").counter().count()).isEqualTo(1);
    }
}
