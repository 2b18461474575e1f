package smcp.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import smcp.protocol.Json;

/**
 * What the chain of one node's log is made with: HMAC-SHA256 (RFC 2104) under a key that only the node's user can read, because a chain of plain hashes could be made anew by whoever changed a line. Not thread-safe.
 */
final class AuditKey {
    static final String FILE = "audit.key";
    private static final int BYTES = 32;
    private static final String ALGORITHM = "HmacSHA256";

    private final Mac mac;
    private final String log;

    private AuditKey(byte[] key) throws GeneralSecurityException {
        mac = Mac.getInstance(ALGORITHM);
        mac.init(new SecretKeySpec(key, ALGORITHM));
        log = HexFormat.of().formatHex(mac.doFinal("name of the log".getBytes(StandardCharsets.US_ASCII)), 0, 6);
    }

    /** The key of the log in {@code directory}. */
    static AuditKey read(Path directory) throws IOException {
        var file = directory.resolve(FILE);
        try {
            var key = HexFormat.of().parseHex(Files.readString(file).strip());
            if (key.length != BYTES) {
                throw new IllegalArgumentException("it has " + key.length + " bytes");
            }
            return new AuditKey(key);
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            throw new IOException(file + " is no key: 64 hex digits are needed", e);
        }
    }

    /** Makes the key of a new log: readable by its owner alone at any moment, and whole or not there. */
    static void make(Path directory) throws IOException {
        var key = new byte[BYTES];
        new SecureRandom().nextBytes(key);
        var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var fresh = Files.createTempFile(directory, ".key", "", owner);
        try (var channel = FileChannel.open(fresh, Set.of(StandardOpenOption.WRITE))) {
            var text = ByteBuffer.wrap((HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                var _ = channel.write(text);
            }
            channel.force(true);
        }
        Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Names the log; tells nothing of the key. */
    String log() {
        return log;
    }

    /** What stands before the first line. */
    static byte[] beginning() {
        return new byte[BYTES];
    }

    byte[] of(byte[] previous, Json body) {
        mac.update(previous);
        mac.update(body.bytes(), body.from(), body.length());
        return mac.doFinal();
    }

    static boolean same(byte[] mac, String hex) {
        return MessageDigest.isEqual(mac, HexFormat.of().parseHex(hex));
    }
}
