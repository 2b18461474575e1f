package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.ChildCluster;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.node.testing.Response;
import smcp.node.testing.SteadyCaller;
import smcp.store.blob.S3Server;
import smcp.store.blob.S3Setup;
import smcp.testing.RealRedis;

/** Three nodes that share a Redis and a bucket: which one a client talks to makes no difference. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClusterTest {
    @TempDir
    private static Path folder;

    private static RealRedis.Server redis;
    private static ChildCluster cluster;

    @BeforeAll
    static void start() throws IOException {
        redis = RealRedis.standalone();
        var credentials = Files.writeString(
                folder.resolve("credentials"),
                "[tests]\naws_access_key_id=" + S3Setup.ACCESS_KEY + "\naws_secret_access_key=" + S3Setup.SECRET
                        + "\n");
        cluster = ChildCluster.start(folder, 3, """
                store: {kind: redis, redis: {endpoints: ["%s"], prefix: cluster}}
                blobs:
                  kind: s3
                  s3: {bucket: %s, endpoint: "%s", pathStyle: true, prefix: "cluster-%d", credentialsFile: %s, profile: tests}
                """.formatted(
                        redis.address(), S3Server.BUCKET, S3Server.url(), System.nanoTime(), credentials));
    }

    @AfterAll
    static void stop() {
        cluster.close();
        redis.close();
    }

    private static Mcp.Answer call(ChildNode node, String tenant, String tool) throws IOException {
        try (var client = Mcp.modern(node.port(), tenant)) {
            return client.call(tool, Json.object("{}"));
        }
    }

    private static void deploy(int at, String tenant, String mark) throws IOException {
        try (var admin = cluster.admin(at)) {
            if (admin.get("/tenants/" + tenant).status() == 404) {
                admin.openTenant(tenant, "{}");
            }
            assertThat(admin.deployed(tenant, Packages.java(mark))).isPositive();
        }
    }

    @Test
    void aVersionIsLiveOnEveryNodeWhenItsDeployIsAnswered() throws Exception {
        for (var round = 0; round < 6; round++) {
            deploy(round % 3, "shop", "mark" + round);
            for (var node = 0; node < 3; node++) {
                assertThat(call(cluster.get(node), "shop", "mark").text()).isEqualTo("mark" + round);
            }
        }
    }

    @Test
    void aTenantOfOneClientIsAwakeOnOneNodeAndAnsweredThroughAny() throws Exception {
        deploy(0, "small", "1");
        var places = new HashSet<String>();
        for (var round = 0; round < 5; round++) {
            for (var node = 0; node < 3; node++) {
                places.add(call(cluster.get(node), "small", "where").text());
            }
        }
        assertThat(places).hasSize(1);
    }

    @Test
    void aSessionBegunAtOneNodeGoesOnAtTheOthersAndItsStreamIsResumedThere() throws Exception {
        deploy(1, "talk", "1");
        try (var first = Mcp.legacy(cluster.get(0).port(), "talk");
                var second = first.again(cluster.get(1).port());
                var third = first.again(cluster.get(2).port())) {
            var slow = first.toolCall("5", "echo", Json.object("{'payload':'p','steps':30,'gap':100}"), "1");
            var stream = first.post(slow);
            var seen = event(stream);
            assertThat(second.call("6", "mark", Json.object("{}"), null).text()).isEqualTo("1");
            // the client loses its connection and comes back to another node
            var rest = third.get(Objects.requireNonNull(seen.id())).events();
            assertThat(rest.getLast().json().at("/result/content/0/text").asText())
                    .isEqualTo("p");
            assertThat(rest).hasSizeGreaterThan(10);
        }
    }

    @Test
    void aQuestionIsAnsweredThroughAnotherNode() throws Exception {
        deploy(2, "curious", "1");
        try (var first = Mcp.legacy(cluster.get(0).port(), "curious");
                var second = first.again(cluster.get(1).port())) {
            var stream = first.post(first.toolCall("5", "ask", Json.object("{}"), null));
            var question = event(stream).json();
            var answer = Json.object("{'jsonrpc':'2.0','result':{'action':'accept','content':{'name':'Ann'}}}");
            answer.set("id", question.get("id"));
            assertThat(second.post(answer).status()).isEqualTo(202);
            assertThat(stream.events()
                            .getLast()
                            .json()
                            .at("/result/content/0/text")
                            .asText())
                    .isEqualTo("Ann@1");
        }
    }

    @Test
    void aRevokedKeyOpensNothingAnywhereWhenThatIsAnswered() throws Exception {
        String key;
        String id;
        try (var admin = cluster.admin(0)) {
            var _ = admin.create("/tenants/closed", "{'trust':'operator'}").expect(201);
            assertThat(admin.deployed("closed", Packages.java("1"))).isPositive();
            var _ = admin.create("/tenants/closed/clients/me", "{}").expect(201);
            var made = admin.send("POST", "/tenants/closed/clients/me/keys", Map.of(), new byte[0])
                    .expect(201)
                    .body();
            key = made.path("token").asText();
            id = made.path("id").asText();
        }
        for (var node = 0; node < 3; node++) {
            try (var client = Mcp.modern(cluster.get(node).port(), "closed", key)) {
                assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo("1");
            }
        }
        try (var admin = cluster.admin(2)) {
            var _ = admin.delete("/tenants/closed/clients/me/keys/" + id).expect(204);
        }
        for (var node = 0; node < 3; node++) {
            try (var client = Mcp.modern(cluster.get(node).port(), "closed", key)) {
                assertThat(client.post(client.request("1", "tools/list", Json.object("{}")))
                                .status())
                        .isEqualTo(401);
            }
        }
    }

    @Test
    void aKilledNodeTakesItsCallsAndNothingElse() throws Exception {
        deploy(0, "hardy", "1");
        var home = call(cluster.get(0), "hardy", "where").text();
        var lost = List.of(0, 1, 2).stream()
                .filter(node ->
                        String.valueOf(cluster.get(node).process().pid()).equals(home))
                .findFirst()
                .orElseThrow();
        var other = (lost + 1) % 3;
        try (var client = Mcp.legacy(cluster.get(other).port(), "hardy")) {
            var stream = client.post(
                    client.toolCall("5", "echo", Json.object("{'payload':'p','steps':1,'gap':60000}"), "1"));
            var seen = event(stream);
            cluster.get(lost).kill();
            try (var again = client.again(cluster.get(other).port())) {
                var rest = again.get(Objects.requireNonNull(seen.id())).events();
                assertThat(rest.getLast().json().at("/error/message").asText()).contains("node stopped");
            }
            await().untilAsserted(() ->
                    assertThat(call(cluster.get(other), "hardy", "mark").text()).isEqualTo("1"));
            try (var again = client.again(cluster.get(other).port())) {
                assertThat(again.call("6", "mark", Json.object("{}"), null).text())
                        .isEqualTo("1");
            }
        } finally {
            cluster.restart(lost);
        }
        assertThat(call(cluster.get(lost), "hardy", "mark").text()).isEqualTo("1");
    }

    @Test
    void aRollingRestartFailsNoCall() throws Exception {
        deploy(0, "steady", "1");
        var stop = new AtomicBoolean();
        var called = new AtomicInteger();
        var failures = new CopyOnWriteArrayList<String>();
        var clients = new ArrayList<Thread>();
        for (var number = 0; number < 3; number++) {
            var begins = number;
            clients.add(Thread.ofPlatform().start(() -> {
                try (var caller = new SteadyCaller(cluster, "steady", begins)) {
                    while (!stop.get()) {
                        caller.call();
                        called.incrementAndGet();
                    }
                } catch (IOException | RuntimeException | AssertionError e) {
                    failures.add(String.valueOf(e));
                }
            }));
        }
        try {
            for (var node = 0; node < 3; node++) {
                var seen = called.get();
                await().until(() -> called.get() > seen + 50);
                try (var admin = cluster.admin((node + 1) % 3)) {
                    var _ = admin.send("POST", "/nodes/n" + node + "/drain", Map.of(), new byte[0])
                            .expect(202);
                }
                assertThat(cluster.get(node).process().waitFor(30, TimeUnit.SECONDS))
                        .isTrue();
                assertThat(cluster.get(node).process().exitValue()).isZero();
                cluster.restart(node);
            }
        } finally {
            stop.set(true);
            for (var client : clients) {
                client.join();
            }
        }
        assertThat(failures).isEmpty();
        assertThat(called).hasValueGreaterThan(150);
    }

    @Test
    void everyNodeKnowsTheOthers() throws Exception {
        for (var node = 0; node < 3; node++) {
            var asked = node;
            await().untilAsserted(() -> {
                try (var admin = cluster.admin(asked)) {
                    var nodes = admin.get("/nodes").expect(200).body().path("nodes");
                    assertThat(nodes)
                            .hasSize(3)
                            .allMatch(one -> one.path("state").asText().equals("fit"));
                    assertThat(nodes.get(0).path("name").asText()).isEqualTo("n" + asked);
                    assertThat(nodes.get(1).path("roundTripMicros").asInt()).isPositive();
                }
            });
        }
    }

    private static Response.Event event(Response stream) throws IOException {
        var event = Objects.requireNonNull(stream.next());
        while (event.data().isEmpty()) {
            event = Objects.requireNonNull(stream.next());
        }
        return event;
    }
}
