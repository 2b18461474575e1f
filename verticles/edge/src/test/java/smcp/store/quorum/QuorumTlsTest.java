package smcp.store.quorum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static smcp.store.Samples.assertFault;
import static smcp.store.Samples.get;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;
import smcp.store.quorum.QuorumConfig.Tls;
import smcp.testing.SelfSigned;

/** Mutual TLS between members, and what may be configured. */
class QuorumTlsTest {
    @TempDir
    private Path directory;

    private Tls tls(String name) throws IOException {
        var made = SelfSigned.in(directory, name, "ip:127.0.0.1");
        return new Tls(made.cert(), made.cert(), made.key());
    }

    @Test
    void membersOfOneAuthorityWorkTogetherAndAStrangerIsNotHeard() throws IOException {
        var good = tls("good");
        try (var group = new Group(directory, 3, Group.QUICK, good).start("n1", "n2")) {
            get(group.node("n1").create("tenant/a", "{}"));
            group.tls = tls("bad");
            group.open("n3");
            var stranger = group.node("n3");
            assertThat(stranger.live).isEmpty();
            assertFault(stranger.create("tenant/b", "{}"), Kind.STORE_UNAVAILABLE)
                    .hasMessageContaining("1 of its 3 members is here (n3)");
            get(group.node("n2").create("tenant/c", "{}"));
            assertThat(stranger.live).isEmpty();

            group.stop("n3");
            group.tls = good;
            group.start("n3");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(group.node("n3").live).containsOnlyKeys("tenant/a", "tenant/c"));
        }
    }

    @Test
    void whatCannotWorkIsRefusedByName() {
        assertThatThrownBy(() -> QuorumConfig.of(Map.of("a", "10.0.0.1:7000"), null))
                .hasMessageContaining("store.registry.tls");
        assertThatThrownBy(() -> QuorumConfig.of(Map.of("a", "127.0.0.1"), null))
                .hasMessageContaining("host:port");
        assertThatThrownBy(() -> QuorumConfig.of(Map.of("a b", "127.0.0.1:7000"), null))
                .hasMessageContaining("a b");
        assertThatThrownBy(() -> QuorumConfig.of(Map.of(), null)).hasMessageContaining("got 0");
        assertThatThrownBy(
                        () -> QuorumConfig.of(new LinkedHashMap<>(Map.of("a", "[::1]:7000", "b", "[::1]:7000")), null))
                .hasMessageContaining("address of its own");
        var config = QuorumConfig.of(Map.of("a", "localhost:7000"), null);
        assertThatThrownBy(() -> QuorumRegistryStore.of(config, "b", directory)).hasMessageContaining("\"b\"");
    }
}
