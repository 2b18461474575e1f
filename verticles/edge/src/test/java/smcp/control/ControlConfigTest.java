package smcp.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ControlConfigTest {
    private static final Path UPLOADS = Path.of("uploads");

    @Test
    void theDefaultIsTheLoopback() {
        var config = ControlConfig.defaults(UPLOADS);

        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.port()).isEqualTo(9080);
        assertThat(config.loopback()).isTrue();
    }

    @Test
    void anotherAddressNeedsTheFlagThatSaysItIsInsecure() {
        assertThatThrownBy(() -> config("0.0.0.0", false, 1024, 1))
                .hasMessageContaining("control.host must be a loopback address")
                .hasMessageContaining("0.0.0.0");
        assertThat(config("0.0.0.0", true, 1024, 1).loopback()).isFalse();
        assertThat(config("[::1]", false, 1024, 1).host()).isEqualTo("::1");
        assertThatThrownBy(() -> config("127.0.0.1.evil.example", false, 1024, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void eachBoundIsNamed() {
        assertThatThrownBy(() -> config("localhost", false, 10, 1))
                .hasMessage("control.maxUploadBytes must be 1024 to 4294967296, got 10");
        assertThatThrownBy(() -> config("localhost", false, 1024, 0))
                .hasMessage("control.maxUploads must be 1 to 64, got 0");
        assertThatThrownBy(() -> new ControlConfig("localhost", 1, false, List.of("a/b"), UPLOADS, 1024, 1))
                .hasMessageContaining("control.allowedHosts");
        assertThatThrownBy(() -> new ControlConfig("localhost", 70000, false, List.of(), UPLOADS, 1024, 1))
                .hasMessageContaining("control.port");
    }

    private static ControlConfig config(String host, boolean insecure, long bytes, int uploads) {
        return new ControlConfig(host, 0, insecure, List.of(), UPLOADS, bytes, uploads);
    }
}
