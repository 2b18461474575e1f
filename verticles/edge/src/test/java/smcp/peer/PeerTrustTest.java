package smcp.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import smcp.bus.Fault.Kind;
import smcp.contract.CallEvent;
import smcp.protocol.Json;

class PeerTrustTest {
    private static final String SECRET = "changeit";

    @TempDir
    private static Path dir;

    private static PeerConfig.Tls one;
    private static PeerConfig.Tls two;
    private static PeerConfig.Tls stranger;

    /** Two nodes of one cluster, and one of another. */
    @BeforeAll
    static void certificates() throws Exception {
        keytool("ca", "-ext", "bc:c");
        keytool("other", "-ext", "bc:c");
        for (var node : List.of("one", "two")) {
            keytool(node, "-signer", "ca");
        }
        keytool("stranger", "-signer", "other");
        var keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(dir.resolve("keys.p12"))) {
            keys.load(in, SECRET.toCharArray());
        }
        one = node(keys, "one", "ca");
        two = node(keys, "two", "ca");
        stranger = node(keys, "stranger", "other");
    }

    private static PeerConfig.Tls node(KeyStore keys, String name, String authority)
            throws IOException, GeneralSecurityException {
        return new PeerConfig.Tls(
                pem(authority, "CERTIFICATE", keys.getCertificate(authority).getEncoded()),
                pem(name, "CERTIFICATE", keys.getCertificate(name).getEncoded()),
                pem(name, "PRIVATE KEY", keys.getKey(name, SECRET.toCharArray()).getEncoded()));
    }

    private static Path pem(String name, String kind, byte[] content) throws IOException {
        var text = "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content)
                + "\n-----END " + kind + "-----\n";
        return Files.writeString(dir.resolve(name + "." + kind.replace(' ', '-')), text);
    }

    /** Makes a key with its certificate. */
    private static void keytool(String name, String... more) throws Exception {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", name, "-dname", "CN=" + name));
        command.addAll(List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        command.addAll(List.of("-keystore", dir.resolve("keys.p12").toString(), "-storepass", SECRET));
        command.addAll(List.of(more));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("keytool.log").toFile())
                .start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(dir.resolve("keytool.log")))
                .isZero();
    }

    @Test
    void aMissingCertificateIsNamed() {
        var missing = new PeerConfig.Tls(one.caFile(), dir.resolve("missing.pem"), one.keyFile());
        assertThatThrownBy(() -> pair(one, missing))
                .hasMessageContaining("peer.tls")
                .hasMessageContaining("missing.pem");
    }

    private static Pair pair(PeerConfig.@Nullable Tls near, PeerConfig.@Nullable Tls far) {
        return new Pair(Pair.QUICK.with(near), Pair.QUICK.with(far), Versions.OURS, Versions.OURS);
    }

    @Test
    void nodesOfOneClusterTalk() {
        try (var pair = pair(one, two)) {
            var heard = new Heard();
            var _ = pair.linked().start(Calls.full(), heard);
            var large = Json.of("{\"r\":\"" + "z".repeat(1 << 20) + "\"}");
            pair.arrival().sink.accept(new CallEvent.Result(large));
            assertThat(heard.result()).isEqualTo(large.text());
        }
    }

    @Test
    void aServerOfAnotherClusterIsNotTalkedTo() {
        refused(one, stranger);
    }

    @Test
    void aCallerOfAnotherClusterIsRefused() {
        refused(new PeerConfig.Tls(one.caFile(), stranger.certFile(), stranger.keyFile()), two);
    }

    @Test
    void aCallerInCleartextIsRefused() {
        refused(null, two);
    }

    @Test
    void aServerInCleartextIsNotTalkedTo() {
        refused(one, null);
    }

    private static void refused(PeerConfig.@Nullable Tls near, PeerConfig.@Nullable Tls far) {
        try (var pair = pair(near, far)) {
            pair.links.joined(pair.far());
            Awaitility.await()
                    .during(Duration.ofMillis(300))
                    .until(() -> pair.links.roundTripNanos(pair.far()).isEmpty());
            var heard = new Heard();
            var _ = pair.links.on(pair.far()).start(Calls.small(), heard);
            assertThat(heard.fault().kind()).isEqualTo(Kind.NODE_UNREACHABLE);
            assertThat(pair.arrived).isEmpty();
        }
    }

    @Test
    void aCallerWithoutACertificateIsRefused() {
        try (var pair = pair(one, two)) {
            var client = pair.near.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setVerifyHost(false)
                    .setTrustAll(true));
            var hello = client.request(HttpMethod.GET, pair.server.port(), "127.0.0.1", Wire.HELLO)
                    .compose(HttpClientRequest::send);
            Awaitility.await().until(hello::isComplete);
            assertThat(hello.failed()).isTrue();
        }
    }
}
