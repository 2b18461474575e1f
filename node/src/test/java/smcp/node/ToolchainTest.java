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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The building blocks fit together on one class path, and each does the least that is asked of it (docs/decisions/0002); and the build refuses what it is meant to refuse. */
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

    /**
     * Small modules below the project's own pom, each with one mistake that only one tool can find, and one with none. A real build of theirs, because a test of flags would not notice that a plugin does not get them.
     */
    @Test
    void whatErrorProneNullAwayAndSpotlessForbidDoesNotCompile(@TempDir Path folder) throws Exception {
        for (var planted : Planted.values()) {
            module(folder, planted);
        }
        Files.writeString(folder.resolve("pom.xml"), """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <groupId>planted</groupId><artifactId>all</artifactId><version>1</version><packaging>pom</packaging>
              <modules>%s</modules>
            </project>
            """.formatted(Stream.of(Planted.values())
                .map(planted -> "<module>" + planted + "</module>")
                .collect(Collectors.joining())));
        // javac's inside, opened to Error Prone
        Files.createDirectory(folder.resolve(".mvn"));
        Files.copy(Path.of("../.mvn/jvm.config"), folder.resolve(".mvn/jvm.config"));
        var said = maven(folder, "compile");
        for (var planted : Planted.values()) {
            var errors = said.lines()
                    .filter(line -> line.contains("ERROR") && line.contains(planted + "/"))
                    .toList();
            if (planted.forbiddenBy.isEmpty()) {
                assertThat(errors).as(said).isEmpty();
                assertThat(folder.resolve(planted + "/target/classes/planted/Planted.class"))
                        .as(said)
                        .exists();
            } else {
                assertThat(said).contains(planted.forbiddenBy);
                assertThat(folder.resolve(planted + "/target/classes/planted/Planted.class"))
                        .as(said)
                        .doesNotExist();
            }
        }
    }

    private enum Planted {
        NOTHING("", "    static int length(String text) {\n        return text.length();\n    }\n"),
        DROPPED_EXCEPTION(
                "[DeadException]",
                "    static void check(int size) {\n        if (size < 0) {\n            new IllegalArgumentException();\n        }\n    }\n"),
        NULL_FROM_NOWHERE("[NullAway]", "    static String name() {\n        return null;\n    }\n"),
        UNFORMATTED("format violations", "    static int one() { return 1; }\n"),
        UNCHECKED(
                "warnings found and -Werror specified",
                "    static Object list(Object any) {\n        return (java.util.List<String>) any;\n    }\n");

        final String forbiddenBy;
        final String body;

        Planted(String forbiddenBy, String body) {
            this.forbiddenBy = forbiddenBy;
            this.body = body;
        }
    }

    private static void module(Path folder, Planted planted) throws IOException {
        var module = folder.resolve(planted.name());
        var sources = Files.createDirectories(module.resolve("src/main/java/planted"));
        Files.writeString(module.resolve("pom.xml"), """
            <project>
              <modelVersion>4.0.0</modelVersion>
              <parent>
                <groupId>smcp</groupId><artifactId>smcp</artifactId><version>0.1.0-SNAPSHOT</version>
                <relativePath>%s</relativePath>
              </parent>
              <artifactId>%s</artifactId>
            </project>
            """.formatted(
                        module.toRealPath().relativize(Path.of("../pom.xml").toRealPath()), planted));
        Files.writeString(sources.resolve("package-info.java"), """
            /** Planted. */
            @NullMarked
            package planted;

            import org.jspecify.annotations.NullMarked;
            """);
        Files.writeString(
                sources.resolve("Planted.java"),
                "package planted;\n\nfinal class Planted {\n    private Planted() {}\n\n" + planted.body + "}\n");
    }

    /** As this build was: the same Maven, JDK and repository, where all it needs is by now. */
    private static String maven(Path folder, String phase) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("smcp.maven"), "bin/mvn").toString(),
                        "-B",
                        "-q",
                        "-o",
                        "-fae",
                        "-T2",
                        "-Dmaven.repo.local=" + System.getProperty("localRepository"),
                        phase)
                .directory(folder.toFile())
                .redirectErrorStream(true);
        process.environment().put("JAVA_HOME", System.getProperty("java.home"));
        var running = process.start();
        running.getOutputStream().close();
        var said = new String(running.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(running.exitValue()).as(said).isEqualTo(1);
        return said;
    }

    @Test
    void routesAndMetersAreMade(Vertx vertx) {
        assertThat(Router.router(vertx).route("/x").getPath()).isEqualTo("/x");
        var meters = new SimpleMeterRegistry();
        meters.counter("calls", "tenant", "acme").increment();
        assertThat(meters.get("calls").counter().count()).isEqualTo(1);
    }
}
