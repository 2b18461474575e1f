package smcp.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.MODERN;
import static smcp.testing.McpWire.modernBody;
import static smcp.testing.McpWire.request;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Flow;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import smcp.testing.TestEdge;

/** Clients that ask and then do not read: what waits for them is bounded, in bytes and in time. */
class SlowClientTest {
    private static final String BIG = "{\"x\":\"" + "x".repeat(64 << 10) + "\"}";
    private TestEdge edge;

    @BeforeEach
    void start() {
        edge = TestEdge.start(settings -> settings.withBodyTimeout(Duration.ofMillis(500)));
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    @Test
    void aLegacyCallOutlivesTheConnectionThatDidNotReadIt() {
        edge.tenant.waits();
        var session = edge.wire().session();
        String first;
        try (var stream = session.open("POST", request("1", "tools/call", "\"name\":\"echo\""))) {
            var call = edge.tenant.next();
            call.notice("notifications/progress", "{}");
            first = Objects.requireNonNull(stream.next().id());
            // more than the kernels take in, less than a stream's log keeps
            for (var i = 0; i < 200; i++) {
                call.notice("notifications/progress", BIG);
            }
            Awaitility.await().until(stream::isBroken);
            assertThat(call.isCancelled()).isFalse();
            call.result("{\"content\":[]}");
        }
        try (var again = session.with("Last-Event-ID", first).open("GET", "")) {
            var events = again.rest();
            assertThat(events).hasSize(202);
            assertThat(events.getLast().json().has("result")).isTrue();
        }
    }

    @Test
    void aClientThatAsksOnAndOnWithoutReadingLosesItsConnection() {
        edge.tenant.answers("{\"content\":[],\"x\":" + BIG + "}");
        var body = modernBody("1", "tools/call", "\"name\":\"echo\"");
        var one =
                "POST /t/open/mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nMCP-Protocol-Version: "
                        + MODERN + "\r\nMcp-Method: tools/call\r\nMcp-Name: echo\r\nContent-Length: " + body.length()
                        + "\r\n\r\n" + body;
        try (var exchange = edge.wire().raw(one.repeat(2_000).getBytes(StandardCharsets.UTF_8))) {
            Awaitility.await().until(exchange::isBroken);
        }
        // what the kernel takes in and a little more; the others were not looked at
        assertThat(edge.outcomes).hasSizeLessThan(1_000);
    }

    @Test
    void aStreamOfHttp2ThatIsNotReadIsResetAndItsCallCancelled() {
        edge.tenant.waits();
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build()) {
            // the first request is an upgrade from HTTP/1.1; what follows is HTTP/2 from its beginning
            var one = HttpRequest.newBuilder(URI.create("http://localhost:" + edge.port() + "/health/live"))
                    .build();
            var upgraded = client.sendAsync(one, HttpResponse.BodyHandlers.discarding())
                    .join();
            assertThat(upgraded.version()).isEqualTo(HttpClient.Version.HTTP_2);
            var asked = HttpRequest.newBuilder(URI.create("http://localhost:" + edge.port() + "/t/open/mcp"))
                    .header("Content-Type", "application/json")
                    .header("MCP-Protocol-Version", MODERN)
                    .header("Mcp-Method", "tools/call")
                    .header("Mcp-Name", "echo")
                    .POST(HttpRequest.BodyPublishers.ofString(modernBody("1", "tools/call", "\"name\":\"echo\"")))
                    .build();
            var answer = client.sendAsync(asked, HttpResponse.BodyHandlers.fromSubscriber(new NotReading()));
            var call = edge.tenant.next();
            Awaitility.await().until(() -> {
                for (var i = 0; i < 50; i++) {
                    call.notice("notifications/progress", BIG);
                }
                return call.isCancelled();
            });
            assertThat(answer).isNotCancelled();
            client.shutdownNow();
        }
    }

    /** Takes no byte. */
    private static final class NotReading implements Flow.Subscriber<List<ByteBuffer>> {
        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            // asks for nothing
        }

        @Override
        public void onNext(List<ByteBuffer> item) {}

        @Override
        public void onError(Throwable throwable) {}

        @Override
        public void onComplete() {}
    }
}
