package smcp.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
    private static final Instant NOW = Instant.parse("2026-08-01T00:00:00Z");
    private static final Duration YEAR = Duration.ofDays(365);

    @TempDir
    Path directory = Path.of("");

    private Path trust = Path.of("");

    @BeforeEach
    void aDirectory() {
        trust = directory.resolve("trust");
    }

    @Test
    void aNodeGetsAllItNeedsAndNobodyElseCanReadIt() throws Exception {
        var made = Authority.create(trust, "test", NOW)
                .issue(new Authority.Node("n1", List.of("10.1.2.3", "n1.internal", "fd00::1")), YEAR, NOW);

        var tls = NodeTls.read(made.directory(), NOW);
        assertThat(tls.ends()).isEqualTo(NOW.plus(YEAR)).isEqualTo(made.ends());
        assertThat(tls.subject()).contains("CN=n1");
        assertThat(mode(trust.resolve("ca.key"))).isEqualTo("rw-------");
        assertThat(mode(trust.resolve("cluster.secret"))).isEqualTo("rw-------");
        assertThat(mode(trust.resolve("n1/node.key"))).isEqualTo("rw-------");
        assertThat(mode(trust.resolve("n1"))).isEqualTo("rwx------");
        assertThat(trust.resolve("n1/cluster.secret")).hasSameTextualContentAs(trust.resolve("cluster.secret"));
        assertThat(ClusterSecret.read(trust.resolve("n1/cluster.secret")).hazelcastName("test"))
                .matches("smcp-[0-9a-f]{32}")
                .isNotEqualTo(
                        ClusterSecret.read(trust.resolve("cluster.secret")).hazelcastName("other"));

        var certificate = certificate(trust.resolve("n1/node.pem"));
        assertThat(certificate.getSubjectAlternativeNames())
                .extracting(name -> String.valueOf(name.get(1)))
                .containsExactly("n1", "10.1.2.3", "n1.internal", "fd00:0:0:0:0:0:0:1");
        assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
        assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
        assertThat(certificate.getSigAlgName()).isEqualTo("SHA256withECDSA");
        assertThat(certificate(trust.resolve("ca.pem")).getBasicConstraints()).isZero();
    }

    @Test
    void nothingIsOverwritten() throws Exception {
        var authority = Authority.create(trust, "test", NOW);
        var _ = authority.issue(new Authority.Node("n1", List.of()), YEAR, NOW);
        var key = Files.readString(trust.resolve("ca.key"));

        assertThatThrownBy(() -> Authority.create(trust, "test", NOW)).hasMessageContaining("is not empty");
        assertThatThrownBy(() -> authority.issue(new Authority.Node("n1", List.of()), YEAR, NOW))
                .hasMessageContaining("is there already");
        assertThat(trust.resolve("ca.key")).hasContent(key);
    }

    @Test
    void aFurtherNodeIsBelievedByTheFirst() throws Exception {
        var _ = Authority.create(trust, "test", NOW);

        var made = Authority.open(trust).issue(new Authority.Node("n4", List.of()), directory.resolve("n4"), YEAR, NOW);

        assertThat(NodeTls.read(made.directory(), NOW).ends()).isEqualTo(NOW.plus(YEAR));
    }

    @Test
    void aCertificateEndsBeforeItsAuthority() throws Exception {
        var authority = Authority.create(trust, "test", NOW);

        assertThatThrownBy(() -> authority.issue(new Authority.Node("n1", List.of()), Duration.ofDays(3_651), NOW))
                .hasMessageContaining("must end before that of its authority");
        assertThat(trust.resolve("n1")).doesNotExist();
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (var name : List.of("../n1", "", ".n1", "a/b", "a b", "n".repeat(64))) {
            assertThatThrownBy(() -> new Authority.Node(name, List.of())).hasMessageContaining("the name of a node");
        }
        for (var host : List.of("", "a b", "1.2.3.400", "::zz", "a/b")) {
            assertThatThrownBy(() -> new Authority.Node("n", List.of(host))).hasMessageContaining("\"" + host + "\"");
        }
    }

    @Test
    void whatAHandshakeWouldRefuseIsRefusedInWords() throws Exception {
        var authority = Authority.create(trust, "test", NOW);
        var other = Authority.create(directory.resolve("other"), "test", NOW);
        var n1 = authority.issue(new Authority.Node("n1", List.of()), YEAR, NOW).directory();
        var n2 = authority.issue(new Authority.Node("n2", List.of()), YEAR, NOW).directory();
        var stranger =
                other.issue(new Authority.Node("n1", List.of()), YEAR, NOW).directory();

        refused(n1, NOW.plus(YEAR).plusSeconds(1), "is good from");
        refused(n1, NOW.minus(YEAR), "is good from");
        Files.copy(n2.resolve("node.key"), replaced(n1.resolve("node.key")));
        refused(n1, NOW, "is not the key of the certificate");
        Files.copy(stranger.resolve("ca.pem"), replaced(n2.resolve("ca.pem")));
        refused(n2, NOW, "was not made by the authority");
        Files.setPosixFilePermissions(stranger.resolve("node.key"), PosixFilePermissions.fromString("rw-r--r--"));
        refused(stranger, NOW, "can be read or changed by others (mode rw-r--r--)");
        Files.delete(stranger.resolve("node.pem"));
        refused(stranger, NOW, "there is no file");
    }

    private static void refused(Path directory, Instant now, String words) {
        assertThatThrownBy(() -> NodeTls.read(directory, now))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cluster.tls: ")
                .hasMessageContaining(words);
    }

    private static Path replaced(Path file) throws IOException {
        Files.delete(file);
        return file;
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private static X509Certificate certificate(Path file) throws Exception {
        try (var in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
