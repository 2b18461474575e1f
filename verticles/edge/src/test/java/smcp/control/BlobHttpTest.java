package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.control.testing.ControlNode.await;

import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.contract.TenantBlobs.Size;
import smcp.control.testing.AdminClient;
import smcp.control.testing.ControlNode;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;

/** A tenant's blobs over the admin API. */
@ExtendWith(VertxExtension.class)
class BlobHttpTest {
    private static final TenantId SHOP = new TenantId("shop");
    private static final String ROOT = "/admin/v1/tenants/shop";

    @TempDir
    Path directory = Path.of("");

    private ControlNode node = new ControlNode(Path.of(""));
    private AdminClient operator = new AdminClient(URI.create("http://127.0.0.1"), null);

    @BeforeEach
    void aNodeWithATenant(Vertx vertx) {
        node = new ControlNode(directory).start(vertx);
        operator = new AdminClient(node.address(), node.operatorToken());
        node.tenant("shop", Trust.UNTRUSTED);
    }

    private static String path(String name) {
        return ROOT + "/blobs/"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private AdminClient.Answer put(String path, String value, String... headers) {
        return operator.send("PUT", path, "application/octet-stream", value.getBytes(StandardCharsets.UTF_8), headers);
    }

    @Test
    void aBlobIsWrittenReadListedAndRemoved() {
        var put = put(path("a/b"), "value");
        var got = operator.get(path("a/b"));
        var listed = operator.get(ROOT + "/blobs?prefix=a/");

        assertThat(put.status()).isEqualTo(200);
        assertThat(got.http().body()).isEqualTo("value");
        assertThat(got.header("ETag"))
                .isEqualTo(put.header("ETag"))
                .isEqualTo("\"" + put.body().path("etag").asText() + "\"");
        assertThat(listed.body().at("/blobs/0/name").asText()).isEqualTo("a/b");
        assertThat(listed.body().at("/blobs/0/bytes").asInt()).isEqualTo(5);
        assertThat(operator.get(ROOT + "/usage").body().at("/usage/blobs/bytes").asInt())
                .isEqualTo(5);
        assertThat(operator.delete(path("a/b")).status()).isEqualTo(204);
        assertThat(operator.delete(path("a/b")).code()).isEqualTo("NOT_FOUND");
        assertThat(operator.get(path("a/b")).status()).isEqualTo(404);
    }

    @Test
    void aLargeOneOfUnknownLengthIsStreamedBothWays() throws Exception {
        var content = new byte[3_000_000];
        new Random(1).nextBytes(content);
        try (var client = HttpClient.newHttpClient()) {
            var put = client.send(
                    request("large")
                            .header("Content-Type", "application/octet-stream")
                            .PUT(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content)))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(put.statusCode()).as(put.body()).isEqualTo(200);
            var got = client.send(request("large").GET().build(), BodyHandlers.ofByteArray());
            assertThat(got.headers().firstValue("Content-Length")).contains("3000000");
            assertThat(got.body()).isEqualTo(content);
        }
        assertThat(await(node.blobs.size(SHOP))).isEqualTo(new Size(1, 3_000_000));
    }

    private HttpRequest.Builder request(String name) {
        return HttpRequest.newBuilder(node.address().resolve(path(name)))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + node.operatorToken());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "a+b", "..a", "%2F", "é😀", "?x=1#y", "a/../b", "/"})
    void everyNameIsTheOneThatIsMeant(String name) {
        assertThat(put(path(name), "v").status()).isEqualTo(200);

        assertThat(await(node.blobs.head(SHOP, name))).isPresent();
        assertThat(operator.get(path(name)).http().body()).isEqualTo("v");
        assertThat(operator.delete(path(name)).status()).isEqualTo(204);
    }

    @Test
    void aWriteMaySayWhatItReplaces() {
        var first = put(path("k"), "1", "If-None-Match", "*");
        var taken = put(path("k"), "2", "If-None-Match", "*");
        var second = put(path("k"), "2", "If-Match", first.header("ETag"));
        var late = put(path("k"), "3", "If-Match", first.header("ETag"));

        assertThat(List.of(first.status(), second.status())).containsOnly(200);
        assertThat(List.of(taken.code(), late.code())).containsOnly("CONFLICT");
        assertThat(put(path("k"), "4", "If-Match", "2").field()).isEqualTo("If-Match");
        assertThat(put(path("k"), "4", "If-Match", "\"2\"", "If-None-Match", "*")
                        .field())
                .isEqualTo("If-Match");
        assertThat(operator.get(path("k")).http().body()).isEqualTo("2");
    }

    @ParameterizedTest
    @CsvSource({"blobs=1, 2 blobs", "blobBytes=5, blobBytes"})
    void aTenantKeepsNoMoreThanItMay(String limit, String words) {
        var parts = limit.split("=", -1);
        operator.put(
                ROOT,
                "{\"limits\":{\"" + parts[0] + "\":" + parts[1] + "}}",
                "If-Match",
                operator.get(ROOT).header("ETag"));

        assertThat(put(path("a"), "1234").status()).isEqualTo(200);
        var more = put(path("b"), "5678");
        assertThat(more.status()).isEqualTo(507);
        assertThat(more.message()).contains(words.equals("2 blobs") ? "may have 1" : words);
        assertThat(put(path("a"), "5678").status()).isEqualTo(200);
        assertThat(operator.get(path("b")).status()).isEqualTo(404);
    }

    @Test
    void aTenantThatIsDeletedLeavesNone() {
        assertThat(put(path("a"), "1").status()).isEqualTo(200);

        assertThat(operator.delete(ROOT, "If-Match", operator.get(ROOT).header("ETag"))
                        .status())
                .isEqualTo(204);
        assertThat(await(node.blobs.head(SHOP, "a"))).isEmpty();
        assertThat(put(path("a"), "1").code()).isEqualTo("TENANT_UNKNOWN");
    }

    @Test
    void anotherTypeIsRefused() {
        var answer = operator.send("PUT", path("a"), "text/plain", new byte[] {1});

        assertThat(answer.status()).isEqualTo(415);
    }
}
