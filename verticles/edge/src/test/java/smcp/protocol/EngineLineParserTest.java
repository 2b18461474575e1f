package smcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EngineLineParserTest {
    private static final EngineLineParser PARSER = new EngineLineParser();

    private static EngineLine parse(String line) {
        try {
            return PARSER.parse(line.getBytes(StandardCharsets.UTF_8));
        } catch (Malformed e) {
            throw new AssertionError(line + ": " + e.message(), e);
        }
    }

    private static Malformed refused(byte[] line) {
        try {
            var _ = PARSER.parse(line);
        } catch (Malformed e) {
            return e;
        }
        throw new AssertionError("accepted: " + new String(line, StandardCharsets.UTF_8));
    }

    private static String text(@Nullable Json json) {
        return Objects.requireNonNull(json).text();
    }

    @Test
    void anAnswerIsReadInOnePass() {
        var line = parse(
                " {\"é\":1,\"result\": {\"content\":[{\"resultType\":\"x\"}],\"result\\u0054ype\":\"complete\"} ,\"id\":7 }");
        assertThat(text(line.id())).isEqualTo("7");
        assertThat(text(line.result()))
                .isEqualTo("{\"content\":[{\"resultType\":\"x\"}],\"result\\u0054ype\":\"complete\"}");
        assertThat(line.resultType()).isEqualTo("complete");
        assertThat(line.isError()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "5", "\"é\"", "[1,{\"resultType\":\"complete\"}]", "true", "{}"})
    void aResultMayBeAnything(String result) {
        assertThat(text(parse("{\"id\":1,\"result\":" + result + "}").result())).isEqualTo(result);
        assertThat(text(parse("{\"result\":" + result + ",\"id\":1}").result())).isEqualTo(result);
        assertThat(parse("{\"id\":1,\"result\":" + result + "}").resultType()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"code\":-32602,\"message\":\"né\",\"data\":{\"a\":[1]}} | -32602 | né | {\"a\":[1]}",
                "{\"data\":null} | -32603 | the tenant's server gave no message | null",
                "{\"code\":\"5\",\"message\":7} | -32603 | the tenant's server gave no message |",
                "{\"code\":99999999999999999999} | -32603 | the tenant's server gave no message |",
                "{\"code\":1.5} | -32603 | the tenant's server gave no message |",
                "\"just text\" | -32603 | the tenant's server gave no message |",
                "null | -32603 | the tenant's server gave no message |",
                "[{\"code\":3}] | -32603 | the tenant's server gave no message |",
            })
    void anErrorIsReadWhateverItLooksLike(String error, int code, String message, @Nullable String data) {
        var line = parse("{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":" + error + "}");
        assertThat(line.isError()).isTrue();
        assertThat(line.errorCode()).isEqualTo(code);
        assertThat(line.errorMessage()).isEqualTo(message);
        assertThat(line.errorData() == null ? null : text(line.errorData())).isEqualTo(data);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"progressToken\":7,\"progress\":1} | {\"progressToken\":\"t\",\"progress\":1}",
                "{\"progress\":1, \"progressToken\" : 7 } | {\"progress\":1, \"progressToken\" : \"t\" }",
                "{\"progressToken\":7,\"_meta\":{\"smcp/call\":7},\"message\":\"é\"} | {\"progressToken\":\"t\",\"message\":\"é\"}",
                "{\"_meta\":{\"smcp/call\":7},\"progressToken\":7} | {\"progressToken\":\"t\"}",
                "{\"message\":\"é😀\",\"_meta\":{\"a\":1,\"smcp/call\":7,\"b\":2},\"progressToken\":7} | {\"message\":\"é😀\",\"_meta\":{\"a\":1,\"b\":2},\"progressToken\":\"t\"}",
                "{\"progressToken\":7,\"_meta\":{\"smcp/call\":7,\"b\":2}} | {\"progressToken\":\"t\",\"_meta\":{\"b\":2}}",
                "{\"progressToken\":7,\"_meta\":{\"b\":2,\"smcp\\u002fcall\":7}} | {\"progressToken\":\"t\",\"_meta\":{\"b\":2}}",
                "{\"a\":{\"progressToken\":1},\"progressToken\":7} | {\"a\":{\"progressToken\":1},\"progressToken\":\"t\"}",
            })
    void aNoticeCarriesTheClientsTokenAndNothingOfOurs(String params, String expected) {
        var line = parse("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":" + params + "}");
        assertThat(line.paramsFor(Json.of("\"t\"")).text()).isEqualTo(expected);
        assertThat(text(line.progressToken())).isEqualTo("7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{\"level\":\"info\",\"data\":1,\"_meta\":{\"smcp/call\":7}} | {\"level\":\"info\",\"data\":1}",
                "{\"_meta\":{\"smcp/call\":7}} | {}",
                "{\"_meta\":{}, \"a\":1} | {\"_meta\":{}, \"a\":1}",
                "{\"_meta\":5} | {\"_meta\":5}",
                "{\"data\":{\"_meta\":{\"smcp/call\":1}}} | {\"data\":{\"_meta\":{\"smcp/call\":1}}}",
            })
    void withoutATokenOnlyOurMemberGoes(String params, String expected) {
        var line = parse("{\"method\":\"notifications/message\",\"params\":" + params + "}");
        assertThat(line.paramsFor(null).text()).isEqualTo(expected);
    }

    @Test
    void theNumbersOfANoticeAreKeptAsTheyStand() {
        var line = parse(
                "{\"method\":\"n\",\"params\":{\"progress\":1.50,\"level\":\"info\",\"retryMs\":3e2,\"uri\":\"\\u0061\",\"_meta\":{\"smcp/call\":\"x\"}}}");
        assertThat(text(line.progress())).isEqualTo("1.50");
        assertThat(text(line.level())).isEqualTo("\"info\"");
        assertThat(text(line.retryMs())).isEqualTo("3e2");
        assertThat(line.uri()).isEqualTo("a");
        assertThat(text(line.call())).isEqualTo("\"x\"");
        assertThat(parse("{\"method\":\"n\"}").paramsFor(null)).isEqualTo(Json.EMPTY_OBJECT);
        assertThat(parse("{\"method\":\"n\",\"params\":[1]}").params()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"result\":{},\"result\":{}}",
                "{\"id\":1,\"result\":{\"resultType\":\"complete\",\"resultType\":\"input_required\"}}",
                "{\"id\":1,\"error\":{},\"error\":{}}",
                "{\"id\":1,\"method\":\"a\",\"method\":\"b\"}",
                "{\"id\":1,\"method\":\"n\",\"params\":{\"progressToken\":1,\"progressToken\":2}}",
                "{\"id\":1,\"method\":\"n\",\"params\":{\"_meta\":{\"smcp/call\":1,\"smcp/call\":2}}}",
                "{\"id\":1,\"method\":\"n\",\"params\":{\"_meta\":{},\"_meta\":{}}}",
                "{\"id\":1,\"result\":{},\"error\":{}}",
                "{\"id\":1,\"result\":{}",
                "{\"id\":1,\"result\":{}}}",
                "{\"id\":1}",
            })
    void whatCannotBeReadInOnlyOneWayIsRefusedWithItsId(String line) {
        assertThat(text(refused(line.getBytes(StandardCharsets.UTF_8)).id())).isIn("1", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "[]",
                "null",
                "5",
                "Hello",
                "{}",
                "{\"result\":{}}",
                "{\"error\":{}}",
                "\u0000",
                "\uFEFF{}"
            })
    void whatIsNoMessageIsRefused(String line) {
        assertThat(refused(line.getBytes(StandardCharsets.UTF_8)).id()).isNull();
    }

    @Test
    void badUtf8AndBottomlessNestingAreRefused() {
        var line = "{\"id\":1,\"result\":{\"a\":\"@\"}}".getBytes(StandardCharsets.ISO_8859_1);
        line[new String(line, StandardCharsets.ISO_8859_1).indexOf('@')] = (byte) 0xff;
        assertThat(refused(line).message()).contains("UTF-8");
        var deep = "{\"id\":1,\"result\":" + "[".repeat(100_000);
        assertThat(text(refused(deep.getBytes(StandardCharsets.UTF_8)).id())).isEqualTo("1");
    }
}
