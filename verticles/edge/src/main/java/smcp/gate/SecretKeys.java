package smcp.gate;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import smcp.contract.KeyRing;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.tenant.ApiKey;
import smcp.tenant.KeyHolder;

/**
 * API keys: {@code smcp_<id>_<secret>}. The id finds the record, the secret has 256 random bits, so one SHA-256 is as good as a slow hash: there is nothing to guess from a dictionary.
 */
public final class SecretKeys implements KeyRing {
    private static final String PREFIX = "smcp_";
    private static final int ID_LENGTH = 16;
    private static final int SECRET_BYTES = 32;
    private static final int LONGEST_TOKEN = 200;
    private static final String NO_HASH = "0".repeat(64);

    private final Registry registry;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    public SecretKeys(Registry registry, InstantSource clock) {
        this.registry = registry;
        this.clock = clock;
    }

    @Override
    public @Nullable ApiKey verify(String token) {
        var split = PREFIX.length() + ID_LENGTH;
        if (token.length() > LONGEST_TOKEN
                || token.length() <= split
                || !token.startsWith(PREFIX)
                || token.charAt(split) != '_') {
            return null;
        }
        var found = registry.get(RegistryKey.key(token.substring(PREFIX.length(), split)));
        // an unknown id is compared too, so that the answer takes the same time
        var expected = found == null ? NO_HASH : found.value().hash();
        var same = MessageDigest.isEqual(
                hash(token.substring(split + 1)).getBytes(StandardCharsets.US_ASCII),
                expected.getBytes(StandardCharsets.US_ASCII));
        if (found == null || !same) {
            return null;
        }
        var expires = found.value().expires();
        return expires != null && !clock.instant().isBefore(expires) ? null : found.value();
    }

    @Override
    public Issued issue(KeyHolder holder, @Nullable Instant expires) {
        var idBytes = new byte[ID_LENGTH / 2];
        random.nextBytes(idBytes);
        var secretBytes = new byte[SECRET_BYTES];
        random.nextBytes(secretBytes);
        var id = HexFormat.of().formatHex(idBytes);
        var secret = Base64.getUrlEncoder().withoutPadding().encodeToString(secretBytes);
        var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        return new Issued(new ApiKey(id, hash(secret), holder, now, expires), PREFIX + id + "_" + secret);
    }

    private static String hash(String secret) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
