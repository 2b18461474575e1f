package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.Admin;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.node.testing.Response;

/** What was acknowledged outlives {@code kill -9}: records, versions, keys, sessions, streams and questions that wait for an answer. */
class DurabilityTest {
    private static final int NODES = 2;
    private static final int ROUNDS = 3;
    private static final long SEED = 20_260_728;

    @TempDir
    private Path folder;

    @Test
    void nothingAcknowledgedIsLostWhenTheNodeIsKilled() throws Exception {
        // nodes that have nothing to do with each other, side by side because most of their life is starting
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var lives = new ArrayList<Callable<Void>>();
            for (var i = 0; i < NODES; i++) {
                var seed = SEED + i;
                lives.add(() -> {
                    killAgainAndAgain(seed);
                    return null;
                });
            }
            for (var life : threads.invokeAll(lives, 180, TimeUnit.SECONDS)) {
                var _ = life.get();
            }
        }
    }

    private void killAgainAndAgain(long seed) throws Exception {
        var random = new Random(seed);
        var data = folder.resolve("node-" + seed);
        var promised = new Promised();
        for (var round = 0; round < ROUNDS; round++) {
            var about = "seed " + seed + ", round " + round;
            try (var node = ChildNode.start(data)) {
                promised.check(node, about);
                promised.newestIsServed(node, about);
                var deployed = new CountDownLatch(1);
                var number = round;
                var writer = Thread.ofVirtual().start(() -> promised.write(node, number, deployed));
                assertThat(deployed.await(30, TimeUnit.SECONDS)).as(about).isTrue();
                // not a wait for something: the moment of the kill is the random input of this test
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(400_000)));
                node.kill();
                assertThat(writer.join(Duration.ofSeconds(30))).as(about).isTrue();
            }
            promised.writerEndedInOrder();
        }
        try (var node = ChildNode.start(data)) {
            var about = "seed " + seed + ", at the end";
            promised.check(node, about);
            promised.everythingIsServed(node, about);
        }
        assertThat(promised.deploys()).as("seed " + seed).isGreaterThanOrEqualTo(ROUNDS);
    }

    /** What the control plane has said yes to. */
    private static final class Promised {
        private record Key(String tenant, String client, String id, String token) {}

        private final List<String> tenants = Collections.synchronizedList(new ArrayList<>());
        private final List<String> deleted = Collections.synchronizedList(new ArrayList<>());
        private final List<Key> keys = Collections.synchronizedList(new ArrayList<>());
        private final List<Key> revoked = Collections.synchronizedList(new ArrayList<>());
        private final List<String> versions = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger deploys = new AtomicInteger();
        private volatile @Nullable Throwable surprise;

        int deploys() {
            return deploys.get();
        }

        void writerEndedInOrder() {
            assertThat(surprise).isNull();
        }

        /** Writes until the node is gone. Every name is used once, so that what was never answered leaves no doubt about what was. */
        void write(ChildNode node, int round, CountDownLatch deployed) {
            try (var admin = node.admin()) {
                for (var i = 0; ; i++) {
                    var tenant = "r" + round + "-" + i;
                    var path = "/tenants/" + tenant;
                    var _ = admin.create(path, "{'trust':'operator'}").expect(201);
                    tenants.add(tenant);
                    var _ = admin.create(path + "/clients/ada", "{}").expect(201);
                    var key = issue(admin, tenant);
                    keys.add(key);
                    var _ = admin.deploy(tenant, Packages.java("mark-" + tenant))
                            .expect(201);
                    versions.add(tenant);
                    deploys.incrementAndGet();
                    deployed.countDown();
                    var second = issue(admin, tenant);
                    // from here on nobody knows, until the answer says so
                    var _ = admin.delete(path + "/clients/ada/keys/" + second.id())
                            .expect(204);
                    revoked.add(second);
                    if (i % 3 == 2) {
                        tenants.remove(tenant);
                        keys.remove(key);
                        revoked.remove(second);
                        versions.remove(tenant);
                        var _ = admin.delete(path).expect(204);
                        deleted.add(tenant);
                    }
                }
            } catch (IOException e) {
                // the node was killed
            } catch (RuntimeException | AssertionError e) {
                surprise = e;
            }
        }

        private static Key issue(Admin admin, String tenant) throws IOException {
            var body = admin.send("POST", "/tenants/" + tenant + "/clients/ada/keys", Map.of(), new byte[0])
                    .expect(201)
                    .body();
            return new Key(
                    tenant, "ada", body.path("id").asText(), body.path("token").asText());
        }

        void check(ChildNode node, String about) throws IOException {
            try (var admin = node.admin()) {
                for (var tenant : tenants) {
                    assertThat(admin.get("/tenants/" + tenant).status())
                            .as(about + ", " + tenant)
                            .isEqualTo(200);
                }
                for (var key : keys) {
                    assertThat(admin.get("/tenants/" + key.tenant() + "/clients/ada")
                                    .status())
                            .as(about + ", client of " + key.tenant())
                            .isEqualTo(200);
                }
                for (var tenant : versions) {
                    assertThat(admin.get("/tenants/" + tenant + "/active")
                                    .body()
                                    .at("/active/0/version")
                                    .asInt())
                            .as(about + ", " + tenant)
                            .isEqualTo(1);
                }
                for (var tenant : deleted) {
                    assertThat(admin.get("/tenants/" + tenant).status())
                            .as(about + ", " + tenant)
                            .isEqualTo(404);
                }
            }
            for (var key : keys) {
                var status = status(node, key);
                assertThat(status).as(about + ", key of " + key.tenant()).isNotIn(401, 403);
            }
            for (var key : revoked) {
                assertThat(status(node, key))
                        .as(about + ", revoked key of " + key.tenant())
                        .isEqualTo(401);
            }
        }

        private static int status(ChildNode node, Key key) throws IOException {
            try (var client = Mcp.modern(node.port(), key.tenant(), key.token())) {
                return client.post(client.request("1", "server/discover", Json.object("{}")))
                        .status();
            }
        }

        /** From zero: the slow part. */
        void newestIsServed(ChildNode node, String about) throws IOException {
            if (!versions.isEmpty()) {
                served(node, versions.getLast(), about);
            }
        }

        void everythingIsServed(ChildNode node, String about) throws IOException {
            for (var tenant : versions) {
                served(node, tenant, about);
            }
        }

        private void served(ChildNode node, String tenant, String about) throws IOException {
            var key = keys.stream()
                    .filter(one -> one.tenant().equals(tenant))
                    .findFirst()
                    .orElseThrow();
            try (var client = Mcp.modern(node.port(), tenant, key.token())) {
                var tools = Mcp.answer(client.post(client.request("1", "tools/list", Json.object("{}"))));
                assertThat(tools.last().at("/result/tools").size())
                        .as(about + ", " + tenant)
                        .isEqualTo(6);
                assertThat(client.call("mark", Json.object("{}")).text())
                        .as(about + ", " + tenant)
                        .isEqualTo("mark-" + tenant);
            }
        }
    }

    /** Three calls of one session: one that had ended, one that asks its client, one that was running. */
    @Test
    void aSessionItsStreamsAndItsQuestionsOutliveTheNode() throws Exception {
        var data = folder.resolve("node");
        Mcp session;
        Broken ended;
        Broken asking;
        Broken running;
        try (var node = ChildNode.start(data)) {
            try (var admin = node.admin()) {
                admin.openTenant("probe", "{}");
                var _ = admin.deployed("probe", Packages.js("1"));
            }
            session = Mcp.legacy(node.port(), "probe");
            ended = ended(session);
            asking = asking(session);
            running = running(session.again(node.port()));
            node.kill();
        }
        session.close();
        try (var node = ChildNode.start(data)) {
            try (var again = session.again(node.port())) {
                assertThat(again.call("9", "mark", Json.object("{}"), null).text())
                        .isEqualTo("1");
            }
            try (var again = session.again(node.port())) {
                assertThat(again.get(ended.seen()).events().stream().map(Response.Event::data))
                        .isEqualTo(ended.rest());
            }
            answerAfterTheRestart(node, session, asking);
            try (var again = session.again(node.port())) {
                var last = again.get(running.seen()).events().getLast().json();
                assertThat(last.path("id").asInt()).isEqualTo(7);
                assertThat(last.at("/error/code").asInt()).isEqualTo(-32603);
                assertThat(last.at("/error/message").asText()).contains("node stopped");
            }
        }
    }

    /**
     * A stream that a client has read in part.
     *
     * @param seen id of the last event it has
     * @param rest what came after it
     */
    private record Broken(String seen, List<String> rest) {}

    private static Broken ended(Mcp session) throws IOException {
        var echo = session.toolCall("5", "echo", Json.object("{'payload':'p','steps':4,'gap':20}"), "\"t\"");
        var events = session.post(echo).events();
        // the client is taken to have lost everything behind the first frame of the stream
        var missed = events.subList(2, events.size()).stream()
                .map(Response.Event::data)
                .toList();
        assertThat(missed).hasSize(4);
        return new Broken(Objects.requireNonNull(events.get(1).id()), missed);
    }

    private static Broken asking(Mcp session) throws IOException {
        var question = firstWithData(session.post(session.toolCall("6", "ask", Json.object("{}"), null)));
        assertThat(question.json().path("method").asText()).isEqualTo("elicitation/create");
        return new Broken(Objects.requireNonNull(question.id()), List.of(question.data()));
    }

    private static Broken running(Mcp session) throws IOException {
        var aMinute = Json.object("{'payload':'p','steps':1,'gap':60000}");
        var progress = firstWithData(session.post(session.toolCall("7", "echo", aMinute, "1")));
        return new Broken(Objects.requireNonNull(progress.id()), List.of());
    }

    private static Response.Event firstWithData(Response stream) throws IOException {
        var event = Objects.requireNonNull(stream.next());
        while (event.data().isEmpty()) {
            event = Objects.requireNonNull(stream.next());
        }
        return event;
    }

    private static void answerAfterTheRestart(ChildNode node, Mcp session, Broken asking) throws IOException {
        try (var stream = session.again(node.port());
                var answering = session.again(node.port())) {
            var resumed = stream.get(asking.seen());
            assertThat(resumed.status()).isEqualTo(200);
            var answer = Json.object("{'jsonrpc':'2.0','result':{'action':'accept','content':{'name':'Ada'}}}");
            answer.set("id", Json.parse(asking.rest().getFirst()).path("id"));
            assertThat(answering.post(answer).status()).isEqualTo(202);
            var last = resumed.events().getLast().json();
            assertThat(last.path("id").asInt()).isEqualTo(6);
            assertThat(last.at("/result/content/0/text").asText()).isEqualTo("Ada@1");
        }
    }
}
