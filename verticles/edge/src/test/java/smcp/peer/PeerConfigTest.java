package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeerConfigTest {
    private static final ObjectMapper JSON = new ObjectMapper().registerModule(new JavaTimeModule());

    @Test
    void everyKeyIsRead() throws Exception {
        var read = JSON.readValue("""
                {"host": "10.0.0.1", "port": 9, "instances": 3, "connections": 4, "connectTimeout": "PT0.5S",
                 "pingEvery": "PT0.25S", "pingWithin": "PT1.5S", "reconnectWithin": "PT5S",
                 "maxFrameBytes": 70000, "maxQueuedBytes": 80000,
                 "tls": {"caFile": "ca.pem", "certFile": "n.pem", "keyFile": "n.key"}}
                """, PeerConfig.class);
        assertThat(read)
                .isEqualTo(new PeerConfig(
                        "10.0.0.1",
                        9,
                        3,
                        new PeerConfig.Tls(Path.of("ca.pem"), Path.of("n.pem"), Path.of("n.key")),
                        4,
                        Duration.ofMillis(500),
                        Duration.ofMillis(250),
                        Duration.ofMillis(1_500),
                        Duration.ofSeconds(5),
                        70_000,
                        80_000));
    }

    @Test
    void whatIsOutOfBoundsIsNamed() {
        assertThatThrownBy(() -> PeerConfig.DEFAULT.at("127.0.0.1", 70_000))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("peer.port must be 0 to 65535, got 70000");
    }
}
