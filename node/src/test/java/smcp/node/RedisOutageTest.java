package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.node.testing.RawHttp;
import smcp.node.testing.Response;
import smcp.testing.RealRedis;
import smcp.testing.TcpProxy;

/** A node whose Redis is gone, or there and silent: what needs no store goes on, the rest is told why and when to come again, and afterwards everything works by itself. */
class RedisOutageTest {
    private static final Duration BY_ITSELF = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    private RealRedis.Server redis;
    private TcpProxy proxy;
    private ChildNode node;
    private String token;

    @BeforeEach
    void startNode() throws IOException {
        redis = RealRedis.standalone("appendfsync always");
        proxy = TcpProxy.to(redis.port());
        var config = Files.writeString(folder.resolve("node.yaml"), """
                store:
                  kind: redis
                  redis:
                    endpoints: ["127.0.0.1:%d"]
                    limits: {connectMillis: 1000, commandMillis: 2000}
                """.formatted(proxy.port()));
        node = ChildNode.start(folder.resolve("data"), "--config", config.toString());
        token = node.token().strip();
        try (var admin = node.admin()) {
            admin.openTenant("probe", "{}");
            assertThat(admin.deployed("probe", Packages.java("1"))).isEqualTo(1);
        }
    }

    @AfterEach
    void stopNode() {
        node.close();
        proxy.close();
        redis.close();
    }

    private Response admin(String method, String path, Map<String, String> more, String body) throws IOException {
        var headers = new HashMap<>(more);
        headers.put("Authorization", "Bearer " + token);
        try (var http = new RawHttp(node.adminPort())) {
            return http.send(method, "/admin/v1" + path, headers, body.getBytes(StandardCharsets.UTF_8));
        }
    }

    private Response create(String tenant) throws IOException {
        var more = Map.of("If-None-Match", "*", "Content-Type", "application/json");
        return admin("PUT", "/tenants/" + tenant, more, "{\"trust\":\"operator\"}");
    }

    private Response value(String method) throws IOException {
        var more = Map.of("Content-Type", "application/octet-stream");
        return admin(method, "/tenants/probe/kv/greeting", more, method.equals("PUT") ? "hello" : "");
    }

    private @Nullable Void initialized(boolean good) throws IOException {
        try (var client = Mcp.outsider(node.port(), "probe")) {
            var answer = client.post(Mcp.initialize("0"));
            if (!good) {
                return refused(answer);
            }
            assertThat(answer.status()).isEqualTo(200);
            return null;
        }
    }

    /** 503, when to come again, and which store it is. */
    private static @Nullable Void refused(Response answer) throws IOException {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(answer.text()).contains("Redis");
        return null;
    }

    private void whatNeedsNoStoreGoesOn() throws IOException {
        try (var modern = Mcp.modern(node.port(), "probe")) {
            for (var method : List.of("tools/list", "server/discover")) {
                var answer = Mcp.answer(modern.post(modern.request("1", method, Json.object("{}"))));
                assertThat(answer.ok()).as(method + ": " + answer).isTrue();
            }
            for (var i = 0; i < 5; i++) {
                assertThat(modern.call("mark", Json.object("{}")).text()).isEqualTo("1");
            }
        }
    }

    /** All at once: where the store is silent, each takes until its deadline. */
    private void whatNeedsTheStoreIsRefused() throws Exception {
        var requests = List.<Callable<@Nullable Void>>of(
                () -> initialized(false),
                () -> refused(create("later")),
                () -> refused(value("PUT")),
                () -> refused(value("GET")));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var request : threads.invokeAll(requests, 30, TimeUnit.SECONDS)) {
                assertThat(request.get()).isNull();
            }
        }
        assertThat(health("ready")).startsWith("503 not ready\nRedis: ");
        assertThat(health("serving")).startsWith("200 serving\nRedis: ");
    }

    private String health(String what) throws IOException {
        try (var http = new RawHttp(node.port())) {
            var answer = http.send("GET", "/health/" + what, Map.of(), new byte[0]);
            return answer.status() + " " + answer.text();
        }
    }

    private void everythingWorks(Mcp session) throws IOException {
        assertThat(initialized(true)).isNull();
        assertThat(create("t" + System.nanoTime()).status()).isEqualTo(201);
        assertThat(value("PUT").status()).isIn(200, 201, 204);
        assertThat(value("GET").status()).isEqualTo(200);
        try (var again = session.again(node.port())) {
            assertThat(again.call("7", "mark", Json.object("{}"), null).text()).isEqualTo("1");
        }
        whatNeedsNoStoreGoesOn();
        assertThat(health("ready")).isEqualTo("200 ready\n");
    }

    @Test
    void aKilledRedisIsSaidAndItsReturnIsNoticed() throws Exception {
        try (var session = Mcp.legacy(node.port(), "probe")) {
            everythingWorks(session);
            redis.kill();
            whatNeedsNoStoreGoesOn();
            whatNeedsTheStoreIsRefused();
            redis.start();
            await().atMost(BY_ITSELF).untilAsserted(() -> everythingWorks(session));

            redis.kill();
            whatNeedsTheStoreIsRefused();
            redis.start();
            await().atMost(BY_ITSELF).untilAsserted(() -> everythingWorks(session));
        }
    }

    @Test
    void aRedisThatIsSilentOrCutOffIsSaidAndItsReturnIsNoticed() throws Exception {
        try (var session = Mcp.legacy(node.port(), "probe")) {
            everythingWorks(session);
            proxy.stall();
            whatNeedsNoStoreGoesOn();
            whatNeedsTheStoreIsRefused();
            proxy.flow();
            await().atMost(BY_ITSELF).untilAsserted(() -> everythingWorks(session));

            proxy.refuse();
            whatNeedsNoStoreGoesOn();
            whatNeedsTheStoreIsRefused();
            proxy.flow();
            await().atMost(BY_ITSELF).untilAsserted(() -> everythingWorks(session));

            for (var cut = 0; cut < 5; cut++) {
                proxy.cut();
                whatNeedsNoStoreGoesOn();
            }
            await().atMost(BY_ITSELF).untilAsserted(() -> everythingWorks(session));
        }
    }
}
