package smcp.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import smcp.protocol.Method;

/** What remains of an engine: nothing, whoever ends it. */
@ExtendWith(VertxExtension.class)
class LifeTest {
    private static final int CYCLES = 200;
    /** What serves all engines of a node, for as long as it lives. */
    private static final Set<String> OURS = Set.of("smcp-engine-starter", "smcp-engine-timer");

    @Test
    void twoHundredStartsAndClosesLeaveNoProcessThreadOrDescriptor(Vertx vertx) throws IOException {
        cycle(vertx);
        cycle(vertx);
        await().atMost(Rig.SOON).until(() -> threads().equals(OURS));
        var descriptors = descriptors();
        for (var i = 0; i < CYCLES; i++) {
            cycle(vertx);
        }
        assertThat(Rig.children()).isEmpty();
        await().atMost(Rig.SOON).untilAsserted(() -> assertThat(threads()).isEqualTo(OURS));
        await().atMost(Rig.SOON)
                .untilAsserted(() -> assertThat(descriptors()).hasSizeLessThanOrEqualTo(descriptors.size()));
    }

    private static void cycle(Vertx vertx) {
        try (var rig = Rig.raw(vertx, "ok", Rig.LIMITS).started()) {
            assertThat(rig.call("steps", "{\"text\":\"x\"}").text()).isEqualTo("x");
        }
    }

    private static List<String> descriptors() throws IOException {
        try (var all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(Path::toString).toList();
        }
    }

    /** By name; the JDK keeps threads that wait for processes for a minute of idleness. */
    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("tenant-") || name.startsWith("smcp-"))
                .collect(Collectors.toSet());
    }

    @Test
    void killingTheNodeKillsABusyTenant() throws IOException, InterruptedException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var node = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Doomed.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var said = new BufferedReader(new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8))) {
            var tenant = Long.parseLong(after("pid ", said));
            assertThat(after("busy", said)).isEmpty();
            assertThat(Rig.alive(tenant)).isTrue();
            node.destroyForcibly().waitFor();
            await().atMost(Rig.SOON).until(() -> !Rig.alive(tenant));
        } finally {
            node.destroyForcibly();
        }
    }

    private static String after(String start, BufferedReader said) throws IOException {
        for (var line = said.readLine(); line != null; line = said.readLine()) {
            if (line.startsWith(start)) {
                return line.substring(start.length());
            }
        }
        throw new AssertionError("the node said nothing that starts with \"" + start + "\"");
    }

    /** A node with one tenant that loops for ever. */
    static final class Doomed {
        public static void main(String[] args) {
            var rig = Rig.raw(Vertx.vertx(), "pid-then-busy", Rig.LIMITS).started();
            await().atMost(Rig.SOON).until(() -> !rig.printed.isEmpty());
            System.out.println(rig.printed.getFirst());
            var _ = Rig.await(rig.engine.ask(Method.DISCOVER));
            var _ = rig.call("busy", "{}");
            System.out.println("busy");
        }
    }
}
