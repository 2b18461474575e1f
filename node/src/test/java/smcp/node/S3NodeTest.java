package smcp.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import smcp.node.testing.ChildNode;
import smcp.node.testing.Json;
import smcp.node.testing.Mcp;
import smcp.node.testing.Packages;
import smcp.node.testing.RawHttp;
import smcp.node.testing.Response;
import smcp.store.blob.FaultProxy;
import smcp.store.blob.S3Server;
import smcp.store.blob.S3Setup;
import smcp.testing.TcpProxy;

/** A node whose blobs, and so its packages, are in a bucket. */
class S3NodeTest {
    private static final Duration BY_ITSELF = Duration.ofSeconds(20);
    private static final Map<String, String> BYTES = Map.of("Content-Type", "application/octet-stream");

    @TempDir
    private Path folder;

    private Path data;

    @BeforeEach
    void place() {
        data = folder.resolve("node");
    }

    private String config(int port) throws IOException {
        var credentials = Files.writeString(
                folder.resolve("credentials"),
                "[tests]\naws_access_key_id=" + S3Setup.ACCESS_KEY + "\naws_secret_access_key=" + S3Setup.SECRET
                        + "\n");
        return Files.writeString(folder.resolve("node.yaml"), """
                        blobs:
                          kind: s3
                          s3:
                            bucket: %s
                            endpoint: http://127.0.0.1:%d
                            pathStyle: true
                            prefix: whole-%s
                            credentialsFile: %s
                            profile: tests
                            attempts: 2
                            attemptTimeout: 5s
                            callTimeout: 10s
                        """.formatted(
                                S3Server.BUCKET, port, System.nanoTime(), credentials))
                .toString();
    }

    /** As on another machine, or after a disk was replaced. */
    private void forgetPackages() throws IOException {
        try (var files = Files.walk(data.resolve("unpacked"))) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void answers(ChildNode node, String tenant) throws IOException {
        try (var client = Mcp.modern(node.port(), tenant)) {
            assertThat(client.call("mark", Json.object("{}")).text()).isEqualTo(tenant);
        }
    }

    private static String health(ChildNode node, String what) throws IOException {
        try (var http = new RawHttp(node.port())) {
            var answer = http.send("GET", "/health/" + what, Map.of(), new byte[0]);
            return answer.status() + " " + answer.text();
        }
    }

    private static Response admin(ChildNode node, String method, String path, Map<String, String> more, byte[] body)
            throws IOException {
        var headers = new HashMap<>(more);
        headers.put("Authorization", "Bearer " + node.token().strip());
        try (var http = new RawHttp(node.adminPort())) {
            return http.send(method, "/admin/v1" + path, headers, body);
        }
    }

    private static void refused(Response answer) throws IOException {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(answer.text()).contains("blobs in S3, ").doesNotContain("127.0.0.1", "bucket \"");
    }

    @Test
    @Timeout(120)
    void packagesComeFromTheBucketAndWithoutItWhatNeedsNoneGoesOn() throws Exception {
        try (var proxy = TcpProxy.to(S3Server.port())) {
            var config = config(proxy.port());
            var node = ChildNode.start(data, "--config", config);
            try {
                try (var admin = node.admin()) {
                    for (var tenant : new String[] {"shop", "sleepy"}) {
                        admin.openTenant(tenant, "{}");
                        assertThat(admin.deployed(tenant, Packages.java(tenant)))
                                .isEqualTo(1);
                    }
                    var _ = admin.send("PUT", "/tenants/shop/blobs/b", BYTES, "7".getBytes(StandardCharsets.UTF_8))
                            .expect(200);
                }
                answers(node, "shop");
                assertThat(data.resolve("blobs")).doesNotExist();
                node.kill();
                forgetPackages();

                node = ChildNode.start(data, "--config", config);
                answers(node, "shop");
                assertThat(health(node, "ready")).isEqualTo("200 ready\n");
                proxy.refuse();
                withoutTheBucket(node);
                node.kill();
                // with the package of shop, which was fetched
                node = ChildNode.start(data, "--config", config);
                withoutTheBucket(node);
                proxy.flow();
                withTheBucketAgain(node);
            } finally {
                node.close();
            }
        }
    }

    /** Nobody has to need a blob for the node to notice. */
    private static void withoutTheBucket(ChildNode node) throws IOException {
        await().atMost(BY_ITSELF)
                .untilAsserted(() -> assertThat(health(node, "ready")).startsWith("503 not ready\nblobs in S3, "));
        assertThat(health(node, "ready")).doesNotContain("127.0.0.1", "bucket \"");
        assertThat(health(node, "serving")).startsWith("200 serving\nblobs in S3, ");
        answers(node, "shop");
        var value = admin(node, "PUT", "/tenants/shop/kv/k", BYTES, new byte[9]);
        assertThat(value.status()).isEqualTo(200);
        var zip = Map.of("Content-Type", "application/zip");
        refused(admin(node, "POST", "/tenants/shop/versions", zip, Packages.java("2")));
        refused(admin(node, "GET", "/tenants/shop/blobs/b", Map.of(), new byte[0]));
        try (var client = Mcp.modern(node.port(), "sleepy")) {
            var listed = Mcp.answer(client.post(client.request("1", "tools/list", Json.object("{}"))));
            assertThat(listed.ok()).as(listed.toString()).isTrue();
            refused(client.post(client.toolCall("2", "mark", Json.object("{}"), null)));
        }
        try (var admin = node.admin()) {
            assertThat(admin.metrics()).contains("smcp_store_works{store=\"blobs\"} 0.0");
            var checks = admin.get("/stores").expect(200).body().path("checks");
            assertThat(checks.findValuesAsText("trouble")).hasSize(1);
        }
    }

    private static void withTheBucketAgain(ChildNode node) throws IOException {
        await().atMost(BY_ITSELF)
                .untilAsserted(() -> assertThat(health(node, "ready")).isEqualTo("200 ready\n"));
        await().atMost(BY_ITSELF).untilAsserted(() -> answers(node, "sleepy"));
        try (var admin = node.admin()) {
            assertThat(admin.get("/tenants/shop/blobs/b").status()).isEqualTo(200);
            assertThat(admin.deployed("shop", Packages.java("shop"))).isEqualTo(2);
        }
    }

    @Test
    @Timeout(60)
    void credentialsThatTheServerDoesNotAcceptEndTheStartWithOneSentence() throws Exception {
        var vertx = Vertx.vertx();
        var proxy = FaultProxy.start(vertx, S3Server.port());
        proxy.plays(_ -> new FaultProxy.Move.Answer(403, "InvalidAccessKeyId", ""));
        var process = ChildNode.begin(data, "--config", config(proxy.port()));
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        var told = Files.readString(folder.resolve("node.log"), StandardCharsets.UTF_8);
        var sentences = told.lines().filter(line -> line.startsWith("smcp: ")).toList();
        assertThat(sentences).as(told).hasSize(1);
        assertThat(sentences.getFirst())
                .contains(
                        "S3 bucket \"" + S3Server.BUCKET + "\" at http://127.0.0.1:" + proxy.port(),
                        "does not accept the credentials (InvalidAccessKeyId)",
                        "blobs.s3.credentialsFile");
        assertThat(told).doesNotContain(S3Setup.SECRET, S3Setup.ACCESS_KEY);
        vertx.close().await(10, TimeUnit.SECONDS);
    }
}
