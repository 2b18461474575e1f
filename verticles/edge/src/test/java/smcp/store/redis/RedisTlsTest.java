package smcp.store.redis;

import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;
import smcp.store.StateBounds;
import smcp.store.redis.RedisConfig.Limits;
import smcp.store.redis.RedisConfig.Mode;
import smcp.store.redis.RedisConfig.Registry;
import smcp.store.redis.RedisConfig.Required;
import smcp.store.redis.RedisConfig.Tls;
import smcp.testing.RealRedis;
import smcp.testing.SelfSigned;

/** TLS to a server: used where both sides can prove who they are, and nothing is sent otherwise. */
class RedisTlsTest {
    @TempDir
    private static Path directory;

    private static SelfSigned server;
    private static SelfSigned elsewhere;
    private static SelfSigned node;

    private final Vertx vertx = Vertx.vertx();

    @BeforeAll
    static void certificates() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var first = threads.submit(() -> SelfSigned.in(directory, "server", "ip:127.0.0.1"));
            var second = threads.submit(() -> SelfSigned.in(directory, "elsewhere", "dns:redis.example"));
            var third = threads.submit(() -> SelfSigned.in(directory, "node", "dns:node.example"));
            server = first.get();
            elsewhere = second.get();
            node = third.get();
        }
    }

    @AfterEach
    void close() {
        get(vertx.close());
    }

    private static RealRedis.Secured secured(SelfSigned by, String askForClients) {
        return RealRedis.secured(
                "tls-cert-file " + by.cert(),
                "tls-key-file " + by.key(),
                "tls-ca-cert-file " + node.cert(),
                "tls-auth-clients " + askForClients);
    }

    private Future<RedisBackend> open(int port, @Nullable Tls tls) {
        var config = new RedisConfig(
                Mode.STANDALONE,
                List.of("127.0.0.1:" + port),
                null,
                null,
                null,
                tls,
                "smcp",
                Limits.DEFAULT,
                Registry.DEFAULT,
                Required.REQUIRE);
        return RedisBackend.open(vertx, config, StateBounds.DEFAULT, "node");
    }

    @Test
    void aServerThatTheAuthorityVouchesForIsUsedAndNoOther() {
        try (var redis = secured(server, "no")) {
            var backend = get(open(redis.port(), new Tls(server.cert(), null, null)));
            RedisEverything.use(backend);
            get(backend.close());

            assertFault(open(redis.port(), new Tls(node.cert(), null, null)), Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("no connection")
                    .hasMessageContaining("certif");
            // the authorities that the JDK trusts do not know it either
            assertFault(open(redis.port(), new Tls(null, null, null)), Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("certif");
            var none = directory.resolve("none.crt");
            assertFault(open(redis.port(), new Tls(none, null, null)), Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining(none.toString());
            assertFault(open(redis.port(), null), Kind.STORE_UNAVAILABLE);
            assertFault(open(redis.server().port(), new Tls(server.cert(), null, null)), Kind.STORE_UNAVAILABLE);
        }
    }

    @Test
    void aServerOfAnotherNameIsRefusedThoughItsCertificateIsGood() {
        try (var redis = secured(elsewhere, "no")) {
            assertFault(open(redis.port(), new Tls(elsewhere.cert(), null, null)), Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    @Test
    void aServerThatAsksForACertificateGetsTheNodes() {
        try (var redis = secured(server, "yes")) {
            assertFault(open(redis.port(), new Tls(server.cert(), null, null)), Kind.STORE_UNAVAILABLE);
            var backend = get(open(redis.port(), new Tls(server.cert(), node.cert(), node.key())));
            get(backend.registry().open(_ -> {}));
            get(backend.close());
        }
    }
}
