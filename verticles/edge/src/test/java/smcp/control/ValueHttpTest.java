package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.control.testing.ControlNode.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.contract.ValueStore;
import smcp.control.testing.AdminClient;
import smcp.control.testing.ControlNode;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;

/** A tenant's values over the admin API. */
@ExtendWith(VertxExtension.class)
class ValueHttpTest {
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

    private static String path(String key) {
        return ROOT + "/kv/" + URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private AdminClient.Answer put(String path, String value, String... headers) {
        return operator.send("PUT", path, "application/octet-stream", value.getBytes(StandardCharsets.UTF_8), headers);
    }

    @Test
    void aValueIsWrittenReadListedAndRemoved() {
        var put = put(path("k"), "value");
        var got = operator.get(path("k"));
        var listed = operator.get(ROOT + "/kv");

        assertThat(put.status()).isEqualTo(200);
        assertThat(got.http().body()).isEqualTo("value");
        assertThat(got.header("ETag"))
                .isEqualTo(put.header("ETag"))
                .isEqualTo("\"" + put.body().path("version").asLong() + "\"");
        assertThat(listed.body().at("/values/0/key").asText()).isEqualTo("k");
        assertThat(listed.body().at("/values/0/bytes").asInt()).isEqualTo(5);
        assertThat(operator.delete(path("k")).status()).isEqualTo(204);
        assertThat(operator.delete(path("k")).code()).isEqualTo("NOT_FOUND");
        assertThat(operator.get(path("k")).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a b", "a+b", "..a", "%2F", "\0", "é😀", "?x=1#y", "a/../b", "/", "{}", "\n"})
    void everyKeyIsTheOneThatIsMeant(String key) {
        assertThat(put(path(key), "v").status()).isEqualTo(200);

        assertThat(await(node.values.get(SHOP, key))).isPresent();
        assertThat(operator.get(path(key)).http().body()).isEqualTo("v");
        assertThat(operator.delete(path(key)).status()).isEqualTo(204);
        assertThat(await(node.values.size(SHOP)).entries()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "a/b", "é"})
    void aKeyMayStandInBase64(String key) {
        var encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
        var path = ROOT + "/kv/" + encoded + "?keyEncoding=base64url";

        assertThat(put(path, "v").status()).isEqualTo(200);
        assertThat(await(node.values.get(SHOP, key))).isPresent();
        assertThat(operator.get(path).http().body()).isEqualTo("v");
        assertThat(operator.delete(path).status()).isEqualTo(204);
    }

    @ParameterizedTest
    @CsvSource({
        "/kv/%FF, key is not UTF-8",
        "/kv/%ED%A0%80, key is not UTF-8",
        "/kv/!!?keyEncoding=base64url, base64url",
        "/kv/k?keyEncoding=hex, percent",
        "/kv/k?ttl=1, unknown query parameter",
        "/kv?prefix=a&prefix=b, once",
        "/kv?limit=0, 1 to 500",
    })
    void whatIsNoKeyIsRefused(String path, String message) {
        var answer = operator.get(ROOT + path);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains(message);
    }

    @Test
    void aKeyThatIsTooLongIsRefused() {
        assertThat(operator.get(path("x".repeat(512))).status()).isEqualTo(404);
        var answer = operator.get(path("x".repeat(513)));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).contains("512");
    }

    @Test
    void aWriteMaySayWhatItReplaces() {
        var first = put(path("k"), "1", "If-None-Match", "*");
        var taken = put(path("k"), "2", "If-None-Match", "*");
        var second = put(path("k"), "2", "If-Match", first.header("ETag"));
        var late = put(path("k"), "3", "If-Match", first.header("ETag"));
        var any = put(path("k"), "4", "If-Match", "*");
        var none = put(path("other"), "1", "If-Match", "*");

        assertThat(List.of(first.status(), second.status(), any.status())).containsOnly(200);
        assertThat(List.of(taken.code(), late.code(), none.code())).containsOnly("CONFLICT");
        assertThat(operator.delete(path("k"), "If-Match", second.header("ETag")).code())
                .isEqualTo("CONFLICT");
        assertThat(operator.delete(path("k"), "If-Match", any.header("ETag")).status())
                .isEqualTo(204);
    }

    @Test
    void aValueMayExpire() {
        assertThat(put(path("k") + "?ttl=60", "v").status()).isEqualTo(200);

        var expires = Instant.parse(operator.get(path("k")).header("Smcp-Expires"));
        assertThat(Duration.between(Instant.now(), expires)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(61));
        assertThat(operator.get(ROOT + "/kv").body().at("/values/0/expires").asText())
                .isEqualTo(expires.toString());
        assertThat(put(path("k") + "?ttl=0", "v").field()).isEqualTo("ttl");
    }

    @Test
    void aListComesInPagesUnderAPrefix() {
        for (var key : List.of("a/1", "a/2", "a/3", "b")) {
            assertThat(put(path(key), "v").status()).isEqualTo(200);
        }
        var first = operator.get(ROOT + "/kv?prefix=a%2F&limit=2");
        var second = operator.get(ROOT + "/kv?prefix=a%2F&limit=2&after="
                + URLEncoder.encode(first.body().path("next").asText(), StandardCharsets.UTF_8));

        assertThat(first.body().path("values").findValuesAsText("key")).containsExactly("a/1", "a/2");
        assertThat(second.body().path("values").findValuesAsText("key")).containsExactly("a/3");
        assertThat(second.body().has("next")).isFalse();
    }

    @Test
    void theTenantsLimitsHold() {
        operator.put(ROOT, "{\"limits\":{\"kvEntries\":2,\"kvBytes\":100,\"valueBytes\":50}}", "If-Match", "*");
        var long51 = put(path("a"), "x".repeat(51));
        assertThat(put(path("a"), "x".repeat(50)).status()).isEqualTo(200);
        var many = put(path("b"), "x".repeat(49));
        assertThat(put(path("b"), "x").status()).isEqualTo(200);
        var third = put(path("c"), "");

        assertThat(long51.status()).isEqualTo(507);
        assertThat(long51.message()).contains("limits.valueBytes", "50", "51");
        assertThat(many.code()).isEqualTo("QUOTA");
        assertThat(third.message()).contains("2 keys", "3");
        var usage = operator.get(ROOT + "/usage").body();
        assertThat(usage.at("/usage/kv").toString())
                .isEqualTo("{\"entries\":2,\"entriesQuota\":2,\"bytes\":53,\"bytesQuota\":100}");
        assertThat(usage.at("/usage/packages/entries").asInt()).isZero();
    }

    @Test
    void aValueLongerThanAnyMayBeIsRefusedUnread() {
        var answer =
                operator.send("PUT", path("k"), "application/octet-stream", new byte[ValueStore.LONGEST_VALUE + 1]);

        assertThat(answer.status()).isEqualTo(413);
    }

    @Test
    void onlyBytesAreAValue() {
        assertThat(operator.put(path("k"), "{}").status()).isEqualTo(415);
    }

    @Test
    void aTenantThatIsNotThereHasNoValues() {
        for (var path : List.of("/usage", "/kv", "/kv/k")) {
            assertThat(operator.get("/admin/v1/tenants/nobody" + path).code()).isEqualTo("TENANT_UNKNOWN");
        }
    }

    @Test
    void whatATenantKeptGoesWithItAndNothingOfItIsFoundByTheNext() {
        assertThat(put(path("k"), "v").status()).isEqualTo(200);
        assertThat(operator.delete(ROOT).status()).isEqualTo(204);
        assertThat(await(node.values.size(SHOP)).entries()).isZero();

        // a deletion that was cut short left this
        await(node.values.put(
                SHOP,
                "left",
                Buffer.buffer("v"),
                new ValueStore.Write(ValueStore.ANY, null, new ValueStore.Size(9, 99))));
        assertThat(operator.create(ROOT, "{}").status()).isEqualTo(201);
        assertThat(await(node.values.size(SHOP)).entries()).isZero();

        assertThat(put(path("k"), "v").status()).isEqualTo(200);
        assertThat(operator.create(ROOT, "{}").status()).isEqualTo(409);
        assertThat(await(node.values.size(SHOP)).entries()).isOne();
    }

    @Test
    void usageIsSampledIntoGauges() {
        assertThat(put(path("k"), "value").status()).isEqualTo(200);
        var meters = new SimpleMeterRegistry();
        var meter = new UsageMeter(node.registry, List.of(UsageSources.kv(node.values)), meters, Duration.ofSeconds(1));
        await(meter.round());

        assertThat(meters.get("smcp.tenant.kv.entries")
                        .tag("tenant", "shop")
                        .gauge()
                        .value())
                .isEqualTo(1);
        assertThat(meters.get("smcp.tenant.kv.bytes").gauge().value()).isEqualTo(6);
        assertThat(meters.get("smcp.tenant.kv.bytes.quota").gauge().value()).isEqualTo(100 << 20);
        assertThat(operator.delete(ROOT).status()).isEqualTo(204);
        await(meter.round());
        assertThat(meters.find("smcp.tenant.kv.entries").gauge()).isNull();
        meters.close();
    }
}
