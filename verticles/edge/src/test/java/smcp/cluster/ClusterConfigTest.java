package smcp.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClusterConfigTest {
    private static final JsonMapper JSON =
            JsonMapper.builder().addModule(new JavaTimeModule()).build();

    /** The defaults with one thing said otherwise. */
    private static ClusterConfig with(String said) throws JsonProcessingException {
        var whole = JSON.<ObjectNode>valueToTree(ClusterConfig.DEFAULT);
        return JSON.treeToValue(JSON.updateValue(whole, JSON.readTree(said)), ClusterConfig.class);
    }

    @Test
    void theDefaultIsToBeAlone() throws Exception {
        assertThat(ClusterConfig.DEFAULT.enabled()).isFalse();
        assertThat(with("{}")).isEqualTo(ClusterConfig.DEFAULT);
    }

    @Test
    void allThatIsNeededIsAskedForWhenItIsEnabled() throws Exception {
        var members =
                "\"discovery\": {\"members\": [\"10.0.0.1\", \"[fd00::1]:5702\"], \"dns\": null, \"kubernetes\": null}";
        assertThatThrownBy(() -> with("{\"enabled\": true}")).hasMessageContaining("cluster.discovery must have");
        assertThatThrownBy(() -> with("{\"enabled\": true, " + members + "}"))
                .hasMessageContaining("cluster.secret must name");
        assertThatThrownBy(() -> with("{\"enabled\": true, \"secret\": \"s\", " + members + "}"))
                .hasMessageContaining("cluster.tls must name");
        assertThat(with("{\"enabled\": true, \"secret\": \"s\", \"insecurePlaintext\": true, " + members + "}")
                        .enabled())
                .isTrue();
        assertThat(with("{\"enabled\": true, \"secret\": \"s\", \"tls\": \"t\", " + members + "}")
                        .enabled())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"name\": \"A b\"} | cluster.name must match",
                "{\"nodeName\": \"-\"} | cluster.nodeName must match",
                "{\"host\": \"a b\"} | cluster.host must be an address, a name, or a network such as 10.0.0.0/8, got \"a b\"",
                "{\"host\": \"10.0.0.0/33\"} | cluster.host must be",
                "{\"hazelcastPort\": 0} | cluster.hazelcastPort must be 1 to 65535, got 0",
                "{\"busPort\": 70000} | cluster.busPort must be 0 to 65535, got 70000",
                "{\"peerPort\": 5701} | must differ, got 5701, 0 and 5701",
                "{\"acknowledgeWithin\": \"PT5S\"} | cluster.acknowledgeWithin must be longer than cluster.heartbeat.lost (PT5S), got PT5S",
                "{\"leaveWithin\": \"PT0S\"} | cluster.leaveWithin must be PT1S to PT10M, got PT0S",
                "{\"tls\": \"t\", \"insecurePlaintext\": true} | cluster.insecurePlaintext must be false where cluster.tls is given",
                "{\"heartbeat\": {\"interval\": \"PT0.5S\", \"lost\": \"PT5S\", \"faultInterval\": \"PT0.05S\", \"faults\": 1, \"merge\": \"PT10S\"}} | cluster.heartbeat.interval must be PT1S",
                "{\"heartbeat\": {\"interval\": \"PT2S\", \"lost\": \"PT5S\", \"faultInterval\": \"PT0.05S\", \"faults\": 1, \"merge\": \"PT10S\"}} | cluster.heartbeat.lost must be at least three times",
                "{\"heartbeat\": {\"interval\": \"PT1.5S\", \"lost\": \"PT5S\", \"faultInterval\": \"PT0.05S\", \"faults\": 1, \"merge\": \"PT10S\"}} | cluster.heartbeat.interval must be whole seconds",
                "{\"discovery\": {\"members\": [\"a:0\"]}} | cluster.discovery.members must be host, host:port or [IPv6]:port, got \"a:0\"",
                "{\"discovery\": {\"members\": [\"a\"], \"dns\": \"b\"}} | cluster.discovery must have one of members, dns and kubernetes, got more",
                "{\"discovery\": {\"members\": [], \"kubernetes\": {}}} | must have either serviceDns or service, got neither",
                "{\"discovery\": {\"members\": [], \"kubernetes\": {\"serviceDns\": \"a\", \"namespace\": \"b\"}}} | cluster.discovery.kubernetes.namespace must stand with service",
            })
    void aMistakeIsNamedWithItsValue(String said, String words) {
        assertThatThrownBy(() -> with(said)).hasMessageContaining(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.1.2.3",
                "172.31.0.1",
                "192.168.1.1",
                "169.254.0.1",
                "100.127.0.1",
                "::1",
                "fd12::1",
                "fe80::1"
            })
    void privateAddresses(String address) {
        assertThat(BindHost.isPrivate(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "172.32.0.1",
                "100.128.0.1",
                "100.63.0.1",
                "2001:db8::1",
                "192.0.2.1",
                "::ffff:8.8.8.8"
            })
    void publicAddresses(String address) {
        assertThat(BindHost.isPrivate(InetAddress.ofLiteral(address))).isFalse();
    }
}
