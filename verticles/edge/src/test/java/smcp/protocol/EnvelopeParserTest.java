package smcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.protocol.Malformed.Kind;

class EnvelopeParserTest {
    private static final int DEPTH = 50;
    private static final EnvelopeParser PARSER = new EnvelopeParser(DEPTH);

    private static Envelope parse(String body) {
        try {
            return PARSER.parse(body.getBytes(StandardCharsets.UTF_8));
        } catch (Malformed e) {
            throw new AssertionError(body + ": " + e.message(), e);
        }
    }

    private static Malformed refused(byte[] body) {
        try {
            var _ = PARSER.parse(body);
        } catch (Malformed e) {
            return e;
        }
        throw new AssertionError("accepted: " + new String(body, StandardCharsets.UTF_8));
    }

    private static Malformed refused(String body) {
        return refused(body.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(@Nullable Json json) {
        return Objects.requireNonNull(json).text();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "-17",
                "99999999999999999999999999",
                "1.5",
                "1E+3",
                "\"\"",
                "\"a\"",
                "\"1\"",
                "\"\\u0031\"",
                "\"é\"",
                "\"😀\"",
                "\"\\\"\\\\\""
            })
    void anIdIsKeptAsItStood(String id) {
        var envelope = parse("{\"jsonrpc\":\"2.0\",\"id\" : " + id + " ,\"method\":\"ping\"}");
        assertThat(envelope.kind()).isEqualTo(Envelope.Kind.REQUEST);
        assertThat(text(envelope.id())).isEqualTo(id);
        assertThat(text(parse("{\"jsonrpc\":\"2.0\",\"method\":\"é\",\"id\":" + id + "}")
                        .id()))
                .isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "true", "[1]", "{\"a\":1}"})
    void anIdOfAnotherTypeIsRefused(String id) {
        var refused = refused("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"ping\"}");
        assertThat(refused.kind()).isEqualTo(Kind.NOT_A_MESSAGE);
        assertThat(refused.id()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"\\u0069d\":2,\"method\":\"m\"} | id",
                "{\"jsonrpc\":\"2.0\",\"\\u006asonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"} | jsonrpc",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"meth\\u006fd\":\"n\"} | method",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{},\"params\":{}} | params",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"name\":\"a\",\"n\\u0061me\":\"b\"}} | name",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"name\":1,\"name\":\"b\"}} | name",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"uri\":\"a\",\"uri\":\"b\"}} | uri",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"arguments\":{},\"\\u0061rguments\":{}}} | arguments",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":{},\"\\u005fmeta\":{}}} | _meta",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"cursor\":\"a\",\"cursor\":\"b\"}} | cursor",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"requestState\":\"a\",\"requestState\":\"b\"}} | requestState",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"inputResponses\":{},\"inputResponses\":{}}} | inputResponses",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":{\"progressToken\":1,\"progressToken\":2}}} | progressToken",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"result\":{}} | result",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{},\"error\":{}} | error",
            })
    void aMemberOfTheEnvelopeThatOccursTwiceIsRefusedHoweverItIsSpelled(String body, String member) {
        var refused = refused(body);
        assertThat(refused.message()).isEqualTo(member + " occurs twice");
        assertThat(text(refused.id())).isIn("1", "2");
    }

    @Test
    void theSameNameDeeperDownIsSomethingElse() {
        var envelope = parse(
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"arguments\":{\"name\":\"x\",\"_meta\":{\"progressToken\":1},\"id\":2,\"params\":{}},\"name\":\"tool\"}}");
        assertThat(envelope.name()).isEqualTo("tool");
        assertThat(envelope.meta()).isNull();
        assertThat(text(envelope.plainParams())).isEqualTo(text(envelope.params()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"_meta\":{},\"a\":1} | {\"a\":1}",
                "{\"a\":1,\"_meta\":{}} | {\"a\":1}",
                "{\"a\":1,\"_meta\":{},\"b\":2} | {\"a\":1,\"b\":2}",
                "{\"_meta\":{}} | {}",
                "{\"_meta\":{},\"requestState\":\"s\",\"inputResponses\":{}} | {}",
                "{\"requestState\":\"s\",\"a\":1,\"_meta\":{},\"inputResponses\":{}} | {\"a\":1}",
                "{\"_meta\":{},\"requestState\":\"s\",\"a\":1} | {\"a\":1}",
                "{\"a\":1,\"_meta\":{},\"requestState\":\"s\",\"b\":2,\"inputResponses\":{}} | {\"a\":1,\"b\":2}",
                "{ \"a\" : 1 , \"_meta\" : { } } | { \"a\" : 1 }",
                "{\"é😀\":\"ü\",\"_meta\":{\"x\":\"😀\"},\"b\":\"é\"} | {\"é😀\":\"ü\",\"b\":\"é\"}",
                "{\"\\u005fmeta\":{\"progressToken\":1},\"a\":1} | {\"a\":1}",
                "{\"a\":{\"_meta\":{}},\"_meta\":{\"_meta\":{\"_meta\":1}}} | {\"a\":{\"_meta\":{}}}",
                "{\"_meta\":\"no object\"} | refused",
            })
    void ourMembersAreCutOutWhereverTheyStand(String params, String plain) {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":" + params + "}";
        if (plain.equals("refused")) {
            assertThat(refused(body).kind()).isEqualTo(Kind.BAD_PARAMS);
        } else {
            assertThat(text(parse(body).plainParams())).isEqualTo(plain);
        }
    }

    @Test
    void metaIsTakenApart() {
        var meta = Objects.requireNonNull(parse("""
                        {"jsonrpc":"2.0","id":1,"method":"m","params":{"_meta":{"progress\\u0054oken" : "1","io.modelcontextprotocol/protocolVersion":"2026-07-28",
                        "io.modelcontextprotocol/clientCapabilities":{"a":{}},"io.modelcontextprotocol/logLevel":"info","traceparent":"tp","smcp/call":7,"com.example/é":[1, "😀"],"io.modelcontextprotocol/new":1}}}""").meta());
        assertThat(text(meta.progressToken())).isEqualTo("\"1\"");
        assertThat(text(meta.protocolVersion())).isEqualTo("\"2026-07-28\"");
        assertThat(text(meta.clientCapabilities())).isEqualTo("{\"a\":{}}");
        assertThat(text(meta.logLevel())).isEqualTo("\"info\"");
        assertThat(meta.clientInfo()).isNull();
        assertThat(meta.traceparent()).isEqualTo("tp");
        assertThat(meta.foreign())
                .extracting(Json::text)
                .containsExactly(
                        "\"traceparent\":\"tp\"", "\"com.example/é\":[1, \"😀\"]", "\"io.modelcontextprotocol/new\":1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.5", "\"t\"", "\"\"", "null", "true", "{}", "[0]"})
    void aProgressTokenKeepsItsType(String token) {
        var envelope = parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":{\"progressToken\":"
                + token + "}}}");
        assertThat(text(Objects.requireNonNull(envelope.meta()).progressToken()))
                .isEqualTo(token);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "^^ | NOT_JSON",
                "^   ^ | NOT_JSON",
                "{ | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}} | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"} {} | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}x | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",} | NOT_JSON",
                "{'jsonrpc':'2.0'} | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"m\"} | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":NaN,\"method\":\"m\"} | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\":tru}} | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"a\":\"\\x\"}} | NOT_JSON",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}// | NOT_JSON",
                "null | NOT_A_MESSAGE",
                "\"text\" | NOT_A_MESSAGE",
                "17 | NOT_A_MESSAGE",
                "{} | NOT_A_MESSAGE",
                "{\"id\":1,\"method\":\"m\"} | NOT_A_MESSAGE",
                "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"m\"} | NOT_A_MESSAGE",
                "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"m\"} | NOT_A_MESSAGE",
                "{\"jsonrpc\":{\"a\":[\"2.0\"]},\"id\":1,\"method\":\"m\"} | NOT_A_MESSAGE",
                "{\"jsonrpc\":\"2.0\",\"id\":1} | NOT_A_MESSAGE",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":{\"a\":1}} | NOT_A_MESSAGE",
                "{\"jsonrpc\":\"2.0\",\"result\":{}} | NOT_A_MESSAGE",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{},\"error\":{}} | NOT_A_MESSAGE",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":[1,2]} | BAD_PARAMS",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":null} | BAD_PARAMS",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"_meta\":[1]}} | BAD_PARAMS",
            })
    void whatIsNoMessageIsRefused(String body, Kind kind) {
        assertThat(refused(body).kind()).as(body).isEqualTo(kind);
    }

    @Test
    void theIdIsFoundThoughItStandsBehindWhatIsWrong() {
        var refused = refused("{\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":[1,{\"id\":5}],\"id\":\"é\"}");
        assertThat(text(refused.id())).isEqualTo("\"é\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c3 28",
                "a0",
                "e2 82",
                "f0 28 8c bc",
                "c0 af",
                "ed a0 80",
                "f4 90 80 80",
                "fe",
                "e0 80 af",
                "f8 88 80 80 80"
            })
    void badUtf8IsRefusedWhereverItStands(String hex) {
        for (var around : new String[] {
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"arguments\":{\"a\":\"@\"}}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"@\":1}}",
            "{\"jsonrpc\":\"2.0\",\"id\":\"@\",\"method\":\"m\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}@"
        }) {
            assertThat(refused(with(around, hex)).kind()).isEqualTo(Kind.NOT_JSON);
        }
    }

    private static byte[] with(String around, String hex) {
        var at = around.indexOf('@');
        var bad = HexFormat.ofDelimiter(" ").parseHex(hex);
        return new Splice(around.length())
                .put(around.substring(0, at).getBytes(StandardCharsets.UTF_8))
                .put(bad)
                .put(around.substring(at + 1).getBytes(StandardCharsets.UTF_8))
                .json()
                .copy();
    }

    @Test
    void aByteOrderMarkOrAnotherEncodingIsRefused() {
        var body = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\"}";
        assertThat(refused("\uFEFF" + body).kind()).isEqualTo(Kind.NOT_JSON);
        assertThat(refused(body.getBytes(StandardCharsets.UTF_16)).kind()).isEqualTo(Kind.NOT_JSON);
        assertThat(refused(body.getBytes(StandardCharsets.UTF_16LE)).kind()).isEqualTo(Kind.NOT_JSON);
    }

    @Test
    void nestingHasItsBoundAndItsMessage() {
        var start = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"arguments\":";
        assertThat(parse(start + "[".repeat(DEPTH - 2) + "]".repeat(DEPTH - 2) + "}}")
                        .arguments())
                .isNotNull();
        assertThat(refused(start + "[".repeat(DEPTH - 1) + "]".repeat(DEPTH - 1) + "}}")
                        .message())
                .contains("deeper than " + DEPTH);
        assertThat(refused("[".repeat(1_000_000)).message()).contains("deeper than " + DEPTH);
        assertThat(refused("{\"a\":".repeat(1_000_000)).message()).contains("deeper than " + DEPTH);
        assertThat(refused(start + "1".repeat(1001) + "}}").message()).contains("1000 digits");
    }

    @Test
    void aBatchIsSeenAndNotLookedInto() {
        assertThat(parse(" [{\"id\":1},2]").kind()).isEqualTo(Envelope.Kind.BATCH);
        assertThat(parse("[]").kind()).isEqualTo(Envelope.Kind.BATCH);
        assertThat(refused("[1").kind()).isEqualTo(Kind.NOT_JSON);
    }

    @Test
    void answersAndNotificationsAreToldApart() {
        assertThat(parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}").kind()).isEqualTo(Envelope.Kind.RESPONSE);
        assertThat(parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"code\":1}}")
                        .kind())
                .isEqualTo(Envelope.Kind.RESPONSE);
        assertThat(parse("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}").kind())
                .isEqualTo(Envelope.Kind.NOTIFICATION);
    }

    @Test
    void aLongStringIsNoLimit() {
        var text = "\"" + "é".repeat(3_000_000) + "\"";
        assertThat(parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"m\",\"params\":{\"arguments\":" + text + "}}")
                        .arguments())
                .isEqualTo(Json.of(text));
    }
}
