package smcp.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
    private static Manifest manifest(@Nullable String websiteUrl) {
        return new Manifest("acme", null, null, null, websiteUrl, EngineKind.JS, "x.mjs", null, null, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://acme.example", "http://acme.example:8080/a?b#c", "HTTPS://acme.example"})
    void aWebsiteIsAWebAddress(String url) {
        assertThat(manifest(url).websiteUrl()).isEqualTo(url);
    }

    @Test
    void aWebsiteNeedNotBe() {
        assertThat(manifest(null).websiteUrl()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "data:text/html,x",
                "file:///etc/passwd",
                "acme.example",
                "https:",
                "https://",
                "http://a b",
                ""
            })
    void whatIsNoWebAddressIsRefusedByName(String url) {
        assertThatThrownBy(() -> manifest(url))
                .hasMessageContaining("websiteUrl")
                .hasMessageContaining("http");
    }
}
