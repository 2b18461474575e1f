package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.audit.AuditCheck;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.node.testing.Response;

/** The audit log of a whole node: what is in it, and what happens when its disk is full. */
class AuditTest {
    @TempDir
    private Path folder;

    @Test
    void aKilledNodeLeavesAChainThatHoldsAndNothingHappensThatIsNotRecorded() throws Exception {
        var data = folder.resolve("node");
        try (var node = ChildNode.start(data);
                var admin = node.admin()) {
            admin.openTenant("shop", "{}");
            var _ = admin.deployed("shop", Packages.probe("verticle", "1"));
            try (var client = Mcp.modern(node.port(), "shop")) {
                assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
                full(node, true);
                // what runs when the disk fills up is recorded later; what comes then does not happen
                await().until(() -> status(client) == 503);
                var refused = call(client);
                assertThat(refused.text()).contains("the audit log cannot be written", "-32603");
                assertThat(refused.header("retry-after")).isNotEmpty();
                assertThat(listed(client, "tools/list")).isEqualTo(200);
                assertThat(listed(client, "server/discover")).isEqualTo(200);
                var create = admin.create("/tenants/other", "{}");
                assertThat(create.status()).isEqualTo(503);
                assertThat(create.message()).contains("the audit log cannot be written");
                assertThat(admin.get("/tenants/shop").status()).isEqualTo(200);
                assertThat(admin.get("/tenants/other").status()).isEqualTo(404);

                full(node, false);
                await().until(() -> status(client) == 200);
            }
            assertThat(admin.metrics()).contains("smcp_audit_writable 1.0").containsPattern("smcp_audit_lost_total 0");
            node.kill();
        }
        var report = AuditCheck.run(data.resolve("audit"), null);
        assertThat(report.findings()).isEmpty();
        assertThat(report.lost()).isZero();
        assertThat(log(data)).contains("\"action\":\"PUT /admin/v1/tenants/shop\"", "\"name\":\"mark\"");
    }

    @Test
    void servingAllTheSameIsTheOperatorsChoice() throws Exception {
        var data = folder.resolve("node");
        var config = Files.writeString(folder.resolve("node.yaml"), "audit:\n  whenFull: serve\n");
        try (var node = ChildNode.start(data, "--config", config.toString());
                var admin = node.admin()) {
            admin.openTenant("shop", "{}");
            var _ = admin.deployed("shop", Packages.probe("verticle", "1"));
            try (var client = Mcp.modern(node.port(), "shop")) {
                full(node, true);
                for (var i = 0; i < 20; i++) {
                    assertThat(status(client)).isEqualTo(200);
                }
                await().until(() -> admin.metrics().contains("smcp_audit_writable 0.0"));
                full(node, false);
                await().until(() -> admin.metrics().contains("smcp_audit_writable 1.0"));
                // the node is killed next: what still waits in its queue is to be written first
                await().untilAsserted(() ->
                        assertThat(log(data).split("\"name\":\"mark\"", -1)).hasSize(21));
            }
        }
        assertThat(AuditCheck.run(data.resolve("audit"), null).findings()).isEmpty();
    }

    private static int status(Mcp client) throws IOException {
        var response = call(client);
        var _ = response.text();
        return response.status();
    }

    private static int listed(Mcp client, String method) throws IOException {
        var response = client.post(client.request("1", method, Json.object("{}")));
        var _ = response.text();
        return response.status();
    }

    private static Response call(Mcp client) throws IOException {
        return client.post(client.toolCall("1", "mark", Json.object("{}"), null));
    }

    /** No file of the node may grow any more: what a write then gets (EFBIG) is as final as a full disk's answer (ENOSPC), and needs no file system of its own. */
    private static void full(ChildNode node, boolean full) throws Exception {
        var limit = full ? "1:unlimited" : "unlimited:unlimited";
        var set = new ProcessBuilder(List.of(
                        "prlimit", "--pid", String.valueOf(node.process().pid()), "--fsize=" + limit))
                .inheritIO()
                .start();
        assertThat(set.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(set.exitValue()).isZero();
    }

    private static String log(Path data) throws IOException {
        try (var files = Files.list(data.resolve("audit"))) {
            var file = files.filter(path -> path.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
            return Files.readString(file);
        }
    }
}
