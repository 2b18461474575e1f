package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.control.testing.AdminClient;
import smcp.control.testing.ControlNode;
import smcp.control.testing.FakeRuntime;
import smcp.control.testing.MemoryPackages;
import smcp.tenant.Trust;

@ExtendWith(VertxExtension.class)
class ControlHttpTest {
    private static final String SHOP = "/admin/v1/tenants/shop";

    @TempDir
    Path directory = Path.of("");

    private ControlNode node = new ControlNode(Path.of(""));
    private AdminClient operator = new AdminClient(URI.create("http://127.0.0.1"), null);

    @BeforeEach
    void aNode(Vertx vertx) {
        node = new ControlNode(directory).start(vertx);
        operator = new AdminClient(node.address(), node.operatorToken());
    }

    @Test
    void theNodeSaysWhatItIsAndWhichEnginesItHas() {
        var answer = operator.get("/admin/v1/node");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body().path("version").asText()).isEqualTo("1.2.3");
        assertThat(answer.body().at("/engines/0/kind").asText()).isEqualTo("js");
        assertThat(answer.body().at("/engines/1/boxed").asBoolean()).isFalse();
        assertThat(answer.header("X-Request-Id")).isNotEmpty();
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void theNodesOfTheClusterAreToldAndEachCanBeStopped() {
        var nodes = operator.get("/admin/v1/nodes").body().path("nodes");
        var stopped = operator.post("/admin/v1/nodes/n2/drain", "{}");
        var unknown = operator.post("/admin/v1/nodes/n3/drain", "{}");

        assertThat(nodes).hasSize(2);
        assertThat(nodes.get(0).path("self").asBoolean()).isTrue();
        assertThat(nodes.get(0).has("roundTripMicros")).isFalse();
        assertThat(nodes.get(1).path("state").asText()).isEqualTo("doubtful");
        assertThat(nodes.get(1).path("roundTripMicros").asInt()).isEqualTo(345);
        assertThat(stopped.status()).isEqualTo(202);
        assertThat(node.nodes.drained).containsExactly("n2");
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.message()).contains("no live node has the id or name \"n3\"");
    }

    @Test
    void metricsAndDescriptionNeedNoTokenOnTheLoopback() {
        var nobody = new AdminClient(node.address(), null);

        assertThat(nobody.get("/metrics").http().body()).isEqualTo("smcp_up 1\n");
        assertThat(nobody.get("/admin/v1/openapi.json").body().path("openapi").asText())
                .isEqualTo("3.1.0");
    }

    @Test
    void aTenantIsCreatedOnceAndPrivateUnlessSaidOtherwise() {
        var made = operator.create(SHOP, "{}");
        var again = operator.create(SHOP, "{}");

        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Location")).isEqualTo(SHOP);
        assertThat(made.body().path("open").asBoolean()).isFalse();
        assertThat(made.body().path("trust").asText()).isEqualTo("untrusted");
        assertThat(again.status()).isEqualTo(409);
        assertThat(again.code()).isEqualTo("CONFLICT");
    }

    @Test
    void aTenantIsChangedOnlyFromTheRecordThatWasRead() {
        var made = operator.create(SHOP, "{}");
        var changed = operator.put(
                SHOP,
                "{\"open\":true,\"trust\":\"operator\",\"limits\":{\"concurrency\":5}}",
                "If-Match",
                made.header("ETag"));
        var late = operator.put(SHOP, "{}", "If-Match", made.header("ETag"));
        var unsaid = operator.put(SHOP, "{}");

        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("ETag")).isNotEqualTo(made.header("ETag"));
        assertThat(changed.body().at("/effectiveLimits/concurrency").asInt()).isEqualTo(5);
        assertThat(late.status()).isEqualTo(409);
        assertThat(late.message()).contains("read it again");
        assertThat(unsaid.status()).isEqualTo(400);
        assertThat(unsaid.field()).isEqualTo("If-Match");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"opne\":true} | opne | unknown field \"opne\"; known here: limits, open, trust",
                "{\"trust\":\"root\"} | trust | trust must be one of untrusted, operator, got \"root\"",
                "{\"open\":\"yes\"} | open | open must be true or false",
                "{\"limits\":{\"concurrency\":0}} | limits.concurrency | limits.concurrency must be 1 to 10000, got 0",
                "{\"limits\":{\"queue\":1.5}} | limits.queue | limits.queue must be a whole number",
                "{\"trust\":7} | trust | trust must be a string",
                "{\"limits\":{\"speed\":1}} | limits.speed | unknown field \"limits.speed\"",
                "{\"limits\":7} | limits | limits must be an object",
                "[] | body | body must be an object",
            })
    void aBadFieldIsNamed(String body, String field, String message) {
        var answer = operator.create(SHOP, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_INPUT");
        assertThat(answer.field()).isEqualTo(field);
        assertThat(answer.message()).contains(message).doesNotContain("smcp.control");
        assertThat(node.registry.paths()).noneMatch(path -> path.startsWith("tenant/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{} {}", "{\"open\":true,\"open\":false}", "null", "\u0000"})
    void whatIsNoSingleJsonValueIsRefused(String body) {
        var answer = operator.create(SHOP, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isIn("PARSE", "INVALID_INPUT");
        assertThat(node.registry.paths()).noneMatch(path -> path.startsWith("tenant/"));
    }

    @Test
    void aFormReachesNothing() {
        var answer =
                operator.send("PUT", SHOP, "text/plain", "{}".getBytes(StandardCharsets.UTF_8), "If-None-Match", "*");

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.message()).isEqualTo("Content-Type must be application/json, got \"text/plain\"");
    }

    @Test
    void aBodyThatIsTooLargeIsRefused() {
        var large = "{\"trust\":\"" + "x".repeat(300_000) + "\"}";

        assertThat(operator.create(SHOP, large).status()).isEqualTo(413);
    }

    @Test
    void aNameThatIsNoTenantsIsRefused() {
        var answer = operator.create("/admin/v1/tenants/Shop_1", "{}");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.field()).isEqualTo("tenant");
    }

    @Test
    void tenantsAreListedInPages() {
        for (var name : new String[] {"a", "b", "c", "d", "e"}) {
            node.tenant(name, Trust.UNTRUSTED);
        }

        var first = operator.get("/admin/v1/tenants?limit=3");
        var rest = operator.get(
                "/admin/v1/tenants?limit=3&after=" + first.body().path("next").asText());

        assertThat(first.body().path("tenants")).hasSize(3);
        assertThat(rest.body().path("tenants")).hasSize(2);
        assertThat(rest.body().has("next")).isFalse();
        assertThat(operator.get("/admin/v1/tenants?limit=0").field()).isEqualTo("limit");
        assertThat(operator.get("/admin/v1/tenants?size=3").message()).contains("unknown query parameter \"size\"");
    }

    @Test
    void aPackageIsDeployedShownAndRolledBack() {
        node.tenant("shop", Trust.UNTRUSTED);

        var one = operator.deploy("shop", MemoryPackages.js("one"));
        var two = operator.deploy("shop", MemoryPackages.js("one"));

        assertThat(one.status()).isEqualTo(201);
        assertThat(one.header("Location")).isEqualTo(SHOP + "/versions/1");
        assertThat(one.body().at("/catalogue/tools/0").asText()).isEqualTo("greet");
        assertThat(one.body().path("by").asText()).startsWith("operator:");
        assertThat(two.body().path("sameAs").asInt()).isEqualTo(1);
        assertThat(operator.get(SHOP + "/versions")
                        .body()
                        .at("/versions/0/version")
                        .asInt())
                .isEqualTo(2);
        assertThat(operator.get(SHOP + "/versions/1").body().path("active").asBoolean())
                .isFalse();
        assertThat(operator.put(SHOP + "/active", "[{\"version\":1}]")
                        .body()
                        .at("/active/0/version")
                        .asInt())
                .isEqualTo(1);
        assertThat(operator.delete(SHOP + "/active").body().path("active")).isEmpty();
        assertThat(operator.get(SHOP + "/active").body().path("active")).isEmpty();
        assertThat(operator.get(SHOP + "/versions/7").status()).isEqualTo(404);
        noUploadStays();
    }

    @Test
    void aVersionCanBeStoredWithoutServing() {
        node.tenant("shop", Trust.UNTRUSTED);

        var answer =
                operator.send("POST", SHOP + "/versions?activate=false", "application/zip", MemoryPackages.js("one"));

        assertThat(answer.body().path("active").asBoolean()).isFalse();
        assertThat(operator.send("POST", SHOP + "/versions?activte=false", "application/zip", MemoryPackages.js("one"))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aPackageThatDoesNotStartIsRefusedWithTheReason() {
        node.tenant("shop", Trust.UNTRUSTED);
        node.runtime.onStart(_ -> Future.failedFuture(new Fault(Kind.TENANT_BROKEN, "main.js:1: no export")));

        var answer = operator.deploy("shop", MemoryPackages.js("broken"));

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.code()).isEqualTo("PACKAGE_INVALID");
        assertThat(answer.message()).contains("main.js:1: no export");
        noUploadStays();
    }

    @Test
    void anUploadIsBoundedInBytesTypeAndNumber() {
        node.tenant("shop", Trust.UNTRUSTED);
        var starts = Promise.<Void>promise();
        node.runtime.onStart(version -> starts.future().map(_ -> FakeRuntime.catalogue(version)));
        var running = Stream.of("one", "two")
                .map(name -> CompletableFuture.supplyAsync(() -> operator.deploy("shop", MemoryPackages.js(name))))
                .toList();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> node.runtime.started().size() == 2);

        var third = operator.deploy("shop", MemoryPackages.js("three"));
        var large = operator.deploy("shop", new byte[65 << 10]);
        var form = operator.send("POST", SHOP + "/versions", "multipart/form-data", new byte[10]);
        starts.complete();

        assertThat(third.status()).isEqualTo(503);
        assertThat(third.header("Retry-After")).isEqualTo("1");
        assertThat(large.status()).isEqualTo(413);
        assertThat(form.status()).isEqualTo(415);
        assertThat(running.stream().map(CompletableFuture::join).map(AdminClient.Answer::status))
                .containsOnly(201);
        noUploadStays();
    }

    @Test
    void deploysAtOnceAllEndInVersions() {
        node.tenant("shop", Trust.UNTRUSTED);

        var statuses = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() ->
                        operator.deploy("shop", MemoryPackages.js("p" + i)).status()))
                .toList();

        assertThat(statuses.stream().map(CompletableFuture::join)).containsOnly(201);
        assertThat(operator.get(SHOP + "/active").body().at("/active/0/version").asInt())
                .isEqualTo(2);
    }

    @Test
    void trustIsNotTakenBackUnderRunningCode() {
        node.tenant("shop", Trust.OPERATOR);
        assertThat(operator.deploy("shop", MemoryPackages.verticle("native")).status())
                .isEqualTo(201);

        var refused = operator.put(SHOP, "{}", "If-Match", "*");
        operator.delete(SHOP + "/active");
        var taken = operator.put(SHOP, "{}", "If-Match", "*");
        var again = operator.put(SHOP + "/active", "[{\"version\":1}]");

        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.field()).isEqualTo("trust");
        assertThat(taken.status()).isEqualTo(200);
        assertThat(again.status()).isEqualTo(403);
        assertThat(again.code()).isEqualTo("TRUST_REFUSED");
    }

    @Test
    void clientsAndTheirKeysComeAndGo() {
        node.tenant("shop", Trust.UNTRUSTED);
        var bot = SHOP + "/clients/bot";

        assertThat(operator.create(bot, "{\"permissions\":{\"tools\":[\"greet*\"]}}")
                        .status())
                .isEqualTo(201);
        assertThat(operator.create(bot, "{}").status()).isEqualTo(409);
        assertThat(operator.get(bot).body().at("/permissions/tools/0").asText()).isEqualTo("greet*");
        assertThat(operator.put(bot, "{}", "If-Match", "\"1\"").status()).isEqualTo(409);
        assertThat(operator.put(bot, "{}", "If-Match", "*")
                        .body()
                        .at("/permissions/tools/0")
                        .asText())
                .isEqualTo("*");
        assertThat(operator.get(SHOP + "/clients").body().path("clients")).hasSize(1);
        var issued = operator.post(bot + "/keys", "{\"expires\":\"2999-01-01T00:00:00Z\"}");
        assertThat(issued.status()).isEqualTo(201);
        assertThat(node.keys.verify(issued.body().path("token").asText())).isNotNull();
        var listed = operator.get(bot + "/keys");
        assertThat(listed.body().at("/keys/0/id")).isEqualTo(issued.body().path("id"));
        assertThat(listed.http().body()).doesNotContain("hash").doesNotContain("smcp_");
        var id = issued.body().path("id").asText();
        assertThat(operator.delete(SHOP + "/tokens/" + id).status()).isEqualTo(404);
        assertThat(operator.delete(bot + "/keys/" + id).status()).isEqualTo(204);
        assertThat(node.keys.verify(issued.body().path("token").asText())).isNull();
        assertThat(operator.post(bot + "/keys", null).status()).isEqualTo(201);
        assertThat(operator.delete(bot).status()).isEqualTo(204);
        assertThat(node.registry.paths()).noneMatch(path -> path.startsWith("client/"));
        assertThat(node.registry.paths().stream().filter(path -> path.startsWith("key/")))
                .hasSize(1);
    }

    @Test
    void aKeyCannotEndInThePast() {
        node.tenant("shop", Trust.UNTRUSTED);
        node.client("shop", "bot");

        var past = operator.post(SHOP + "/clients/bot/keys", "{\"expires\":\"2001-01-01T00:00:00Z\"}");
        var never = operator.post(SHOP + "/clients/bot/keys", "{\"expires\":\"tomorrow\"}");

        assertThat(past.message()).isEqualTo("expires must be in the future, got 2001-01-01T00:00:00Z");
        assertThat(never.field()).isEqualTo("expires");
    }

    @Test
    void anOwnersTokenWorksUntilItIsRevoked() {
        node.tenant("shop", Trust.UNTRUSTED);
        var issued = operator.post(SHOP + "/tokens", null);
        var owner = new AdminClient(node.address(), issued.body().path("token").asText());

        assertThat(owner.deploy("shop", MemoryPackages.js("one")).status()).isEqualTo(201);
        assertThat(operator.get(SHOP + "/tokens").body().path("tokens")).hasSize(1);
        assertThat(operator.delete(SHOP + "/tokens/" + issued.body().path("id").asText())
                        .status())
                .isEqualTo(204);
        assertThat(owner.get(SHOP + "/versions").status()).isEqualTo(401);
    }

    @Test
    void theNewestLinesOfATenantAreShown() {
        node.tenant("shop", Trust.UNTRUSTED);

        assertThat(operator.get(SHOP + "/logs?lines=2").body().path("lines")).hasSize(2);
        assertThat(operator.get(SHOP + "/logs?lines=many").field()).isEqualTo("lines");
        assertThat(operator.get("/admin/v1/tenants/nobody/logs").code()).isEqualTo("TENANT_UNKNOWN");
    }

    @Test
    void aDeletedTenantIsGone() {
        node.tenant("shop", Trust.UNTRUSTED);
        operator.deploy("shop", MemoryPackages.js("one"));

        assertThat(operator.delete(SHOP, "If-Match", "\"1\"").status()).isEqualTo(409);
        assertThat(operator.delete(SHOP).status()).isEqualTo(204);
        assertThat(operator.delete(SHOP).status()).isEqualTo(404);
        await().atMost(Duration.ofSeconds(5)).until(() -> node.packages.hashes().isEmpty());
    }

    @Test
    void aPathOrMethodThatIsNotThereIsAnError() {
        var method = operator.send("DELETE", "/admin/v1/node", null, new byte[0]);

        assertThat(method.status()).isEqualTo(405);
        assertThat(method.header("Allow")).isEqualTo("GET");
        assertThat(method.code()).isEqualTo("HTTP_METHOD");
        assertThat(operator.get("/admin/v2/node").code()).isEqualTo("NOT_FOUND");
    }

    @Test
    void aNameThatSomebodyElsePointedHereIsRefused() throws IOException {
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 403")
                .contains("HOST_REFUSED");
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: admin.example:9080\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
        assertThat(raw("GET /metrics HTTP/1.1\r\nHost: [::1]:9080\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aRefusalComesBeforeTheBytesOfAnUpload() throws IOException {
        node.tenant("shop", Trust.UNTRUSTED);
        var head = "POST " + SHOP + "/versions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/zip\r\n"
                + "Content-Length: 60000\r\nExpect: 100-continue\r\nConnection: close\r\n";

        assertThat(raw(head + "\r\n")).startsWith("HTTP/1.1 401").contains("WWW-Authenticate: Bearer");
    }

    private String raw(String request) throws IOException {
        try (var socket =
                new Socket(InetAddress.getLoopbackAddress(), node.address().getPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readNBytes(600), StandardCharsets.UTF_8);
        }
    }

    private void noUploadStays() {
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            try (var files = Files.list(node.uploads())) {
                assertThat(files).isEmpty();
            }
        });
    }
}
