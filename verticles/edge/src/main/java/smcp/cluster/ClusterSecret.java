package smcp.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What all nodes of a cluster know and nobody else. Hazelcast Community knows no passwords, only names: a node joins if it says the right one. So the name it says is made from the secret; but it travels in the clear, and whoever
 * can read the network has it (docs/guides/cluster.md).
 */
final class ClusterSecret {
    private static final String FIELD = "cluster.secret";
    private static final String ALGORITHM = "HmacSHA256";
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{43,512}");
    private static final int BYTES = 32;

    private final byte[] key;

    private ClusterSecret(byte[] key) {
        this.key = key;
    }

    static String fresh() {
        var bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static ClusterSecret read(Path file) throws IOException {
        var text = SecretFiles.readSecret(FIELD, file).strip();
        if (!FORM.matcher(text).matches()) {
            throw new IOException(FIELD + ": " + file
                    + " must hold 43 to 512 letters, digits, - and _ and nothing else; smcp cluster init makes one");
        }
        return new ClusterSecret(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The name that Hazelcast knows the cluster by. 128 bits of it: enough that nobody guesses it, and it stands in every join request. */
    String hazelcastName(String cluster) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            var name = mac.doFinal(("hazelcast cluster name\n" + cluster).getBytes(StandardCharsets.UTF_8));
            return "smcp-" + HexFormat.of().formatHex(name, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "ClusterSecret[…]";
    }
}
