package smcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResultPartsTest {
    private static final Json INFO = Json.of("{\"name\":\"n\"}");
    private static final String STAMP = "\"io.modelcontextprotocol/serverInfo\":{\"name\":\"n\"}";

    /** In the middle of other bytes, as it stands in an engine's line. */
    private static ResultParts of(String result) {
        var around = ("é😀" + result + "é").getBytes(StandardCharsets.UTF_8);
        return ResultParts.of(Json.slice(around, 6, around.length - 2));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{} | {\"resultType\":\"complete\",\"_meta\":{@}}",
                "{ } | {\"resultType\":\"complete\",\"_meta\":{@} }",
                "{\"resultType\":\"complete\"} | {\"_meta\":{@},\"resultType\":\"complete\"}",
                "{\"content\":[]} | {\"resultType\":\"complete\",\"_meta\":{@},\"content\":[]}",
                "{\"_meta\":{},\"resultType\":\"complete\"} | {\"_meta\":{@},\"resultType\":\"complete\"}",
                "{\"_meta\" : { \"é\":1},\"resultType\":\"complete\"} | {\"_meta\" : {@, \"é\":1},\"resultType\":\"complete\"}",
                "{\"\\u005fmeta\":{\"a\":1},\"resultType\":\"complete\"} | {\"\\u005fmeta\":{@,\"a\":1},\"resultType\":\"complete\"}",
                "{\"a\":\"😀\",\"_meta\":{}} | {\"resultType\":\"complete\",\"a\":\"😀\",\"_meta\":{@}}",
                "{\"a\":{\"_meta\":{}}} | {\"resultType\":\"complete\",\"_meta\":{@},\"a\":{\"_meta\":{}}}",
                "{\"resultType\":\"complete\",\"_meta\":null} | {\"_meta\":{@},\"resultType\":\"complete\"}",
                "{\"_meta\":null} | {\"resultType\":\"complete\",\"_meta\":{@}}",
                "{\"_meta\":1,\"_meta\":{\"a\":1},\"_meta\":[2]} | {\"resultType\":\"complete\",\"_meta\":{@,\"a\":1}}",
                "{\"resultType\":5} | {\"resultType\":\"complete\",\"_meta\":{@}}",
                "{\"_meta\":{ \"io.modelcontextprotocol/serverInfo\":1 , \"io.modelcontextprotocol/serverInfo\":2 },\"resultType\":\"complete\"} | {\"_meta\":{@  },\"resultType\":\"complete\"}",
                "{\"_meta\":5,\"resultType\":\"complete\",\"a\":1} | {\"_meta\":{@},\"resultType\":\"complete\",\"a\":1}",
                "{\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"forged\"}},\"resultType\":\"complete\"} | {\"_meta\":{@},\"resultType\":\"complete\"}",
                "{\"_meta\":{\"a\":1,\"io.modelcontextprotocol/server\\u0049nfo\":1,\"b\":2},\"resultType\":\"complete\"} | {\"_meta\":{@,\"a\":1,\"b\":2},\"resultType\":\"complete\"}",
            })
    void aResultIsStampedWithTheServersIdentity(String result, String stamped) {
        assertThat(of(result).stamped(INFO).text()).isEqualTo(stamped.replace("@", STAMP));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{} | {}",
                "{\"resultType\":\"complete\"} | {}",
                "{\"resultType\":\"complete\",\"content\":[]} | {\"content\":[]}",
                "{\"content\":[],\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"} | {\"content\":[]}",
                "{\"ttlMs\":0,\"tools\":[],\"cacheScope\":\"private\",\"nextCursor\":\"é\",\"resultType\":\"complete\"} | {\"tools\":[],\"nextCursor\":\"é\"}",
                "{\"content\":[],\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}} | {\"content\":[]}",
                "{\"content\":[],\"_meta\":{\"a\":1,\"io.modelcontextprotocol/serverInfo\":{},\"b\":2},\"x\":1} | {\"content\":[],\"_meta\":{\"a\":1,\"b\":2},\"x\":1}",
                "{\"resultType\":\"complete\",\"_meta\":{\"io.modelcontextprotocol/x\":{},\"b\":2}} | {\"_meta\":{\"b\":2}}",
                "{\"_meta\":{\"b\":2,\"io.modelcontextprotocol/x\":{}},\"resultType\":\"complete\"} | {\"_meta\":{\"b\":2}}",
                "{\"_meta\":{},\"content\":[]} | {\"content\":[]}",
                "{\"_meta\":5,\"content\":[]} | {\"content\":[]}",
                "{\"\\u0072esultType\":\"complete\",\"structuredContent\":{\"resultType\":1,\"ttlMs\":2}} | {\"structuredContent\":{\"resultType\":1,\"ttlMs\":2}}",
            })
    void aLegacyClientSeesNothingItsRevisionDoesNotKnow(String result, String legacy) {
        assertThat(of(result).legacy().text()).isEqualTo(legacy);
    }

    @Test
    void thePartsOfAQuestionAreFound() {
        var parts = of(
                "{\"requestState\":\"s\\u00e9\",\"inputRequests\": {\"k\":{\"method\":\"é\"}} ,\"resultType\":\"input_required\"}");
        assertThat(parts.type()).isEqualTo("input_required");
        assertThat(parts.inputRequests()).isEqualTo(Json.of("{\"k\":{\"method\":\"é\"}}"));
        assertThat(parts.requestState()).isEqualTo(Json.of("\"s\\u00e9\""));
        assertThat(of("{\"resultType\":5}").type()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "null", "5", "\"text\"", "{", "{\"a\":}", ""})
    void whatIsNoObjectIsRefused(String result) {
        assertThatThrownBy(() -> of(result)).isInstanceOf(IllegalArgumentException.class);
    }
}
