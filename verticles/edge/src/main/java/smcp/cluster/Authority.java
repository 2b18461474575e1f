package smcp.cluster;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import smcp.tenant.Shown;

/**
 * Who says which nodes are nodes: an authority of the cluster alone, in a directory that stays off the nodes. Makes what each node needs, ready to be copied. All methods block.
 */
public final class Authority {
    /** Of the authority's certificate. */
    public static final Duration AUTHORITY_LASTS = Duration.ofDays(3_650);

    private static final String KEY = "ca.key";
    private static final String SECRET = "cluster.secret";
    private static final Pattern NODE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final Pattern DNS_NAME = Pattern.compile("[A-Za-z0-9_*]([A-Za-z0-9_.-]{0,252})");
    private static final Pattern ADDRESS =
            Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");
    private static final int MOST_HOSTS = 64;
    /** Clocks differ. */
    private static final Duration EARLIER = Duration.ofMinutes(10);

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path directory;
    private final X509Certificate certificate;
    private final PrivateKey key;
    private final String secret;

    private Authority(Path directory, X509Certificate certificate, PrivateKey key, String secret) {
        this.directory = directory;
        this.certificate = certificate;
        this.key = key;
        this.secret = secret;
    }

    /**
     * A node that gets a certificate.
     *
     * @param name for people; names the directory, and is in the certificate
     * @param hosts names and addresses on which the others reach it
     */
    public record Node(String name, List<String> hosts) {
        public Node {
            if (!NODE.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "the name of a node must match " + NODE + ", got \"" + Shown.of(name) + "\"");
            }
            hosts = List.copyOf(hosts);
            if (hosts.size() > MOST_HOSTS) {
                throw new IllegalArgumentException(
                        "a node must have at most " + MOST_HOSTS + " hosts, got " + hosts.size());
            }
            for (var host : hosts) {
                if (ADDRESS.matcher(host).matches()
                        ? !isAddress(host)
                        : !DNS_NAME.matcher(host).matches()) {
                    throw new IllegalArgumentException(
                            "a host must be a name or an address, got \"" + Shown.of(host) + "\"");
                }
            }
        }

        private static boolean isAddress(String text) {
            try {
                var _ = InetAddress.ofLiteral(text);
                return true;
            } catch (IllegalArgumentException _) {
                return false;
            }
        }

        /** Without hosts it is a node on this machine, to try things out. */
        private GeneralNames names() {
            var texts = new LinkedHashSet<String>();
            texts.add(name);
            texts.addAll(hosts.isEmpty() ? List.of("localhost", "127.0.0.1", "::1") : hosts);
            return new GeneralNames(texts.stream()
                    .map(text -> new GeneralName(
                            ADDRESS.matcher(text).matches() ? GeneralName.iPAddress : GeneralName.dNSName, text))
                    .toArray(GeneralName[]::new));
        }
    }

    /**
     * What was made for a node.
     *
     * @param directory holds all that the node needs
     * @param ends of its certificate
     */
    public record Made(Node node, Path directory, Instant ends) {}

    /** Makes an authority and the secret of a cluster in {@code directory}, which must be new or empty. */
    public static Authority create(Path directory, String cluster, Instant now) throws IOException {
        if (Files.exists(directory)) {
            try (var present = Files.list(directory)) {
                if (present.findAny().isPresent()) {
                    throw new IOException(
                            directory + " is not empty: a cluster has one authority; smcp cluster cert adds nodes");
                }
            }
        }
        SecretFiles.directory(directory);
        try {
            var pair = pair();
            var subject = new X500Principal("CN=" + cluster + " cluster authority, O=SMCP");
            var builder = builder(subject, subject, pair, now, AUTHORITY_LASTS)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            var certificate = signed(builder, pair.getPrivate());
            var authority = new Authority(directory, certificate, pair.getPrivate(), ClusterSecret.fresh() + "\n");
            SecretFiles.write(
                    directory.resolve(NodeTls.AUTHORITY), pem("CERTIFICATE", certificate.getEncoded()), false);
            SecretFiles.write(
                    directory.resolve(KEY), pem("PRIVATE KEY", pair.getPrivate().getEncoded()), true);
            SecretFiles.write(directory.resolve(SECRET), authority.secret, true);
            return authority;
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("no certificate could be made: " + e.getMessage(), e);
        }
    }

    /** The one that {@link #create} made. */
    public static Authority open(Path directory) throws IOException {
        var where = "the authority";
        try (var certificate =
                        new PEMParser(new StringReader(SecretFiles.read(where, directory.resolve(NodeTls.AUTHORITY))));
                var key = new PEMParser(new StringReader(SecretFiles.readSecret(where, directory.resolve(KEY))))) {
            if (!(certificate.readObject() instanceof X509CertificateHolder holder)
                    || !(key.readObject() instanceof PrivateKeyInfo info)) {
                throw new IOException(directory + " must hold " + NodeTls.AUTHORITY + " and " + KEY + " in PEM");
            }
            return new Authority(
                    directory,
                    new JcaX509CertificateConverter().getCertificate(holder),
                    new JcaPEMKeyConverter().getPrivateKey(info),
                    SecretFiles.readSecret(where, directory.resolve(SECRET)));
        } catch (GeneralSecurityException e) {
            throw new IOException(directory + " holds no authority: " + e.getMessage(), e);
        }
    }

    public Instant ends() {
        return certificate.getNotAfter().toInstant();
    }

    /** Makes a directory, named as the node, in that of the authority. */
    public Made issue(Node node, Duration lasts, Instant now) throws IOException {
        return issue(node, directory.resolve(node.name()), lasts, now);
    }

    /** @param to must not be there yet */
    public Made issue(Node node, Path to, Duration lasts, Instant now) throws IOException {
        if (Files.exists(to)) {
            throw new IOException(to + " is there already; move it away for a new certificate");
        }
        if (lasts.isNegative() || lasts.isZero() || now.plus(lasts).isAfter(ends())) {
            throw new IOException("a certificate must end before that of its authority (" + ends() + "), got "
                    + lasts.toDays() + " days");
        }
        try {
            var pair = pair();
            var builder = builder(
                            certificate.getSubjectX500Principal(),
                            new X500Principal("CN=" + node.name() + ", O=SMCP"),
                            pair,
                            now,
                            lasts)
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                        KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
                    }))
                    .addExtension(Extension.subjectAlternativeName, false, node.names());
            var made = signed(builder, key);
            SecretFiles.directory(to);
            SecretFiles.write(to.resolve(NodeTls.AUTHORITY), pem("CERTIFICATE", certificate.getEncoded()), false);
            SecretFiles.write(to.resolve(NodeTls.CERTIFICATE), pem("CERTIFICATE", made.getEncoded()), false);
            SecretFiles.write(
                    to.resolve(NodeTls.KEY),
                    pem("PRIVATE KEY", pair.getPrivate().getEncoded()),
                    true);
            SecretFiles.write(to.resolve(SECRET), secret, true);
            return new Made(node, to, made.getNotAfter().toInstant());
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("no certificate could be made: " + e.getMessage(), e);
        }
    }

    private static KeyPair pair() throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, KeyPair pair, Instant now, Duration lasts)
            throws GeneralSecurityException, CertIOException {
        var builder = new JcaX509v3CertificateBuilder(
                issuer,
                // RFC 5280 §4.1.2.2: positive, at most 20 octets
                new BigInteger(159, RANDOM).add(BigInteger.ONE),
                Date.from(now.minus(EARLIER)),
                Date.from(now.plus(lasts)),
                subject,
                pair.getPublic());
        builder.addExtension(
                Extension.subjectKeyIdentifier,
                false,
                new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
        return builder;
    }

    private static X509Certificate signed(org.bouncycastle.cert.X509v3CertificateBuilder builder, PrivateKey by)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    }

    private static String pem(String what, byte[] content) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n";
    }
}
