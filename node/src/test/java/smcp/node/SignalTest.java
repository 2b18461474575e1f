package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** What stops a node is often sent to more than the node. */
class SignalTest {
    enum To {
        /** As a terminal does. */
        GROUP,
        /** As a service manager does, which finds them by their control group. */
        EVERY_PROCESS
    }

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"INT,GROUP", "HUP,GROUP", "TERM,GROUP", "INT,EVERY_PROCESS", "TERM,EVERY_PROCESS", "HUP,EVERY_PROCESS"})
    void aCallInFlightEndsAlthoughItsTenantGetsTheSignalToo(String signal, To to) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var node = ChildNode.startLeader(folder.resolve("node"))) {
            try (var admin = node.admin()) {
                admin.openTenant("js", "{}");
                var _ = admin.deployed("js", Packages.js("1"));
                try (var client = Mcp.modern(node.port(), "js")) {
                    var call = threads.submit(() -> client.call("wait", Json.object("{'ms':3000}")));
                    await().untilAsserted(() -> assertThat(admin.metrics()).contains("smcp_calls_running 1.0"));
                    var tenants = node.process().descendants().toList();
                    assertThat(tenants).hasSize(1);
                    send(signal, to, node.process(), tenants);
                    var answer = call.get(20, TimeUnit.SECONDS);
                    assertThat(answer.text()).as(answer.toString()).isEqualTo("1");
                    assertThat(node.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
                    await().atMost(Duration.ofSeconds(2))
                            .untilAsserted(() -> assertThat(tenants).noneMatch(ProcessHandle::isAlive));
                }
            }
        }
    }

    private static void send(String signal, To to, Process node, List<ProcessHandle> tenants)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("kill", "-" + signal, "--"));
        switch (to) {
            case GROUP -> command.add("-" + node.pid());
            case EVERY_PROCESS -> {
                tenants.forEach(tenant -> command.add(String.valueOf(tenant.pid())));
                command.add(String.valueOf(node.pid()));
            }
        }
        var sent = new ProcessBuilder(command).inheritIO().start();
        assertThat(sent.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(sent.exitValue()).isZero();
    }
}
