package smcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class JsonTextTest {
    @Test
    void aStringIsReadWithAndWithoutEscapes() {
        assertThat(JsonText.string(Json.of("\"2026-07-28\""))).isEqualTo("2026-07-28");
        assertThat(JsonText.string(Json.of("\"\""))).isEmpty();
        assertThat(JsonText.string(Json.of("\"\u00e9\ud83d\ude00\""))).isEqualTo("\u00e9\ud83d\ude00");
        assertThat(JsonText.string(Json.of("\"2026\\u002d07-28\\\"\\\\\""))).isEqualTo("2026-07-28\"\\");
    }

    @Test
    void aStringThatStandsInOtherBytesIsReadAlone() {
        var body = Json.of("[\"a\\n\",\"b\"]").bytes();

        assertThat(JsonText.string(Json.slice(body, 7, 10))).isEqualTo("b");
    }

    @Test
    void whatIsNoStringIsRefused() {
        assertThatThrownBy(() -> JsonText.string(Json.of("17"))).isInstanceOf(IllegalArgumentException.class);
    }
}
