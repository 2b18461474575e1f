package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    private static final int ROUNDS = 15;
    private static final long SEED = 20_260_728;

    @TempDir
    private Path folder;

    @Test
    void nothingAcknowledgedIsLostWhenTheNodeIsKilled() throws Exception {
        var random = new Random(SEED);
        var data = folder.resolve("node");
        var promised = new Promised();
        for (var round = 0; round < ROUNDS; round++) {
            var about = "seed " + SEED + ", round " + round;
            try (var node = ChildNode.start(data)) {
                promised.check(node, about);
                var begun = new CountDownLatch(1);
                var number = round;
                var writer = Thread.ofVirtual().start(() -> promised.write(node, number, begun));
                assertThat(begun.await(20, TimeUnit.SECONDS)).as(about).isTrue();
                // not a wait for something: the moment of the kill is the random input of this test
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(random.nextInt(400_000)));
                node.kill();
                writer.join();
            }
        }
        try (var node = ChildNode.start(data)) {
            promised.check(node, "seed " + SEED + ", at the end");
        }
        assertThat(promised.count()).as("seed " + SEED).isGreaterThan(ROUNDS * 5);
    }

    /** What the control plane has said yes to. */
    private static final class Promised {
        private record Key(String tenant, String client, String id, String token) {}

        private final List<String> tenants = Collections.synchronizedList(new ArrayList<>());
        private final List<String> deleted = Collections.synchronizedList(new ArrayList<>());
        private final List<Key> keys = Collections.synchronizedList(new ArrayList<>());
        private final List<Key> revoked = Collections.synchronizedList(new ArrayList<>());
        private final List<String> versions = Collections.synchronizedList(new ArrayList<>());
        private int writes;

        int count() {
            return writes;
        }

        /** Writes until the node is gone. Every name is used once, so that what was never answered leaves no doubt about what was. */
        void write(ChildNode node, int round, CountDownLatch begun) {
            try (var admin = node.admin()) {
                for (var i = 0; ; i++) {
                    var tenant = "r" + round + "-" + i;
                    var path = "/tenants/" + tenant;
                    var _ = admin.create(path, "{'trust':'operator'}").expect(201);
                    tenants.add(tenant);
                    var _ = admin.create(path + "/clients/ada", "{}").expect(201);
                    var key = issue(admin, tenant);
                    keys.add(key);
                    begun.countDown();
                    if (i % 2 == 0) {
                        var mark = "mark-" + tenant;
                        var _ = admin.deploy(tenant, Packages.java(mark)).expect(201);
                        versions.add(tenant);
                    }
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
                    writes++;
                }
            } catch (IOException e) {
                // the node was killed
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
                    assertThat(admin.get("/tenants/" + tenant + "/clients/ada").status())
                            .as(about + ", client of " + tenant)
                            .isIn(200, 404);
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
            served(node, about);
        }

        private static int status(ChildNode node, Key key) throws IOException {
            try (var client = Mcp.modern(node.port(), key.tenant(), key.token())) {
                return client.post(client.request("1", "server/discover", Json.object("{}")))
                        .status();
            }
        }

        /** Every version offers its tools again, and the newest also answers: from zero, it is the slow part. */
        private void served(ChildNode node, String about) throws IOException {
            for (var tenant : versions) {
                var key = keys.stream()
                        .filter(one -> one.tenant().equals(tenant))
                        .findFirst()
                        .orElseThrow();
                try (var client = Mcp.modern(node.port(), tenant, key.token())) {
                    var tools = Mcp.answer(client.post(client.request("1", "tools/list", Json.object("{}"))));
                    assertThat(tools.last().at("/result/tools").size())
                            .as(about + ", " + tenant)
                            .isEqualTo(5);
                    if (tenant.equals(versions.getLast())) {
                        assertThat(client.call("mark", Json.object("{}")).text())
                                .isEqualTo("mark-" + tenant);
                    }
                }
            }
        }
    }

    @Test
    void aSessionItsStreamsAndItsQuestionsOutliveTheNode() throws Exception {
        var data = folder.resolve("node");
        Mcp before;
        String seen;
        List<String> missed;
        Response.Event question;
        String asking;
        try (var node = ChildNode.start(data)) {
            try (var admin = node.admin()) {
                admin.openTenant("probe", "{}");
                var _ = admin.deployed("probe", Packages.js("1"));
            }
            before = Mcp.legacy(node.port(), "probe");
            var echo = before.toolCall("5", "echo", Json.object("{'payload':'p','steps':4,'gap':20}"), "\"t\"");
            var events = before.post(echo).events();
            // the client is taken to have lost everything behind the first frame of the stream
            seen = Objects.requireNonNull(events.get(1).id());
            missed = events.subList(2, events.size()).stream()
                    .map(Response.Event::data)
                    .toList();
            var asked = before.post(before.toolCall("6", "ask", Json.object("{}"), null));
            var first = Objects.requireNonNull(asked.next());
            question = first.data().isEmpty() ? Objects.requireNonNull(asked.next()) : first;
            asking = Objects.requireNonNull(question.id());
            node.kill();
        }
        before.close();
        assertThat(missed).hasSize(4);
        assertThat(question.json().path("method").asText()).isEqualTo("elicitation/create");
        try (var node = ChildNode.start(data)) {
            try (var session = before.again(node.port())) {
                assertThat(session.call("7", "mark", Json.object("{}"), null).text())
                        .isEqualTo("1");
            }
            try (var session = before.again(node.port())) {
                var resumed = session.get(seen);
                assertThat(resumed.status()).isEqualTo(200);
                assertThat(resumed.events().stream().map(Response.Event::data)).isEqualTo(missed);
            }
            answerAfterTheRestart(node, before, question, asking);
        }
    }

    private static void answerAfterTheRestart(ChildNode node, Mcp before, Response.Event question, String asking)
            throws IOException {
        try (var stream = before.again(node.port());
                var answering = before.again(node.port())) {
            var resumed = stream.get(asking);
            assertThat(resumed.status()).isEqualTo(200);
            var answer = Json.object("{'jsonrpc':'2.0','result':{'action':'accept','content':{'name':'Ada'}}}");
            answer.set("id", question.json().path("id"));
            assertThat(answering.post(answer).status()).isEqualTo(202);
            var last = resumed.events().getLast().json();
            assertThat(last.path("id").asInt()).isEqualTo(6);
            assertThat(last.at("/result/content/0/text").asText()).isEqualTo("Ada@1");
        }
    }

    @Test
    void aStreamWhoseCallDiedWithTheNodeEndsWithAnError() throws Exception {
        var data = folder.resolve("node");
        Mcp before;
        String seen;
        try (var node = ChildNode.start(data)) {
            try (var admin = node.admin()) {
                admin.openTenant("probe", "{}");
                var _ = admin.deployed("probe", Packages.js("1"));
            }
            before = Mcp.legacy(node.port(), "probe");
            var running = before.post(
                    before.toolCall("8", "echo", Json.object("{'payload':'p','steps':1,'gap':60000}"), "1"));
            var event = Objects.requireNonNull(running.next());
            while (event.data().isEmpty()) {
                event = Objects.requireNonNull(running.next());
            }
            seen = Objects.requireNonNull(event.id());
            node.kill();
        }
        before.close();
        try (var node = ChildNode.start(data);
                var session = before.again(node.port())) {
            var resumed = session.get(seen);
            assertThat(resumed.status()).isEqualTo(200);
            var last = resumed.events().getLast().json();
            assertThat(last.path("id").asInt()).isEqualTo(8);
            assertThat(last.at("/error/code").asInt()).isEqualTo(-32603);
        }
    }
}
