package smcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpliceTest {
    @Test
    void itGrowsAsNeeded() {
        var splice = new Splice(0);
        for (var i = 0; i < 1000; i++) {
            splice.put('[').put(i).put(Json.of("\"é\"")).put(']');
        }
        assertThat(splice.length()).isEqualTo(splice.json().length());
        assertThat(splice.json().text()).startsWith("[0\"é\"][1\"é\"]").endsWith("[999\"é\"]");
        assertThat(new Splice(1).put(Long.MIN_VALUE).json().text()).isEqualTo("-9223372036854775808");
        assertThat(new Splice(1).put(new byte[100_000]).length()).isEqualTo(100_000);
    }

    @Test
    void rangesAreCutOutOfTheMiddleOfAnArray() {
        var bytes = "xx{\"a\":1,\"b\":2}yy".getBytes(StandardCharsets.UTF_8);
        assertThat(Splice.without(Json.slice(bytes, 2, bytes.length - 2), new int[] {3, 9})
                        .text())
                .isEqualTo("{\"b\":2}");
        assertThat(Splice.without(Json.slice(bytes, 2, bytes.length - 2), new int[0])
                        .text())
                .isEqualTo("{\"a\":1,\"b\":2}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                " ~",
                "\u007f",
                "plain until \"here\"",
                "\"\\/",
                "\u0000\u001f\n",
                "é€😀",
                "\u2028",
                "\ud800",
                "a\udc00b",
                "\ud83d",
                "\ude00\ud83d",
                "😀\ud83d"
            })
    void anyStringSurvivesQuoting(String text) throws IOException {
        var quoted = Splice.quote(text);
        assertThat(new ObjectMapper().readTree(quoted).textValue()).isEqualTo(text);
        assertThat(new String(quoted, StandardCharsets.UTF_8)).doesNotContain("\n");
        var put = new Splice(0).put('[').putString(text).put(']').json().text();
        assertThat(new ObjectMapper().readTree(put).get(0).textValue()).isEqualTo(text);
    }
}
