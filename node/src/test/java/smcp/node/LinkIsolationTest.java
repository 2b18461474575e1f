package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.node.testing.Json;
import smcp.node.testing.LocalNode;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** Clients all count from 0 and share one engine. Whatever they call their requests and tokens, each gets its own frames, all of them, and no other's. */
class LinkIsolationTest {
    private static final int CLIENTS = 64;
    private static final int CALLS = 40;
    private static final int STEPS = 3;

    @TempDir
    private static Path data;

    private static LocalNode node;

    @BeforeAll
    static void start() throws Exception {
        node = LocalNode.start(data.resolve("node"));
        try (var admin = node.admin()) {
            for (var engine : List.of("js", "java")) {
                admin.openTenant(engine, "{'concurrency':48,'queue':200}");
                var _ = admin.deployed(engine, Packages.probe(engine, "1"));
            }
        }
    }

    @AfterAll
    static void stop() {
        node.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"js", "java"})
    void nobodyGetsAnothersFrame(String tenant) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var counts = all(threads, tenant);
            assertThat(counts).hasSize(CLIENTS).containsOnly(CALLS * (STEPS + 1));
        }
    }

    private static List<Integer> all(ExecutorService threads, String tenant) throws Exception {
        var clients = new ArrayList<Callable<Integer>>();
        for (var i = 0; i < CLIENTS; i++) {
            var number = i;
            clients.add(() -> {
                try (var client = number % 2 == 0 ? Mcp.modern(node.port(), tenant) : Mcp.legacy(node.port(), tenant)) {
                    return calls(client, number);
                }
            });
        }
        var counts = new ArrayList<Integer>();
        for (var done : threads.invokeAll(clients, 60, TimeUnit.SECONDS)) {
            counts.add(done.get());
        }
        return counts;
    }

    /** Answers how many frames came. */
    private static int calls(Mcp client, int number) throws Exception {
        var frames = 0;
        for (var i = 0; i < CALLS; i++) {
            // the same numbers in every client, as JSON numbers in some and as strings in others
            var id = number % 4 < 2 ? String.valueOf(i) : "\"" + i + "\"";
            var token = (number + i) % 2 == 0 ? String.valueOf(i) : "\"" + i + "\"";
            var payload = "client " + number + " call " + i + " \u00fc\ud83d\ude00";
            var arguments = Json.object("{}").put("payload", payload).put("steps", STEPS);
            var answer = client.call(id, "echo", arguments, token);
            var where = payload + ": " + answer;
            assertThat(answer.last().path("id")).as(where).isEqualTo(Json.parse(id));
            assertThat(answer.text()).as(where).isEqualTo(payload);
            assertThat(answer.notices()).as(where).hasSize(STEPS);
            for (var step = 0; step < STEPS; step++) {
                var params = answer.notices().get(step).path("params");
                assertThat(params.path("progressToken")).as(where).isEqualTo(Json.parse(token));
                assertThat(params.path("message").asText()).as(where).isEqualTo(payload);
                assertThat(params.path("progress").asInt()).as(where).isEqualTo(step + 1);
            }
            frames += answer.notices().size() + 1;
        }
        return frames;
    }
}
