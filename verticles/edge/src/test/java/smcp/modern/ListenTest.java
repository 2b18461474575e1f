package smcp.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.modernBody;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.contract.ChangeLog.Kind;
import smcp.contract.RegistryKey;
import smcp.tenant.ClientId;
import smcp.tenant.TenantId;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** {@code subscriptions/listen} (digest §11.2). */
class ListenTest {
    private static final String ID = "/_meta/io.modelcontextprotocol~1subscriptionId";
    private TestEdge edge;

    @BeforeEach
    void start() {
        edge = TestEdge.start();
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private McpWire.Exchange listen(McpWire wire, String id, String filter) {
        return wire.modern("subscriptions/listen", null)
                .open("POST", modernBody(id, "subscriptions/listen", "\"notifications\":" + filter));
    }

    private McpWire.Exchange listen(String filter) {
        return listen(edge.wire(), "1", filter);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "\"1\"", "1.0", "\"\\u00e9\""})
    void theAcknowledgementComesFirstAndEveryMessageHasTheIdAsItWas(String id) {
        try (var stream = listen(edge.wire(), id, "{\"toolsListChanged\":true}")) {
            var ack = stream.next();
            assertThat(ack.method()).isEqualTo("notifications/subscriptions/acknowledged");
            assertThat(ack.json().at("/params/notifications").toString()).isEqualTo("{\"toolsListChanged\":true}");
            assertThat(ack.id()).isNull();
            edge.changed(TestEdge.OPEN, Kind.TOOLS, "");
            var change = stream.next();
            assertThat(change.method()).isEqualTo("notifications/tools/list_changed");
            for (var event : new McpWire.Event[] {ack, change}) {
                assertThat(event.data()).contains("\"io.modelcontextprotocol/subscriptionId\":" + id + "}");
            }
        }
    }

    @Test
    void onlyWhatWasAskedForIsHeard() {
        try (var stream = listen(
                "{\"resourceSubscriptions\":[\"test://a\"],\"promptsListChanged\":true,\"toolsListChanged\":false}")) {
            assertThat(stream.next().json().at("/params/notifications").toString())
                    .isEqualTo("{\"promptsListChanged\":true,\"resourceSubscriptions\":[\"test://a\"]}");
            edge.changed(TestEdge.OPEN, Kind.TOOLS, "");
            edge.changed(TestEdge.OPEN, Kind.RESOURCES, "");
            edge.changed(TestEdge.OPEN, Kind.RESOURCE, "test://b");
            edge.changed(TestEdge.CLOSED, Kind.PROMPTS, "");
            edge.changed(TestEdge.OPEN, Kind.RESOURCE, "test://a");
            edge.changed(TestEdge.OPEN, Kind.PROMPTS, "");
            var updated = stream.next();
            assertThat(updated.method()).isEqualTo("notifications/resources/updated");
            assertThat(updated.json().at("/params/uri").asText()).isEqualTo("test://a");
            assertThat(stream.next().method()).isEqualTo("notifications/prompts/list_changed");
        }
    }

    @Test
    void onlyWhatIsAdvertisedIsHonoured() {
        edge.put("bare", "{\"capabilities\":{\"tools\":{},\"resources\":{\"listChanged\":true}}}");
        try (var stream = listen(
                edge.wire("bare"),
                "1",
                "{\"toolsListChanged\":true,\"promptsListChanged\":true,\"resourcesListChanged\":true,\"resourceSubscriptions\":[\"x\"],\"taskIds\":[\"t\"]}")) {
            assertThat(stream.next().json().at("/params/notifications").toString())
                    .isEqualTo("{\"resourcesListChanged\":true}");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "null",
                "[]",
                "{\"toolsListChanged\":1}",
                "{\"resourceSubscriptions\":\"x\"}",
                "{\"resourceSubscriptions\":[7]}",
                "{\"resourceSubscriptions\":[\"a\",\"b\",\"c\",\"d\"]}"
            })
    void aMalformedFilterIsAnInvalidParam(String filter) {
        try (var stream = listen(filter)) {
            assertThat(stream.answer().code()).isEqualTo(-32602);
        }
    }

    @Test
    void aMissingFilterIsAnInvalidParam() {
        assertThat(edge.wire().ask("subscriptions/listen", null, "").code()).isEqualTo(-32602);
    }

    @Test
    void severalStreamsEachGetACopy() {
        try (var one = listen("{\"toolsListChanged\":true}");
                var two = listen("{\"toolsListChanged\":true}")) {
            assertThat(one.next()).isNotNull();
            assertThat(two.next()).isNotNull();
            edge.changed(TestEdge.OPEN, Kind.TOOLS, "");
            assertThat(one.next().method()).isEqualTo(two.next().method());
        }
    }

    @Test
    void theServerEndsAStreamWithAResult() {
        try (var stream = listen("{}")) {
            assertThat(stream.next()).isNotNull();
            edge.removeTenant(TestEdge.OPEN);
            edge.finish(TestEdge.OPEN);
            var end = stream.next().json();
            assertThat(end.path("id").asInt()).isEqualTo(1);
            assertThat(end.at("/result/resultType").asText()).isEqualTo("complete");
            assertThat(end.path("result").at(ID).asInt()).isEqualTo(1);
            assertThat(stream.event()).isNull();
        }
    }

    @Test
    void aStreamThatItsClientLeftIsForgotten() {
        try (var stream = listen("{}")) {
            assertThat(stream.next()).isNotNull();
            assertThat(edge.listening()).isEqualTo(1);
        }
        Awaitility.await().until(() -> edge.listening() == 0);
    }

    @Test
    void tooManyAreToldInBand() {
        try (var edge2 = TestEdge.start(settings -> settings.withModern(new ModernConfig(
                settings.modern().streamAfter(), settings.modern().stateLife(), 1, 3)))) {
            Awaitility.await().until(() -> {
                var answer = listen(edge2.wire(), "1", "{}");
                return answer.head().type().equals("application/json")
                        && answer.answer().code() == -32603;
            });
        }
    }

    @Test
    void aStreamIsKeptAlive() {
        try (var stream = listen("{}")) {
            assertThat(stream.next()).isNotNull();
            stream.comment();
            stream.comment();
        }
    }

    @Test
    void aStreamEndsWithTheLastKeyOfItsClient() {
        var first = edge.key("one");
        var second = edge.key("one");
        try (var stream = listen(edge.wire(TestEdge.CLOSED).key(first), "1", "{\"toolsListChanged\":true}")) {
            assertThat(stream.next()).isNotNull();
            edge.remove(RegistryKey.key(first.id()));
            edge.changed(TestEdge.CLOSED, Kind.TOOLS, "");
            assertThat(stream.next().method())
                    .as("the client still has a key")
                    .isEqualTo("notifications/tools/list_changed");
            edge.remove(RegistryKey.key(second.id()));
            assertThat(stream.next().json().has("result")).isTrue();
        }
    }

    @Test
    void aStreamEndsWithTheRecordOfItsClient() {
        try (var stream = listen(edge.wire(TestEdge.CLOSED).key(edge.key("one")), "1", "{}")) {
            assertThat(stream.next()).isNotNull();
            edge.remove(RegistryKey.client(new TenantId(TestEdge.CLOSED), new ClientId("one")));
            assertThat(stream.next().json().has("result")).isTrue();
        }
    }
}
