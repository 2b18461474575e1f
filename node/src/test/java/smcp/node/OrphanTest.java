package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;

/** Tenants' processes end with their node, however it ends. */
class OrphanTest {
    @TempDir
    private Path folder;

    @Test
    void noProcessOfATenantSurvivesAKilledNode() throws Exception {
        try (var node = ChildNode.start(folder.resolve("node"))) {
            try (var admin = node.admin()) {
                for (var tenant : List.of("idle", "busy", "waiting")) {
                    admin.openTenant(tenant, "{}");
                    var _ = admin.deployed(tenant, Packages.js("1"));
                    try (var client = Mcp.modern(node.port(), tenant)) {
                        assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
                    }
                }
            }
            try (var busy = Mcp.modern(node.port(), "busy");
                    var waiting = Mcp.modern(node.port(), "waiting")) {
                for (var call : Map.of(
                                busy, busy.toolCall("1", "spin", Json.object("{}"), null),
                                waiting, waiting.toolCall("1", "wait", Json.object("{'ms':60000}"), null))
                        .entrySet()) {
                    var headers = new java.util.HashMap<>(call.getKey().headers());
                    headers.put("Mcp-Method", "tools/call");
                    headers.put("Mcp-Name", call.getValue().at("/params/name").asText());
                    var body = Packages.text(call.getValue().toString());
                    headers.put("Content-Length", String.valueOf(body.length));
                    call.getKey().http.begin("POST", call.getKey().path(), headers);
                    call.getKey().http.write(body);
                }
                var tenants = node.process().descendants().toList();
                assertThat(tenants).hasSize(3);
                await().atMost(Duration.ofSeconds(30))
                        .untilAsserted(() -> assertThat(cpu(tenants)).anyMatch(spent -> spent.toMillis() > 500));
                node.kill();
                await().atMost(Duration.ofSeconds(2))
                        .untilAsserted(() -> assertThat(tenants).noneMatch(ProcessHandle::isAlive));
            }
        }
    }

    private static List<Duration> cpu(List<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .toList();
    }
}
