package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    /** As if the packages had come from a store that all nodes share. */
    private static void copyPackages(Path from, Path to) throws IOException {
        try (var files = Files.walk(from.resolve("packages"))) {
            for (var file : files.toList()) {
                var target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    @Test
    @Timeout(60)
    void anotherNodeServesWhatAKilledOneLeft() throws Exception {
        var data = folder.resolve("first");
        Mcp session;
        String seen;
        Object missed;
        try (var node = node(data)) {
            try (var admin = node.admin()) {
                admin.openTenant("probe", "{}");
                assertThat(admin.deployed("probe", Packages.java("1"))).isEqualTo(1);
            }
            session = Mcp.legacy(node.port(), "probe");
            var echo = session.toolCall("5", "echo", Json.object("{'payload':'p','steps':4,'gap':20}"), "\"t\"");
            var events = session.post(echo).events();
            assertThat(events).hasSizeGreaterThan(3);
            // the client is taken to have lost everything behind the first frame of the stream
            seen = Objects.requireNonNull(events.get(1).id());
            missed = events.subList(2, events.size()).stream()
                    .map(Response.Event::data)
                    .toList();
            node.kill();
        }
        session.close();
        var other = folder.resolve("second");
        copyPackages(data, other);
        try (var node = node(other)) {
            try (var resuming = session.again(node.port())) {
                var resumed = resuming.get(seen);
                assertThat(resumed.status()).isEqualTo(200);
                assertThat(resumed.events().stream().map(Response.Event::data).toList())
                        .isEqualTo(missed);
            }
            try (var going = session.again(node.port())) {
                assertThat(going.call("7", "mark", Json.object("{}"), null).text())
                        .isEqualTo("1");
            }
            try (var modern = Mcp.modern(node.port(), "probe")) {
                var tools = Mcp.answer(modern.post(modern.request("1", "tools/list", Json.object("{}"))));
                assertThat(tools.last().at("/result/tools").size()).isEqualTo(5);
            }
        }
        assertThat(Files.exists(other.resolve("registry.db"))).isFalse();
        assertThat(Files.exists(other.resolve("sessions.db"))).isFalse();
    }
}
