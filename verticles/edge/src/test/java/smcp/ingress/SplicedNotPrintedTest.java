package smcp.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.testing.McpWire;
import smcp.testing.RandomJson;
import smcp.testing.TestEdge;

/** Bytes are spliced, never printed again (design §3): whatever JSON a client or a tenant writes, the other gets as it was written, but for the members that are the platform's. */
class SplicedNotPrintedTest {
    private static final int ROUNDS = 150;
    private TestEdge edge;

    // an edge for each property: what one has answered at once is left in the tenant's queue of calls
    @BeforeEach
    void start() {
        edge = TestEdge.start();
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    /** The value of {@code member} as bytes; the frame ends behind it. */
    private static String tail(String frame, String member) {
        var at = frame.indexOf(",\"" + member + "\":") + member.length() + 4;
        return frame.substring(at, frame.length() - 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aTenantGetsTheBytesOfItsClient(long seed) {
        var random = new RandomJson(new Random(seed));
        edge.tenant.answers("{\"content\":[]}");
        var session = edge.wire().session();
        for (var round = 0; round < ROUNDS; round++) {
            var arguments = random.object(random.members(3));
            var own = random.members(2);
            own.add(random.member("\"n\\u0061me\"", "\"echo\""));
            own.add(random.member("\"arguments\"", arguments));
            var foreign = random.members(2);
            var modern = random.chance();
            var meta = new ArrayList<>(foreign);
            if (modern) {
                meta.add(random.member("\"io.modelcontextprotocol/protocolVersion\"", "\"2026-07-28\""));
                meta.add(random.member(
                        "\"io.modelcontextprotocol/clientCapabilities\"", random.object(random.members(1))));
            }
            var id = "\"" + round + "\"";
            // the platform's member goes in front, so that what must come out is known to the byte
            var rest = random.object(own);
            var params = "{" + random.space() + random.member("\"_meta\"", random.object(meta)) + random.space() + ","
                    + rest.substring(1);
            var body = random.object(List.of(
                    random.member("\"jsonrpc\"", "\"2.0\""),
                    random.member("\"id\"", id),
                    random.member("\"method\"", "\"tools/c\\u0061ll\""),
                    random.member("\"params\"", params)));
            var answer = modern ? edge.wire().modern("tools/call", "echo").post(body) : session.post(body);
            var as = "seed " + seed + ", round " + round + ": " + body;
            assertThat(answer.status()).as(as + answer.body()).isEqualTo(200);
            var call = edge.tenant.next().call();
            assertThat(call.params().text().replaceFirst("^\\{\\s*", ""))
                    .as(as)
                    .isEqualTo(rest.replaceFirst("^\\{\\s*", ""));
            assertThat(String.valueOf(
                            call.arguments() == null ? null : call.arguments().text()))
                    .as(as)
                    .isEqualTo(arguments);
            assertThat(call.foreignMeta().stream().map(json -> json.text()).toList())
                    .as(as)
                    .containsExactlyInAnyOrderElementsOf(foreign);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aClientGetsTheBytesOfItsTenant(long seed) {
        var random = new RandomJson(new Random(seed));
        var session = edge.wire().session();
        for (var round = 0; round < ROUNDS; round++) {
            var own = random.object(random.members(3));
            var inner = own.substring(1, own.length() - 1);
            var empty = inner.isBlank();
            // what is the era's own stands in front; the legacy revision must not see it
            var result =
                    "{\"resultType\":\"complete\",\"ttlMs\":1,\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}"
                            + (empty ? "" : ",") + inner + "}";
            edge.tenant.answers(result);
            var as = "seed " + seed + ", round " + round + ": " + result;
            var id = "\"\\u0030" + round + "\"";
            var old = session.post(McpWire.request(id, "tools/call", "\"name\":\"echo\""));
            assertThat(old.body()).as(as).startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",");
            assertThat(tail(old.body(), "result").replaceFirst("^\\{\\s*", "{"))
                    .as(as)
                    .isEqualTo("{" + inner.stripLeading() + "}");
            var modern = edge.wire()
                    .modern("tools/call", "echo")
                    .post(McpWire.modernBody(id, "tools/call", "\"name\":\"echo\""));
            assertThat(tail(modern.body(), "result"))
                    .as(as)
                    .isEqualTo(
                            "{\"resultType\":\"complete\",\"ttlMs\":1,\"_meta\":{\"io.modelcontextprotocol/serverInfo\":"
                                    + TestEdge.SERVER_INFO + "}" + (empty ? "" : ",") + inner + "}");
        }
    }

    /** A raw line end between tokens is the one thing that cannot stand in an event. */
    private static String oneLine(String json) {
        return json.replace('\n', ' ').replace('\r', ' ');
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22})
    void whatATenantTellsInBetweenIsPassedOnAsItIs(long seed) {
        var random = new RandomJson(new Random(seed));
        var session = edge.wire().session();
        for (var round = 0; round < 50; round++) {
            var params = random.object(random.members(3));
            var data = random.value(3);
            var as = "seed " + seed + ", round " + round + ": " + params + " " + data;
            try (var old = session.open("POST", McpWire.request("1", "tools/call", "\"name\":\"echo\""))) {
                toldInBetween(old, params, data, as);
            }
            try (var modern = edge.wire()
                    .modern("tools/call", "echo")
                    .open("POST", McpWire.modernBody("1", "tools/call", "\"name\":\"echo\""))) {
                toldInBetween(modern, params, data, as);
            }
        }
    }

    private void toldInBetween(McpWire.Exchange stream, String params, String data, String as) {
        edge.tenant.next().notice("notifications/message", params).fails(7, "no", data);
        assertThat(tail(stream.message().data(), "params")).as(as).isEqualTo(oneLine(params));
        assertThat(stream.message().data()).as(as).endsWith(",\"data\":" + oneLine(data) + "}}");
        assertThat(stream.event()).as(as).isNull();
    }
}
