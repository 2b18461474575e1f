package smcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderValueTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "weather|weather",
                " \tweather \t|weather",
                "a b\tc|a b\tc",
                "=?base64?aGk=?=|hi",
                "  =?base64?w6nwn5iA?= |é😀",
                "=?base64?ICBhICA=?=|  a  ",
                "=?base64?=|=?base64?=",
                "=?BASE64?aGk=?=|=?BASE64?aGk=?=",
                "x=?base64?aGk=?=|x=?base64?aGk=?=",
                "=?base64?aGk=|=?base64?aGk=",
                "=?base64?PT9iYXNlNjQ/YUdrPT89?=|=?base64?aGk=?=",
            })
    void aValueIsLiteralUnlessItCarriesBothMarkers(String raw, String value) {
        assertThat(HeaderValue.decode(raw)).isEqualTo(value);
    }

    @Test
    void nothingIsAValueToo() {
        assertThat(HeaderValue.decode("")).isEqualTo("");
        assertThat(HeaderValue.decode("  ")).isEqualTo("");
        assertThat(HeaderValue.decode("=?base64??=")).isEqualTo("");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?base64?aGk?=",
                "=?base64?aGl=?=",
                "=?base64?a?=",
                "=?base64?aG k=?=",
                "=?base64?aGk=aGk=?=",
                "=?base64?aG-_?=",
                "=?base64?/w==?=",
                "=?base64?7aCA?=",
                "=?base64?====?=",
                "é",
                "a\u0000b",
                "a\nb",
                "a\u007f",
                "\u00a0a"
            })
    void whatIsNotCanonicalOrNotAHeadersIsRefused(String raw) {
        assertThat(HeaderValue.decode(raw)).isNull();
    }

    @Test
    void everyByteValueOfATextComesBack() {
        for (var c = 0; c < 0x3000; c++) {
            var text = "a" + (char) c;
            var encoded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            assertThat(HeaderValue.decode("=?base64?" + encoded + "?=")).isEqualTo(text);
        }
    }
}
