package smcp.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import smcp.api.Content;
import smcp.api.Default;
import smcp.api.LogLevel;
import smcp.api.Matches;
import smcp.api.Maximum;
import smcp.api.McpHeader;
import smcp.api.Minimum;
import smcp.api.ProtocolError;
import smcp.api.Size;
import smcp.api.ToolAnnotations;
import smcp.api.ToolResult;

class ToolTest {
    record Add(@JsonPropertyDescription("the first summand") int a, int b) {}

    record Sum(int sum) {}

    enum Unit {
        METRIC,
        IMPERIAL
    }

    record Everything(
            @McpHeader("Region") String region,
            @Minimum(0) @Maximum(1.5) double share,
            @Size(min = 1, max = 3) List<String> tags,
            @Size(min = 2) @Matches("^[a-z]+$") String word,
            @Default("10") int limit,
            @Default("\"METRIC\"") Unit unit,
            @Nullable String note,
            Optional<Sum> sum,
            Map<String, Integer> counts,
            @Nullable Long big) {}

    @Test
    void aRecordIsReadAndARecordIsStructured() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("add")
                .title("Add")
                .description("Adds two numbers")
                .annotations(ToolAnnotations.readOnly())
                .input(Add.class)
                .output(Sum.class)
                .inline()
                .handle((args, _) -> new Sum(args.a() + args.b())))) {
            var heard = host.tool("add", "{\"a\":2,\"b\":3}");

            assertThat(heard.result()).isEqualTo(Host.json("""
                            {"resultType":"complete","content":[{"type":"text","text":"{\\"sum\\":5}"}],"structuredContent":{"sum":5}}"""));
            assertThat(host.runner.inline("add")).isTrue();
            assertThat(host.list(CatalogueList.TOOLS)).isEqualTo(Host.json("""
                            {"resultType":"complete","tools":[{"name":"add","title":"Add","description":"Adds two numbers",
                             "inputSchema":{"type":"object","properties":{"a":{"type":"integer","description":"the first summand"},"b":{"type":"integer"}},
                               "required":["a","b"],"additionalProperties":false},
                             "outputSchema":{"type":"object","properties":{"sum":{"type":"integer"}},"required":["sum"],"additionalProperties":false},
                             "annotations":{"readOnlyHint":true}}],"ttlMs":0,"cacheScope":"private"}"""));
        }
    }

    @Test
    void theDerivedSchemaSaysAllThatTheRecordSays() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("all").input(Everything.class).handle((args, _) -> args.toString()))) {
            var schema = host.list(CatalogueList.TOOLS).at("/tools/0/inputSchema");

            assertThat(schema).isEqualTo(Host.json("""
                            {"type":"object","properties":{
                              "region":{"type":"string","x-mcp-header":"Region"},
                              "share":{"type":"number","minimum":0,"maximum":1.5},
                              "tags":{"type":"array","items":{"type":"string"},"minItems":1,"maxItems":3},
                              "word":{"type":"string","minLength":2,"pattern":"^[a-z]+$"},
                              "limit":{"type":"integer","default":10},
                              "unit":{"type":"string","enum":["METRIC","IMPERIAL"],"default":"METRIC"},
                              "note":{"type":["string","null"]},
                              "sum":{"type":["object","null"],"properties":{"sum":{"type":"integer"}},"required":["sum"],"additionalProperties":false},
                              "counts":{"type":"object","additionalProperties":{"type":"integer"}},
                              "big":{"type":["integer","null"]}},
                             "required":["region","share","tags","word","counts"],"additionalProperties":false}"""));
            assertThat(host.tool(
                                    "all",
                                    "{\"region\":\"eu\",\"share\":1,\"tags\":[\"x\"],\"word\":\"ab\",\"counts\":{\"k\":1}}")
                            .text())
                    .isEqualTo(new Everything(
                                    "eu",
                                    1,
                                    List.of("x"),
                                    "ab",
                                    10,
                                    Unit.METRIC,
                                    null,
                                    Optional.empty(),
                                    Map.of("k", 1),
                                    null)
                            .toString());
        }
    }

    @Test
    void argumentsThatDoNotFitAreListedWithPlaceAndValue() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("all").input(Everything.class).handle((args, _) -> args.toString()))) {
            var heard = host.tool(
                    "all",
                    "{\"region\":7,\"share\":2,\"tags\":[],\"word\":\"A\",\"counts\":{\"k\":\"1\"},\"more\":null}");

            assertThat(heard.isError()).isTrue();
            assertThat(heard.result().path("content").size()).isEqualTo(1);
            assertThat(heard.text())
                    .startsWith("Invalid arguments for tool all:\n")
                    .contains(
                            "at /region: ",
                            "(got 7)",
                            "at /share: ",
                            "(got 2)",
                            "at /tags: ",
                            "at /word: ",
                            "(got \"A\")",
                            "at /counts/k: ",
                            "(got \"1\")",
                            "more");
        }
    }

    @Test
    void nothingIsCoerced() throws Exception {
        try (var host = Host.of(mcp -> {
            mcp.tool("add").input(Add.class).handle((args, _) -> args.a() + args.b());
        })) {
            for (var bad : List.of(
                    "{\"a\":\"1\",\"b\":1}",
                    "{\"a\":1.5,\"b\":1}",
                    "{\"a\":null,\"b\":1}",
                    "{\"a\":true,\"b\":1}",
                    "{\"b\":1}",
                    "{\"a\":1,\"b\":1,\"c\":1}",
                    "[]",
                    "null",
                    "7",
                    "{\"a\":3000000000,\"b\":1}",
                    "{\"a\":1,\"a\":2,\"b\":1}"))
                assertThat(host.tool("add", bad).isError()).as(bad).isTrue();
            assertThat(host.tool("add", "{\"a\":1.0,\"b\":2e0}").text())
                    .as("JSON Schema: these are integers")
                    .isEqualTo("3");
            assertThat(host.tool("add", "{\"a\":3000000000,\"b\":1}").text()).contains("at /a: ", "(got 3000000000)");
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // tenants may
    record Times(Instant at, LocalDate day, Duration length, JsonNode any, byte[] raw, Set<Unit> units) {}

    @Test
    void timesTreesAndBytesAreReadAndWrittenAsTheirSchemaSays() throws Exception {
        try (var host = Host.of(
                mcp -> mcp.tool("t").input(Times.class).output(Times.class).handle((args, _) -> args))) {
            var document =
                    "{\"at\":\"2026-07-28T00:00:00Z\",\"day\":\"2026-07-28\",\"length\":\"PT1S\",\"any\":{\"x\":[1,null]},\"raw\":\"AQI=\",\"units\":[\"METRIC\"]}";

            assertThat(host.list(CatalogueList.TOOLS).at("/tools/0/inputSchema/properties"))
                    .isEqualTo(Host.json("""
                                    {"at":{"type":"string","format":"date-time"},"day":{"type":"string","format":"date"},"length":{"type":"string","format":"duration"},
                                     "any":{},"raw":{"type":"string","contentEncoding":"base64"},"units":{"type":"array","items":{"type":"string","enum":["METRIC","IMPERIAL"]}}}"""));
            assertThat(host.tool("t", document).result().path("structuredContent"))
                    .isEqualTo(Host.json(document));
            assertThat(host.tool("t", document.replace("\"2026-07-28T00:00:00Z\"", "5"))
                            .isError())
                    .isTrue();
            assertThat(host.tool("t", document.replace("T00", "X00")).text()).contains("at /at: ");
        }
    }

    record Range(int low, int high) {
        Range {
            if (low > high) throw new IllegalArgumentException("low must not exceed high");
        }
    }

    @Test
    void whatARecordRefusesItselfIsAViolationToo() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("range").input(Range.class).handle((args, _) -> "ok"))) {
            assertThat(host.tool("range", "{\"low\":2,\"high\":1}").text()).contains("low must not exceed high");
        }
    }

    @Test
    void everyKindOfReturnValueBecomesAResult() throws Exception {
        try (var host = Host.of(mcp -> {
            mcp.tool("text").handle((_, _) -> "a \"quoted\" ü\n");
            mcp.tool("number").handle((_, _) -> 42);
            mcp.tool("block").handle((_, _) -> Content.image(new byte[] {1, 2}, "image/png"));
            mcp.tool("blocks").handle((_, _) -> List.of(Content.text("a"), Content.link("x:y", "y")));
            mcp.tool("record").handle((_, _) -> new Sum(1));
            mcp.tool("whole").respond((_, _) -> ToolResult.error("no").withStructured(Map.of("why", "x")));
            mcp.tool("null").handle((_, _) -> nothing());
        })) {
            assertThat(host.tool("text", "{}").text()).isEqualTo("a \"quoted\" ü\n");
            assertThat(host.tool("number", "{}").text()).isEqualTo("42");
            assertThat(host.tool("block", "{}").result().path("content"))
                    .isEqualTo(Host.json("[{\"type\":\"image\",\"data\":\"AQI=\",\"mimeType\":\"image/png\"}]"));
            assertThat(host.tool("blocks", "{}").result().path("content"))
                    .isEqualTo(
                            Host.json(
                                    "[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"resource_link\",\"uri\":\"x:y\",\"name\":\"y\"}]"));
            assertThat(host.tool("record", "{}").result().path("structuredContent"))
                    .isEqualTo(Host.json("{\"sum\":1}"));
            assertThat(host.tool("whole", "{}").result())
                    .isEqualTo(
                            Host.json(
                                    "{\"resultType\":\"complete\",\"content\":[{\"type\":\"text\",\"text\":\"no\"}],\"structuredContent\":{\"why\":\"x\"},\"isError\":true}"));
            assertThat(host.tool("null", "{}").isError()).isTrue();
        }
    }

    @SuppressWarnings("NullAway") // a tenant without NullAway
    private static Object nothing() {
        return null;
    }

    record Share(@Maximum(1) double share) {}

    @Test
    void aResultThatDoesNotFitItsOutputSchemaIsAnError() throws Exception {
        try (var host = Host.of(mcp -> {
            mcp.tool("much").output(Share.class).handle((_, _) -> new Share(2));
            mcp.tool("nan").output(Share.class).handle((_, _) -> new Share(Double.NaN));
            mcp.tool("none").output(Share.class).respond((_, _) -> ToolResult.text("x"));
            mcp.tool("said").output(Share.class).respond((_, _) -> ToolResult.error("x"));
        })) {
            assertThat(host.tool("much", "{}").isError()).isTrue();
            assertThat(host.tool("much", "{}").text()).contains("outputSchema", "at /share: ", "2.0");
            assertThat(host.tool("nan", "{}").isError()).isTrue();
            assertThat(host.tool("none", "{}").text()).contains("structured content is missing");
            assertThat(host.tool("said", "{}").text()).isEqualTo("x");
        }
    }

    @Test
    void aThrowIsAnErrorResultWithItsMessageOnly() throws Exception {
        try (var host = Host.of(mcp -> {
            mcp.tool("throws").handle((_, _) -> {
                throw new java.io.IOException("disk is full");
            });
            mcp.tool("mute").handle((_, _) -> {
                throw new IllegalStateException();
            });
            mcp.tool("deep").handle((_, _) -> deeper(0));
            mcp.tool("protocol").handle((_, _) -> {
                throw new ProtocolError(-1234, "mine", Host.json("{\"x\":1}"));
            });
        })) {
            assertThat(host.tool("throws", "{}").isError()).isTrue();
            assertThat(host.tool("throws", "{}").text()).isEqualTo("disk is full");
            assertThat(host.tool("mute", "{}").text()).isEqualTo("IllegalStateException");
            assertThat(host.tool("deep", "{}").text()).isEqualTo("StackOverflowError");
            assertThat(host.failures).hasSize(4);
            var heard = host.tool("protocol", "{}");
            assertThat(heard.code).isEqualTo(-1234);
            assertThat(heard.message).isEqualTo("mine");
            assertThat(heard.data()).isEqualTo(Host.json("{\"x\":1}"));
        }
    }

    @SuppressWarnings("InfiniteRecursion")
    private static int deeper(int depth) {
        return deeper(depth + 1) + 1;
    }

    @Test
    void anUnknownToolIsNamed() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("a").handle((_, _) -> "x"))) {
            var heard = host.tool("b", "{}");

            assertThat(heard.code).isEqualTo(-32602);
            assertThat(heard.message).contains("b");
            assertThat(host.run(Host.RequestOf.of("prompts/get", "name", "p")).code)
                    .isEqualTo(-32601);
            assertThat(host.run(Host.RequestOf.of("tasks/get", "name", "p")).code)
                    .isEqualTo(-32601);
        }
    }

    @Test
    void missingArgumentsAreAnEmptyObject() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("a").handle((args, _) -> args.toString()))) {
            assertThat(host.run(Host.RequestOf.of("tools/call", "name", "a")).text())
                    .isEqualTo("{}");
            assertThat(host.tool("a", "{\"x\":1}").isError()).isTrue();
        }
    }

    @Test
    void progressGrowsOrIsDropped() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("a").handle((_, call) -> {
            call.progress(1, 3, "one");
            call.progress(1, 3);
            call.progress(Double.NaN);
            call.progress(2);
            return "x";
        }))) {
            assertThat(host.run(Host.RequestOf.tool("a", "{}").progress()).events)
                    .containsExactly("progress 1.0 3.0 one", "progress 2.0 null null", "complete");
            assertThat(host.tool("a", "{}").events).containsExactly("complete");
        }
    }

    @Test
    void logsGoOutAtTheLevelAskedForAndNotWithoutOne() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("a").handle((_, call) -> {
            call.log(LogLevel.INFO, "quiet");
            call.log(LogLevel.WARNING, "db", Map.of("ms", 5));
            call.closeStream(java.time.Duration.ofMillis(100));
            return call.logs(LogLevel.ERROR);
        }))) {
            var request = Host.RequestOf.tool("a", "{}");
            var level = "io.modelcontextprotocol/logLevel";
            assertThat(host.run(request.meta(level, "\"warning\"")).events)
                    .containsExactly("log warning db {\"ms\":5}", "closeStream 100", "complete");
            assertThat(host.run(request).events).containsExactly("closeStream 100", "complete");
            assertThat(host.run(request.meta(level, "\"loud\"")).code).isEqualTo(-32602);
        }
    }
}
