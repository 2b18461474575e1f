package smcp.control.testing;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import smcp.contract.KeyRing;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.tenant.ApiKey;
import smcp.tenant.KeyHolder;

/** Keys that are looked up in a registry. */
public final class MemoryKeyRing implements KeyRing {
    private final Registry registry;

    public MemoryKeyRing(Registry registry) {
        this.registry = registry;
    }

    @Override
    public @Nullable ApiKey verify(String token) {
        var parts = token.split("_", 3);
        if (parts.length != 3 || !parts[0].equals("smcp")) {
            return null;
        }
        var found = registry.get(RegistryKey.key(parts[1]));
        if (found == null || !found.value().hash().equals(hash(parts[2]))) {
            return null;
        }
        var expires = found.value().expires();
        return expires == null || expires.isAfter(Instant.now()) ? found.value() : null;
    }

    @Override
    public Issued issue(KeyHolder holder, @Nullable Instant expires) {
        var id = UUID.randomUUID().toString().substring(0, 8);
        var secret = UUID.randomUUID().toString();
        return new Issued(new ApiKey(id, hash(secret), holder, Instant.now(), expires), "smcp_" + id + "_" + secret);
    }

    private static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
