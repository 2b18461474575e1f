package smcp.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/**
 * With what a node shows the others that it is one: its certificate, the key of it, and the authority whose certificates it believes. For the event bus and the peer link alike; both sides show a certificate.
 */
public final class NodeTls {
    /** Before the end of a certificate; the log says so from then on. */
    public static final Duration SOON = Duration.ofDays(30);

    static final String AUTHORITY = "ca.pem";
    static final String CERTIFICATE = "node.pem";
    static final String KEY = "node.key";
    private static final String FIELD = "cluster.tls";
    private static final Pattern PEM_KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private final String authority;
    private final String certificate;
    private final String key;
    private final X509Certificate own;
    private final Instant ends;

    private NodeTls(String authority, String certificate, String key, X509Certificate own, Instant ends) {
        this.authority = authority;
        this.certificate = certificate;
        this.key = key;
        this.own = own;
        this.ends = ends;
    }

    /** Reads the directory and refuses, in words, what a handshake would refuse without any. Blocks. */
    static NodeTls read(Path directory, Instant now) throws IOException {
        var authorityFile = directory.resolve(AUTHORITY);
        var certificateFile = directory.resolve(CERTIFICATE);
        var keyFile = directory.resolve(KEY);
        var authority = SecretFiles.read(FIELD, authorityFile);
        var certificate = SecretFiles.read(FIELD, certificateFile);
        var key = SecretFiles.readSecret(FIELD, keyFile);
        var authorities = certificates(authorityFile, authority);
        var own = certificates(certificateFile, certificate).getFirst();
        valid(certificateFile, own, now);
        var issuer = authorities.stream()
                .filter(one -> signed(own, one))
                .findFirst()
                .orElseThrow(() -> new IOException(FIELD + ": " + certificateFile + " was not made by the authority in "
                        + authorityFile + ": all nodes of a cluster need certificates of one authority"));
        valid(authorityFile, issuer, now);
        if (!belongs(privateKey(keyFile, key, own), own)) {
            throw new IOException(FIELD + ": " + keyFile + " is not the key of the certificate " + certificateFile);
        }
        var ownEnds = own.getNotAfter().toInstant();
        var issuerEnds = issuer.getNotAfter().toInstant();
        var ends = ownEnds.isBefore(issuerEnds) ? ownEnds : issuerEnds;
        return new NodeTls(authority, certificate, key, own, ends);
    }

    /** The certificate to show. */
    public PemKeyCertOptions keyCert() {
        return new PemKeyCertOptions().setCertValue(Buffer.buffer(certificate)).setKeyValue(Buffer.buffer(key));
    }

    /** Whom to believe. */
    public PemTrustOptions trust() {
        return new PemTrustOptions().addCertValue(Buffer.buffer(authority));
    }

    /** Whose certificate it is, as RFC 2253 writes it. */
    public String subject() {
        return own.getSubjectX500Principal().getName();
    }

    /** When the first of the node's certificate and its authority's runs out. */
    public Instant ends() {
        return ends;
    }

    private static List<X509Certificate> certificates(Path file, String text) throws IOException {
        try {
            var found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)));
            if (found.isEmpty()) {
                throw new IOException(FIELD + ": " + file + " must hold a certificate in PEM, and holds none");
            }
            return found.stream().map(X509Certificate.class::cast).toList();
        } catch (GeneralSecurityException e) {
            throw new IOException(FIELD + ": " + file + " must hold a certificate in PEM: " + e.getMessage(), e);
        }
    }

    private static void valid(Path file, X509Certificate certificate, Instant now) throws IOException {
        var from = certificate.getNotBefore().toInstant();
        var to = certificate.getNotAfter().toInstant();
        if (now.isBefore(from) || now.isAfter(to)) {
            throw new IOException(FIELD + ": the certificate " + file + " is good from " + from + " to " + to
                    + " only, and by this machine's clock it is " + now + "; smcp cluster cert makes a new one");
        }
    }

    private static boolean signed(X509Certificate certificate, X509Certificate by) {
        try {
            certificate.verify(by.getPublicKey());
            return certificate.getIssuerX500Principal().equals(by.getSubjectX500Principal());
        } catch (GeneralSecurityException _) {
            return false;
        }
    }

    private static PrivateKey privateKey(Path file, String text, Certificate certificate) throws IOException {
        var match = PEM_KEY.matcher(text);
        if (!match.find()) {
            throw new IOException(FIELD + ": " + file + " must hold an unencrypted private key in PEM (PKCS #8)");
        }
        try {
            return KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(match.group(1))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    FIELD + ": " + file + " is no key for the certificate beside it: " + e.getMessage(), e);
        }
    }

    private static boolean belongs(PrivateKey key, Certificate certificate) throws IOException {
        var algorithm = switch (key.getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> key.getAlgorithm();
        };
        try {
            var probe = "a node".getBytes(StandardCharsets.US_ASCII);
            var signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(probe);
            var verifier = Signature.getInstance(algorithm);
            verifier.initVerify(certificate);
            verifier.update(probe);
            return verifier.verify(signer.sign());
        } catch (GeneralSecurityException e) {
            throw new IOException(FIELD + ": a key of the kind " + key.getAlgorithm() + " is not supported", e);
        }
    }
}
