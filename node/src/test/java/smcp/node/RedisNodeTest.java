package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.node.testing.Response;
import smcp.testing.RealRedis;

/** A node whose state is in Redis: nothing but the packages is its own. */
class RedisNodeTest {
    @TempDir
    private Path folder;

    private RealRedis.Server redis;

    @BeforeEach
    void startRedis() {
        redis = RealRedis.standalone();
    }

    @AfterEach
    void stopRedis() {
        redis.close();
    }

    private ChildNode node(Path data) throws IOException {
        var config = Files.writeString(
                folder.resolve("node.yaml"),
                "store: {kind: redis, redis: {endpoints: [\"" + redis.address() + "\"], prefix: whole}}\n");
        return ChildNode.start(data, "--config", config.toString());
    }

    /** As if the packages had come from a store that all nodes share; with the key that opens them. The index of names is this node's own, and made anew. */
    private static void copyPackages(Path from, Path to) throws IOException {
        try (var files = Files.walk(from.resolve("blobs"))) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else if (!file.getFileName().toString().startsWith("index.db")) {
                    Files.copy(file, target);
                }
            }
        }
        Files.copy(from.resolve("node.key"), to.resolve("node.key"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    /**
     * A stream that a client has read in part.
     *
     * @param seen id of the last event it has
     * @param rest what came after it
     */
    private record Broken(String seen, List<String> rest) {}

    @Test
    @Timeout(60)
    void anotherNodeServesWhatAKilledOneLeftAndOnlyTheLostCallsOfTheKilledOneAreAnsweredWhenItComesBack()
            throws Exception {
        var first = folder.resolve("first");
        var second = folder.resolve("second");
        var one = node(first);
        try {
            try (var admin = one.admin()) {
                admin.openTenant("probe", "{}");
                assertThat(admin.deployed("probe", Packages.java("1"))).isEqualTo(1);
            }
            copyPackages(first, second);
            try (var other = node(second);
                    var here = Mcp.legacy(one.port(), "probe");
                    var there = Mcp.legacy(other.port(), "probe")) {
                var ended = ended(here);
                String lost;
                try (var calling = here.again(one.port())) {
                    lost = running(calling);
                }
                var theirs = running(there);
                one.kill();
                servesOn(other, here, ended);
                one = node(first);
                try (var again = here.again(one.port())) {
                    var last = again.get(lost).events().getLast().json();
                    assertThat(last.path("id").asInt()).isEqualTo(7);
                    assertThat(last.at("/error/message").asText()).contains("node stopped");
                }
                assertThat(stillRuns(first)).isFalse();
                assertThat(stillRuns(second)).isTrue();
                endsUnanswered(other, there, theirs);
            }
        } finally {
            one.close();
        }
        assertThat(Files.exists(second.resolve("registry.db"))).isFalse();
        assertThat(Files.exists(second.resolve("sessions.db"))).isFalse();
    }

    private static Broken ended(Mcp session) throws IOException {
        var echo = session.toolCall("5", "echo", Json.object("{'payload':'p','steps':4,'gap':20}"), "\"t\"");
        var events = session.post(echo).events();
        assertThat(events).hasSizeGreaterThan(3);
        // the client is taken to have lost everything behind the first frame of the stream
        var missed = events.subList(2, events.size()).stream()
                .map(Response.Event::data)
                .toList();
        return new Broken(Objects.requireNonNull(events.get(1).id()), missed);
    }

    private static void servesOn(ChildNode node, Mcp session, Broken stream) throws IOException {
        try (var resuming = session.again(node.port())) {
            var resumed = resuming.get(stream.seen());
            assertThat(resumed.status()).isEqualTo(200);
            assertThat(resumed.events().stream().map(Response.Event::data).toList())
                    .isEqualTo(stream.rest());
        }
        try (var going = session.again(node.port())) {
            assertThat(going.call("8", "mark", Json.object("{}"), null).text()).isEqualTo("1");
        }
        try (var modern = Mcp.modern(node.port(), "probe")) {
            var tools = Mcp.answer(modern.post(modern.request("1", "tools/list", Json.object("{}"))));
            assertThat(tools.last().at("/result/tools").size()).isEqualTo(6);
        }
    }

    /** A cancelled call has no response, unless somebody else gave it one. */
    private static void endsUnanswered(ChildNode node, Mcp session, String seen) throws IOException {
        try (var cancelling = session.again(node.port());
                var resuming = session.again(node.port())) {
            var resumed = resuming.get(seen);
            var cancel = Json.object("{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':7}}");
            assertThat(cancelling.post(cancel).status()).isEqualTo(202);
            assertThat(resumed.events()).noneMatch(event -> event.data().contains("\"error\""));
        }
    }

    /** A call that takes a minute, in a stream; answers the id of an event its client has seen. */
    private static String running(Mcp session) throws IOException {
        var aMinute = Json.object("{'payload':'p','steps':1,'gap':60000}");
        var stream = session.post(session.toolCall("7", "echo", aMinute, "1"));
        var event = Objects.requireNonNull(stream.next());
        while (event.data().isEmpty()) {
            event = Objects.requireNonNull(stream.next());
        }
        return Objects.requireNonNull(event.id());
    }

    private boolean stillRuns(Path data) throws IOException {
        var id = Files.readString(data.resolve("node.id")).strip();
        return redis.cli("ZCARD", "whole:{probe}:running:" + id).equals("1");
    }
}
