package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.Admin;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.node.testing.RawHttp;
import smcp.node.testing.Response;

/** A node whose stores are in trouble: what goes on, what is refused and how, what is said, and how it ends. */
class StoreTroubleTest {
    @TempDir
    private Path folder;

    @Test
    void onAFullDiskWhatNeedsNoStoreGoesOnTheRestSaysWhyAndAllIsWellWhenThereIsRoomAgain() throws Exception {
        var config = Files.writeString(folder.resolve("node.yaml"), "audit: {whenFull: serve}\n");
        try (var node = ChildNode.start(folder.resolve("node"), "--config", config.toString());
                var admin = node.admin();
                var health = new RawHttp(node.port())) {
            admin.openTenant("shop", "{}");
            var _ = admin.deployed("shop", Packages.probe("verticle", "1"));
            assertThat(put(admin, "before").status()).isEqualTo(200);
            assertThat(said(health, "ready")).isEqualTo("200 ready\n");
            try (var client = Mcp.modern(node.port(), "shop");
                    var session = Mcp.legacy(node.port(), "shop")) {
                node.full(true);
                var refused = put(admin, "during");
                assertThat(refused.status()).isEqualTo(503);
                assertThat(refused.message()).contains("values.db: ");
                var newcomer = initialize(node.port());
                assertThat(newcomer.status()).isEqualTo(503);
                assertThat(newcomer.header("retry-after")).isNotEmpty();
                assertThat(newcomer.text()).contains("sessions.db: ");
                assertThat(admin.create("/tenants/other", "{}").status()).isEqualTo(503);

                for (var method : List.of("server/discover", "tools/list")) {
                    var listed = client.post(client.request("1", method, Json.object("{}")));
                    assertThat(listed.status() + listed.text()).startsWith("200");
                }
                assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
                assertThat(session.call("mark", Json.object("{}")).ok()).isTrue();
                var before = get(admin, "before");
                assertThat(before.status() + before.message()).isEqualTo("200");

                assertThat(said(health, "ready"))
                        .startsWith("503 not ready\n")
                        .contains("registry.db: ", "sessions.db: ", "values.db: ");
                assertThat(said(health, "serving")).startsWith("200 serving\n").contains("values.db: ");
                assertThat(admin.metrics()).contains("smcp_store_works{store=\"values.db (writing)\"} 0.0");
                var report = admin.get("/stores").expect(200).body();
                assertThat(report.path("stores").findValuesAsText("name")).contains("registry", "sessions", "values");
                assertThat(report.path("checks").findValuesAsText("trouble")).hasSize(4);

                node.full(false);
                // nobody has to ask for anything: the node looks by itself
                await().untilAsserted(() -> assertThat(said(health, "ready")).isEqualTo("200 ready\n"));
                assertThat(put(admin, "after").status()).isEqualTo(200);
                assertThat(initialize(node.port()).status()).isEqualTo(200);
                assertThat(get(admin, "during").status()).isEqualTo(404);
            }
        }
    }

    @Test
    void damageIsFoundAndStaysKnownAndTheRestGoesOn() throws Exception {
        var data = folder.resolve("node");
        try (var node = ChildNode.start(data);
                var admin = node.admin()) {
            admin.openTenant("shop", "{}");
            var _ = admin.deployed("shop", Packages.probe("verticle", "1"));
            assertThat(put(admin, "small").status()).isEqualTo(200);
            assertThat(put(admin, "big", "\"" + "x".repeat(50_000) + "\"").status())
                    .isEqualTo(200);
            stop(node);
        }
        // within the big value: SQLite itself does not look at it
        try (var file = new RandomAccessFile(data.resolve("values.db").toFile(), "rw")) {
            var place = file.length() - 5_000;
            file.seek(place);
            var was = file.read();
            file.seek(place);
            file.write(was ^ 1);
        }
        try (var node = ChildNode.start(data);
                var admin = node.admin();
                var health = new RawHttp(node.port());
                var client = Mcp.modern(node.port(), "shop")) {
            assertThat(said(health, "ready")).isEqualTo("200 ready\n");
            var damaged = get(admin, "big");
            assertThat(damaged.status()).isEqualTo(503);
            assertThat(damaged.message()).contains("values.db: the file is damaged", "is not what was written");
            assertThat(get(admin, "small").status()).isEqualTo(200);
            assertThat(client.call("mark", Json.object("{}")).ok()).isTrue();
            assertThat(said(health, "ready")).startsWith("503 not ready\n").contains("values.db: the file is damaged");
            assertThat(said(health, "serving")).startsWith("200 serving\n");
        }
    }

    private static void stop(ChildNode node) throws InterruptedException {
        node.process().destroy();
        assertThat(node.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    private static Admin.Said put(Admin admin, String key) throws IOException {
        return put(admin, key, "\"what is kept\"");
    }

    private static Admin.Said put(Admin admin, String key, String value) throws IOException {
        return admin.send(
                "PUT",
                "/tenants/shop/kv/" + key,
                Map.of("Content-Type", "application/octet-stream"),
                value.getBytes(StandardCharsets.UTF_8));
    }

    private static Admin.Said get(Admin admin, String key) throws IOException {
        return admin.get("/tenants/shop/kv/" + key);
    }

    private static Response initialize(int port) throws IOException {
        var newcomer = Mcp.outsider(port, "shop");
        return newcomer.post(Mcp.initialize("1"));
    }

    private static String said(RawHttp http, String what) throws IOException {
        var response = http.send("GET", "/health/" + what, Map.of(), new byte[0]);
        return response.status() + " " + response.text();
    }
}
