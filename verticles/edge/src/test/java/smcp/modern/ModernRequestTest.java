package smcp.modern;

import static org.assertj.core.api.Assertions.assertThat;
import static smcp.testing.McpWire.MODERN;
import static smcp.testing.McpWire.modernBody;
import static smcp.testing.McpWire.request;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.contract.Account.Outcome;
import smcp.testing.McpWire;
import smcp.testing.TestEdge;

/** Requests of 2026-07-28: the order of checks, statuses, mirrored headers, answers (digest §2.2, §3.3, §4, §9, §12, §13). */
class ModernRequestTest {
    private TestEdge edge;

    @BeforeEach
    void start() {
        edge = TestEdge.start();
        edge.tenant.answers("{\"content\":[]}");
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private McpWire wire() {
        return edge.wire();
    }

    private static void refused(McpWire.Answer answer, int status, int code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.code()).as(answer.body()).isEqualTo(code);
        assertThat(answer.json().path("id").asInt())
                .as("every error echoes the id")
                .isEqualTo(1);
    }

    private static String withoutCapabilities() {
        return request("1", "tools/list", "\"_meta\":{\"io.modelcontextprotocol/protocolVersion\":\"" + MODERN + "\"}");
    }

    @Test
    void theCapabilitiesMustBeThereAndAnObject() {
        refused(wire().modern("tools/list", null).post(withoutCapabilities()), 400, -32602);
        refused(wire().modern("tools/list", null).post(modernBody("1", "tools/list", "", "[]")), 400, -32602);
    }

    @Test
    void theClaimMustBeAString() {
        var body = modernBody("1", "tools/list", "").replace("\"" + MODERN + "\"", "20260728");
        refused(wire().modern("tools/list", null).post(body), 400, -32602);
    }

    @Test
    void missingMetaWinsOverEverythingAboutHeaders() {
        var wire = wire().with("MCP-Protocol-Version", "2027-01-01").with("Mcp-Method", "wrong");
        refused(wire.post(withoutCapabilities()), 400, -32602);
    }

    @Test
    void aMismatchOfTheVersionWinsOverItsBeingUnsupported() {
        var body = modernBody("1", "tools/list", "").replace(MODERN, "2099-01-01");
        refused(wire().modern("tools/list", null).post(body), 400, -32020);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2099-01-01", "2025-11-25", "nonsense"})
    void aVersionThatIsNotServedIsToldWithThoseThatAre(String version) {
        var wire = wire().modern("tools/list", null).with("MCP-Protocol-Version", version);
        var answer = wire.post(modernBody("1", "tools/list", "").replace(MODERN, version));
        refused(answer, 400, -32022);
        assertThat(answer.json().at("/error/data/requested").asText()).isEqualTo(version);
        var discovered = wire().ask("server/discover", null, "").json().at("/result/supportedVersions");
        assertThat(answer.json().at("/error/data/supported")).isEqualTo(discovered);
        // without any header the version is looked at first as well
        refused(
                wire.with("MCP-Protocol-Version", null)
                        .post(modernBody("1", "tools/list", "").replace(MODERN, version)),
                400,
                -32022);
    }

    @Test
    void theVersionHeaderMustBeThere() {
        refused(wire().with("Mcp-Method", "tools/list").post(modernBody("1", "tools/list", "")), 400, -32020);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tools/call", "TOOLS/LIST", "tools/list\ntools/call", "=?base64?dG9vbHMvbGlzdA==?="})
    void theMethodHeaderMirrorsTheMethod(String header) {
        var wire = wire().modern("tools/list", null).with("Mcp-Method", header);
        refused(wire.post(modernBody("1", "tools/list", "")), 400, -32020);
    }

    @Test
    void headersAreReadWithoutTheSpacesAroundThemAndWithoutCaseOfTheirNames() {
        var wire = wire().with("mcp-protocol-VERSION", " \t" + MODERN + " ").with("MCP-METHOD", "\ttools/call ");
        assertThat(wire.with("mcp-NAME", "  echo\t")
                        .post(modernBody("1", "tools/call", "\"name\":\"echo\""))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"tools/call,name,echo,other", "prompts/get,name,ask,other", "resources/read,uri,test://a,test://b"})
    void theNameHeaderMirrorsTheName(String method, String member, String name, String other) {
        var body = modernBody("1", method, "\"" + member + "\":\"" + name + "\"");
        assertThat(wire().modern(method, name).post(body).status()).isEqualTo(200);
        refused(wire().modern(method, other).post(body), 400, -32020);
        refused(wire().modern(method, null).post(body), 400, -32020);
        refused(wire().modern(method, name + "\n" + other).post(body), 400, -32020);
    }

    @Test
    void aRequestWithoutANameFailsForItsParams() {
        refused(wire().ask("tools/call", null, ""), 200, -32602);
        refused(wire().ask("tools/call", "x", "\"name\":7"), 200, -32602);
        refused(wire().ask("resources/read", null, "\"name\":\"x\""), 200, -32602);
    }

    private static String base64(String text) {
        return "=?base64?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
    }

    @Test
    void namesThatAreNoAsciiComeInBase64() {
        for (var uri : new String[] {"test://grün/€", " lead", "=?base64?eA==?=", "a\\nb"}) {
            var plain = uri.replace("\\n", "\n");
            assertThat(wire().ask("resources/read", base64(plain), "\"uri\":\"" + uri + "\"")
                            .status())
                    .as(uri)
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?base64?ZWNobw?=",
                "=?base64?ZWN obw==?=",
                "=?base64?ZWNoby==?=",
                "=?base64?/w==?=",
                "=?base64?ZWNobx==?="
            })
    void whatHasBothMarkersMustBeCanonicalBase64(String header) {
        refused(wire().ask("tools/call", header, "\"name\":\"echo\""), 400, -32020);
    }

    @ParameterizedTest
    @ValueSource(strings = {"=?base64?ZWNobw==", "ZWNobw==?=", "=?BASE64?ZWNobw==?="})
    void whatLacksAMarkerIsLiteral(String uri) {
        assertThat(wire().ask("resources/read", uri, "\"uri\":\"" + uri + "\"").status())
                .isEqualTo(200);
    }

    private McpWire.Answer mirrored(String arguments, String... headers) {
        var wire = wire().modern("tools/call", "mirrored");
        for (var i = 0; i < headers.length; i += 2) {
            wire = wire.with("Mcp-Param-" + headers[i], headers[i + 1]);
        }
        return wire.post(modernBody("1", "tools/call", "\"name\":\"mirrored\",\"arguments\":" + arguments));
    }

    @Test
    void mirroredArgumentsMustStandInTheirHeaders() {
        assertThat(mirrored(
                                "{\"region\":\"eu\",\"count\":42,\"dry\":true}",
                                "Region",
                                "eu",
                                "Count",
                                "42",
                                "Dry",
                                "true")
                        .status())
                .isEqualTo(200);
        assertThat(mirrored("{\"region\":\"grün\",\"count\":42}", "region", base64("grün"), "COUNT", "42.0")
                        .status())
                .isEqualTo(200);
        assertThat(mirrored("{\"inner\":{\"zone\":\"z\"}}", "Zone", "z").status())
                .isEqualTo(200);
        refused(mirrored("{\"region\":\"eu\"}"), 400, -32020);
        refused(mirrored("{\"region\":\"eu\"}", "Region", "us"), 400, -32020);
        refused(mirrored("{\"inner\":{\"zone\":\"z\"}}"), 400, -32020);
        refused(mirrored("{\"count\":42}", "Count", "43"), 400, -32020);
        refused(mirrored("{\"count\":42}", "Count", "many"), 400, -32020);
        refused(mirrored("{\"dry\":true}", "Dry", "TRUE"), 400, -32020);
    }

    @Test
    void whatIsAbsentOrNullNeedsNoHeaderAndStrangersAreIgnored() {
        assertThat(mirrored("{\"region\":null}").status()).isEqualTo(200);
        assertThat(mirrored("{}", "Other", "x").status()).isEqualTo(200);
        assertThat(wire().ask("tools/call", "mirrored", "\"name\":\"mirrored\"").status())
                .isEqualTo(200);
    }

    @Test
    void legacyRequestsMayCarryStrayHeaders() {
        var session = wire().session().with("Mcp-Method", "wrong").with("Mcp-Name", "=?base64?x?=");
        assertThat(session.post(request("1", "tools/call", "\"name\":\"echo\"")).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ping",
                "initialize",
                "logging/setLevel",
                "resources/subscribe",
                "resources/unsubscribe",
                "tasks/list",
                "no/such",
                "notifications/cancelled",
                "notifications/initialized"
            })
    void methodsThatTheRevisionDoesNotKnowAreNotFound(String method) {
        refused(wire().ask(method, null, "\"uri\":\"x\",\"level\":\"info\""), 404, -32601);
        assertThat(edge.tenant.untouched()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "tools/list,",
        "tools/call,echo",
        "resources/list,",
        "resources/templates/list,",
        "resources/read,echo",
        "prompts/list,",
        "prompts/get,echo",
        "completion/complete,"
    })
    void methodsOfWhatIsNotAdvertisedAreNotFound(String method, String name) {
        edge.put("bare", "{\"capabilities\":{}}");
        refused(edge.wire("bare").ask(method, name, "\"name\":\"echo\",\"uri\":\"echo\""), 404, -32601);
    }

    @Test
    void aMismatchWinsOverAnUnknownMethod() {
        refused(
                wire().with("MCP-Protocol-Version", MODERN)
                        .with("Mcp-Method", "x")
                        .post(modernBody("1", "no/such", "")),
                400,
                -32020);
    }

    @Test
    void aCapabilityThatAToolLacksIsABadRequest() {
        edge.tenant.fails(-32021, "needs sampling", "{\"requiredCapabilities\":{\"sampling\":{}}}");
        var answer = wire().ask("tools/call", "echo", "\"name\":\"echo\"");
        refused(answer, 400, -32021);
        assertThat(answer.json().at("/error/data/requiredCapabilities/sampling").isObject())
                .isTrue();
    }

    @Test
    void aCapabilityThatIsMissedInAStreamIsAMessageOfIt() {
        edge.tenant.waits();
        try (var stream =
                wire().modern("tools/call", "echo").open("POST", modernBody("1", "tools/call", "\"name\":\"echo\""))) {
            var call = edge.tenant.next().notice("notifications/progress", "{}");
            assertThat(stream.next().method()).isEqualTo("notifications/progress");
            call.fails(-32021, "needs sampling", "{\"requiredCapabilities\":{\"sampling\":{}}}");
            var last = stream.next().json();
            assertThat(stream.head().status()).isEqualTo(200);
            assertThat(last.path("id").asInt()).isEqualTo(1);
            assertThat(last.at("/error/code").asInt()).isEqualTo(-32021);
            assertThat(last.at("/error/data/requiredCapabilities/sampling").isObject())
                    .isTrue();
            assertThat(stream.event()).isNull();
        }
    }

    @Test
    void anUnknownToolIsToldInBand() {
        refused(wire().ask("tools/call", "nope", "\"name\":\"nope\""), 200, -32602);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "7", "\"x\"", "null", "true"})
    void argumentsAreAnObject(String arguments) {
        refused(wire().ask("tools/call", "echo", "\"name\":\"echo\",\"arguments\":" + arguments), 200, -32602);
        refused(wire().ask("prompts/get", "ask", "\"name\":\"ask\",\"arguments\":" + arguments), 200, -32602);
        assertThat(edge.tenant.untouched()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"tools/list", "tools/call"})
    void anInvalidLogLevelIsAnInvalidParam(String method) {
        var meta = ",\"io.modelcontextprotocol/logLevel\":\"loud\"}}}";
        var body = modernBody("1", method, "\"name\":\"echo\"").replaceAll("}}}$", meta);
        refused(
                wire().modern(method, method.equals("tools/call") ? "echo" : null)
                        .post(body),
                200,
                -32602);
        // what decides the status is looked at first (digest §2.2)
        refused(wire().modern(method, null).with("Mcp-Method", "x").post(body), 400, -32020);
    }

    @Test
    void errorsOfTheTenantComeInBandAsTheyAre() {
        edge.tenant.fails(42, "no", "{\"why\":1.50}");
        var answer = wire().ask("tools/call", "echo", "\"name\":\"echo\"");
        refused(answer, 200, 42);
        assertThat(answer.body()).contains("\"data\":{\"why\":1.50}");
    }

    @ParameterizedTest
    @CsvSource({"-32002,200,-32602", "-32042,200,-32603", "-32602,200,-32602", "-32601,404,-32601"})
    void codesOfOtherErasAreNotEmitted(int said, int status, int code) {
        edge.tenant.fails(said, "no", null);
        refused(wire().ask("resources/read", "test://a", "\"uri\":\"test://a\""), status, code);
    }

    @Test
    void idsKeepTheirJsonType() {
        for (var id : new String[] {"1", "\"1\"", "1.0", "-7", "\"\\u0031\"", "12345678901234567890"}) {
            assertThat(wire().modern("tools/list", null)
                            .post(modernBody(id, "tools/list", ""))
                            .body())
                    .startsWith("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",");
        }
    }

    @Test
    void sessionHeadersAreIgnoredAndNoneIsGiven() {
        var wire = wire().modern("tools/list", null)
                .with("MCP-Session-Id", "nobody")
                .with("Last-Event-ID", "x.1");
        var answer = wire.post(modernBody("1", "tools/list", ""));
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("mcp-session-id");
    }

    // caching (digest §12)

    @ParameterizedTest
    @ValueSource(
            strings = {"server/discover", "tools/list", "resources/list", "resources/templates/list", "prompts/list"})
    void catalogueAnswersHaveCacheHintsAndServerInfo(String method) {
        var result = wire().ask(method, null, "").json().path("result");
        assertThat(result.path("resultType").asText()).isEqualTo("complete");
        assertThat(result.path("ttlMs").isIntegralNumber()).isTrue();
        assertThat(result.path("cacheScope").asText()).isIn("public", "private");
        assertThat(result.at("/_meta/io.modelcontextprotocol~1serverInfo/name").asText())
                .isEqualTo("acme");
    }

    @Test
    void onlyAPublicTenantMayHavePublicAnswers() {
        assertThat(wire().ask("tools/list", null, "").body()).contains("\"cacheScope\":\"public\"");
        var closed = edge.wire(TestEdge.CLOSED).key(edge.key("one"));
        assertThat(closed.ask("tools/list", null, "").body()).contains("\"cacheScope\":\"private\"");
        edge.tenant.answers("{\"contents\":[],\"ttlMs\":5,\"cacheScope\":\"public\"}");
        assertThat(wire().ask("resources/read", "test://a", "\"uri\":\"test://a\"")
                        .body())
                .contains("\"ttlMs\":5,\"cacheScope\":\"public\"");
        assertThat(closed.ask("resources/read", "test://a", "\"uri\":\"test://a\"")
                        .body())
                .contains("\"ttlMs\":5,\"cacheScope\":\"private\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"contents\":[]}",
                "{\"contents\":[],\"ttlMs\":-1,\"cacheScope\":7}",
                "{\"ttlMs\":1.5,\"contents\":[]}"
            })
    void aResourceWithoutUsableHintsIsStaleAndPrivate(String result) {
        edge.tenant.answers(result);
        var answer = wire().ask("resources/read", "test://a", "\"uri\":\"test://a\"")
                .json()
                .path("result");
        assertThat(answer.path("ttlMs").asInt(-1)).isZero();
        assertThat(answer.path("cacheScope").asText()).isEqualTo("private");
        assertThat(answer.path("contents").isArray()).isTrue();
    }

    // answers (digest §3.3)

    @Test
    void anAnswerThatComesFirstIsOneObject() {
        var answer = wire().ask("tools/call", "echo", "\"name\":\"echo\"");
        assertThat(answer.type()).isEqualTo("application/json");
        assertThat(answer.json().at("/result/resultType").asText()).isEqualTo("complete");
        assertThat(edge.outcomes).containsExactly(Outcome.COMPLETE);
    }

    @Test
    void aNoticeMakesItAStreamWithoutIdsThatEndsWithTheAnswer() {
        edge.tenant.waits();
        var body = modernBody("\"x\"", "tools/call", "\"name\":\"echo\"")
                .replaceAll("}}}$", ",\"progressToken\":\"7\"}}}");
        try (var stream = wire().modern("tools/call", "echo").open("POST", body)) {
            var call = edge.tenant.next();
            call.progress(1);
            assertThat(stream.head().header("cache-control")).isEqualTo("no-cache, no-transform");
            assertThat(stream.head().header("x-accel-buffering")).isEqualTo("no");
            call.progress(2).result("{\"content\":[]}");
            var events = stream.rest();
            assertThat(events).extracting(McpWire.Event::id).containsOnlyNulls();
            assertThat(events)
                    .extracting(McpWire.Event::method)
                    .containsExactly("notifications/progress", "notifications/progress", "");
            assertThat(events.getFirst().json().at("/params/progressToken").textValue())
                    .isEqualTo("7");
            assertThat(events.getLast().json().path("id").asText()).isEqualTo("x");
        }
    }

    @Test
    void aSilentCallBecomesAStreamAndIsKeptAlive() {
        edge.tenant.waits();
        try (var stream =
                wire().modern("tools/call", "echo").open("POST", modernBody("1", "tools/call", "\"name\":\"echo\""))) {
            stream.comment();
            stream.comment();
            edge.tenant.next().fails(-32601, "in a stream it is just a message", null);
            assertThat(stream.next().json().at("/error/code").asInt()).isEqualTo(-32601);
            assertThat(stream.event()).isNull();
        }
    }

    @Test
    void closingAStreamBeforeItsEndForPollingIsNotOfThisRevision() {
        edge.tenant.waits();
        try (var stream =
                wire().modern("tools/call", "echo").open("POST", modernBody("1", "tools/call", "\"name\":\"echo\""))) {
            edge.tenant.next().closeStream(5).result("{}");
            assertThat(stream.answer().type()).isEqualTo("application/json");
        }
    }

    // cancellation (digest §9.7)

    @Test
    void closingTheConnectionBeforeAnAnswerCancelsTheCall() {
        edge.tenant.waits();
        var exchange =
                wire().modern("tools/call", "echo").open("POST", modernBody("1", "tools/call", "\"name\":\"echo\""));
        var call = edge.tenant.next();
        exchange.cut();
        Awaitility.await().until(call::isCancelled);
        assertThat(edge.outcomes).containsExactly(Outcome.CANCELLED);
        call.result("{}");
        assertThat(edge.outcomes).containsExactly(Outcome.CANCELLED);
    }

    @Test
    void closingTheStreamCancelsTheCall() {
        edge.tenant.waits();
        var exchange =
                wire().modern("tools/call", "echo").open("POST", modernBody("1", "tools/call", "\"name\":\"echo\""));
        var call = edge.tenant.next().notice("notifications/progress", "{}");
        assertThat(exchange.next().method()).isEqualTo("notifications/progress");
        exchange.close();
        Awaitility.await().until(call::isCancelled);
    }

    @Test
    void aPostedCancellationCancelsNothing() {
        edge.tenant.waits();
        try (var exchange =
                wire().modern("tools/call", "echo").open("POST", modernBody("1", "tools/call", "\"name\":\"echo\""))) {
            var call = edge.tenant.next();
            assertThat(wire().with("MCP-Protocol-Version", MODERN)
                            .post(McpWire.notification("notifications/cancelled", "\"requestId\":1"))
                            .status())
                    .isEqualTo(202);
            call.result("{\"content\":[]}");
            assertThat(exchange.answer().status()).isEqualTo(200);
        }
    }

    @Test
    void aClientThatDoesNotReadLosesItsConnectionAndItsCall() {
        edge.tenant.waits();
        try (var _ =
                wire().modern("tools/call", "echo").open("POST", modernBody("1", "tools/call", "\"name\":\"echo\""))) {
            var call = edge.tenant.next();
            var big = "{\"x\":\"" + "x".repeat(64 << 10) + "\"}";
            Awaitility.await().until(() -> {
                // more than the buffers of both kernels take in, sooner or later
                for (var i = 0; i < 50; i++) {
                    call.notice("notifications/progress", big);
                }
                return call.isCancelled();
            });
        }
    }

    @Test
    void aClientThatTakesNothingForTooLongLosesItsConnectionHoweverLittleWaits() {
        try (var impatient = TestEdge.start(settings -> settings.withBodyTimeout(Duration.ofMillis(500)))) {
            impatient.tenant.waits();
            var body = modernBody("1", "tools/call", "\"name\":\"echo\"");
            try (var _ = impatient.wire().modern("tools/call", "echo").open("POST", body)) {
                var call = impatient.tenant.next();
                // one frame is let through whatever its size; it is more than the buffers of both kernels take in
                call.notice("notifications/progress", "{\"x\":\"" + "x".repeat(32 << 20) + "\"}");
                Awaitility.await().until(call::isCancelled);
            }
        }
    }

    @Test
    void anObjectThatIsNotTakenCostsItsClientTheConnection() {
        try (var impatient = TestEdge.start(settings -> settings.withBodyTimeout(Duration.ofMillis(500)))) {
            impatient.tenant.answers("{\"content\":[],\"x\":\"" + "x".repeat(32 << 20) + "\"}");
            var body = modernBody("1", "tools/call", "\"name\":\"echo\"");
            try (var exchange = impatient.wire().modern("tools/call", "echo").open("POST", body)) {
                Awaitility.await().until(exchange::isBroken);
            }
        }
    }

    // pagination (digest §9.5)

    @Test
    void aListComesInPagesUntilThereIsNoCursor() {
        var first = wire().ask("tools/list", null, "").json().path("result");
        assertThat(first.path("tools")).hasSize(2);
        var second = wire().ask("tools/list", null, "\"cursor\":" + first.path("nextCursor"))
                .json()
                .path("result");
        assertThat(second.path("tools")).hasSize(2);
        assertThat(second.has("nextCursor")).isFalse();
        assertThat(second.path("cacheScope")).isEqualTo(first.path("cacheScope"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\"", "\"!\"", "\"bm9wZQ\"", "7", "null", "{}"})
    void aCursorThatIsNoneIsAnInvalidParam(String cursor) {
        refused(wire().ask("tools/list", null, "\"cursor\":" + cursor), 200, -32602);
    }

    @Test
    void aCursorBelongsToItsListAndTellsNothingOfWhatIsHidden() {
        var cursor = wire().ask("tools/list", null, "").json().at("/result/nextCursor");
        refused(wire().ask("prompts/list", null, "\"cursor\":" + cursor), 200, -32602);
        // names "fail", the last tool of the first page
        var limited = edge.wire(TestEdge.CLOSED).key(edge.key("limited", "echo"));
        refused(limited.ask("tools/list", null, "\"cursor\":" + cursor), 200, -32602);
    }

    @Test
    void schemasPassThroughUntouched() {
        assertThat(wire().ask("tools/list", null, "").body())
                .contains(
                        "{ \"name\":\"echo\", \"inputSchema\":{\"type\":\"object\",\"$anchor\":\"x\",\"maximum\":1.50E+2}}");
    }
}
