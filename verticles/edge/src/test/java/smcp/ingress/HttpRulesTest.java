package smcp.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.LEGACY;
import static smcp.testing.McpWire.initialize;
import static smcp.testing.McpWire.modernBody;
import static smcp.testing.McpWire.request;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** What HTTP asks of the endpoint in both eras (digest §3.2 to §3.4). */
class HttpRulesTest {
    private static TestEdge edge;

    @BeforeAll
    static void start() {
        edge = TestEdge.start();
    }

    @AfterAll
    static void stop() {
        edge.close();
    }

    private static McpWire wire() {
        return edge.wire();
    }

    @ParameterizedTest
    @CsvSource({
        "evil.example.com,403",
        "localhost.evil.example.com,403",
        "user@localhost,403",
        "localhost,200",
        "LOCALHOST:1,200",
        "[::1]:80,200",
        "mcp.example.com,200",
        "other.example.com:8443,200"
    })
    void onlyKnownHostsAreServed(String host, int status) {
        assertThat(wire().with("Host", host).post(initialize(LEGACY, "{}")).status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "https://evil.example.com,403",
        "null,403",
        "https://app.example.com.evil.org,403",
        "https://app.example.com:8443,403",
        "http://app.example.com,403",
        "HTTPS://App.Example.Com,200",
        "https://app.example.com,200",
        "https://mcp.example.com,200"
    })
    void onlyAllowedOriginsMayCall(String origin, int status) {
        var answer = wire().with("Origin", origin).post(initialize(LEGACY, "{}"));
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.header("access-control-allow-origin")).isEqualTo(status == 200 ? origin : "");
    }

    @Test
    void aPageOfThisVeryHostMayCall() {
        var answer = wire().with("Origin", "http://localhost:" + edge.port()).post(initialize(LEGACY, "{}"));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("access-control-expose-headers"))
                .contains("mcp-session-id")
                .contains("www-authenticate");
        assertThat(answer.header("vary")).isEqualTo("Origin");
    }

    @Test
    void ofTwoOriginsNoneIsBelieved() {
        assertThat(wire().with("Origin", "https://app.example.com\nhttps://evil.example.com")
                        .post(initialize(LEGACY, "{}"))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aPreflightIsAnsweredBeforeAuthentication() {
        var answer = edge.wire(TestEdge.CLOSED)
                .with("Origin", "https://app.example.com")
                .with("Access-Control-Request-Method", "POST")
                .with("Access-Control-Request-Headers", "authorization, mcp-param-region, mcp-param-b@d")
                .send("OPTIONS");
        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.header("access-control-allow-origin")).isEqualTo("https://app.example.com");
        assertThat(answer.header("access-control-allow-methods")).isEqualTo("GET, POST, DELETE");
        assertThat(answer.header("access-control-allow-headers"))
                .contains("authorization", "last-event-id", "mcp-method", "mcp-name", "mcp-param-region")
                .doesNotContain("b@d");
    }

    @Test
    void aPreflightOfAStrangerIsRefused() {
        assertThat(wire().with("Origin", "https://evil.example.com")
                        .send("OPTIONS")
                        .status())
                .isEqualTo(403);
    }

    @Test
    void aPrivateTenantAsksForAKey() {
        var answer = edge.wire(TestEdge.CLOSED).post(initialize(LEGACY, "{}"));
        assertThat(answer.status()).isEqualTo(401);
        // RFC 6750 §3.1: no error code where no credentials were shown
        assertThat(answer.header("www-authenticate")).isEqualTo("Bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer wrong", "Basic dXNlcjpwdw==", "Bearer smcp_0123456789abcdef_x"})
    void aKeyThatProvesNothingIsRefusedEvenWhereNoneIsNeeded(String authorization) {
        for (var name : new String[] {TestEdge.OPEN, TestEdge.CLOSED}) {
            var answer = edge.wire(name).with("Authorization", authorization).post(initialize(LEGACY, "{}"));
            assertThat(answer.status()).isEqualTo(401);
            assertThat(answer.header("www-authenticate")).isEqualTo("Bearer error=\"invalid_token\"");
        }
    }

    @Test
    void whoMayNotCallAToolIsForbiddenItAndDoesNotSeeIt() {
        var limited = edge.wire(TestEdge.CLOSED).key(edge.key("limited", "echo"));
        var answer = limited.ask("tools/call", "secret", "\"name\":\"secret\"");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.header("www-authenticate")).contains("insufficient_scope");
        assertThat(limited.ask("tools/list", null, "").body()).contains("echo").doesNotContain("secret");
        var session = limited.session();
        assertThat(session.post(request("1", "tools/call", "\"name\":\"secret\""))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void theOriginIsLookedAtBeforeTheKeyAndTheKeyBeforeTheBody() {
        var closed = edge.wire(TestEdge.CLOSED);
        assertThat(closed.with("Origin", "https://evil.example.com").post("{").status())
                .isEqualTo(403);
        assertThat(closed.post("{").status()).isEqualTo(401);
        assertThat(closed.with("Content-Type", "text/plain").post("{").status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "application/json,406",
        "text/event-stream,406",
        "text/html,406",
        "'application/json;q=0, text/event-stream',406",
        "'application/jsonx, text/event-streams',406",
        "*/*,200",
        "'application/*, text/*;q=0.1',200",
        "'text/event-stream;charset=utf-8 , application/json;q=0.5',200"
    })
    void aPostAcceptsBothForms(String accept, int status) {
        assertThat(wire().with("Accept", accept).post(initialize(LEGACY, "{}")).status())
                .isEqualTo(status);
    }

    @Test
    void aMissingAcceptMeansAnything() {
        assertThat(wire().with("Accept", null).post(initialize(LEGACY, "{}")).status())
                .isEqualTo(200);
    }

    @Test
    void aGetAcceptsAStream() {
        assertThat(wire().session().with("Accept", "application/json").get().status())
                .isEqualTo(406);
    }

    @Test
    void aBodyThatIsAnnouncedTooLargeIsNotRead() {
        try (var exchange = wire().with("Content-Length", "262145").open("POST", " ")) {
            var answer = exchange.answer();
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.message()).contains("maxBodyBytes").contains("262144");
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void aBodyThatGrowsTooLargeIsCutOff() {
        var chunk = "20000\r\n" + " ".repeat(0x20000) + "\r\n";
        var head =
                "POST /t/open/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        try (var exchange = wire().raw(head.getBytes(StandardCharsets.UTF_8))) {
            exchange.write(chunk).write(chunk).write("1\r\n \r\n");
            assertThat(exchange.head().status()).isEqualTo(413);
        }
    }

    @Test
    void aClientThatWaitsForLeaveToSendGetsIt() {
        var body = initialize(LEGACY, "{}");
        var head =
                "POST /t/open/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: "
                        + body.length() + "\r\n\r\n";
        try (var exchange = wire().raw(head.getBytes(StandardCharsets.UTF_8))) {
            assertThat(exchange.head().status()).isEqualTo(100);
        }
    }

    @Test
    void whatIsNestedTooDeepIsNoMessage() {
        var answer = wire().post(request("1", "ping", "\"a\":" + "[".repeat(70) + "]".repeat(70)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo(-32600);
        assertThat(answer.message()).contains("64");
    }

    @Test
    void aNameOfSixteenKibibytesFitsIntoAHeader() {
        edge.tenant.answers("{\"contents\":[]}");
        var uri = "test://" + "a".repeat(16 << 10);
        assertThat(wire().ask("resources/read", uri, "\"uri\":\"" + uri + "\"").status())
                .isEqualTo(200);
    }

    @Test
    void anUnknownTenantIsNotFoundInWordsOfJsonRpc() {
        var answer = edge.wire("nobody").ask("server/discover", null, "");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.code()).isEqualTo(-32000);
        assertThat(edge.wire("Not%20a%20name!").post("{}").status()).isEqualTo(404);
    }

    @Test
    void aRefusalOverHttp2NamesNoConnection() {
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        var body = modernBody("1", "ping", "");
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + edge.port() + "/t/open/mcp"))
                .timeout(Duration.ofSeconds(10))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        for (var i = 0; i < 2; i++) {
            // the first is an upgrade from HTTP/1.1, the second is HTTP/2 from its beginning
            var answer = client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString())
                    .join();
            assertThat(answer.statusCode()).isEqualTo(415);
        }
    }
}
