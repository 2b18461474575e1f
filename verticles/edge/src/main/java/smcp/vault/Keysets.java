package smcp.vault;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is done with Tink keysets here: AES-256-GCM keys whose ciphertexts begin with the key's id. */
final class Keysets {
    /** What a ciphertext is longer than its plain text: one byte of version, the key's id, nonce and tag (Tink wire format). */
    static final int OVERHEAD = 1 + 4 + 12 + 16;

    private static final Configuration AEAD = AeadConfig2026.get();

    private Keysets() {}

    static KeysetHandle fresh() throws GeneralSecurityException {
        return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AEAD);
    }

    /** {@code keyset} with a new key, which seals from now on if {@code primary}. */
    static KeysetHandle grown(KeysetHandle keyset, boolean primary) throws GeneralSecurityException {
        var entry = KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
                .withRandomId();
        return KeysetHandle.newBuilder(keyset)
                .setConfiguration(AEAD)
                .addEntry(primary ? entry.makePrimary() : entry)
                .build();
    }

    /** {@code keyset} whose last key, the newest, seals from now on. */
    static KeysetHandle promoted(KeysetHandle keyset) throws GeneralSecurityException {
        var builder = KeysetHandle.newBuilder(keyset).setConfiguration(AEAD);
        builder.getAt(builder.size() - 1).makePrimary();
        return builder.build();
    }

    /** The primary key of {@code keyset} alone. */
    static KeysetHandle onlyPrimary(KeysetHandle keyset) throws GeneralSecurityException {
        return alone(keyset.getPrimary());
    }

    private static KeysetHandle alone(KeysetHandle.Entry entry) throws GeneralSecurityException {
        return KeysetHandle.newBuilder()
                .setConfiguration(AEAD)
                .addEntry(KeysetHandle.importKey(entry.getKey())
                        .withFixedId(entry.getId())
                        .makePrimary())
                .build();
    }

    static Aead aead(KeysetHandle keyset) throws GeneralSecurityException {
        return keyset.getPrimitive(AEAD, Aead.class);
    }

    /** Each enabled key of {@code keyset} by itself, the primary first. */
    static List<One> each(KeysetHandle keyset) throws GeneralSecurityException {
        var all = new ArrayList<One>();
        for (var i = 0; i < keyset.size(); i++) {
            var entry = keyset.getAt(i);
            if (entry.getStatus() == KeyStatus.ENABLED) {
                all.add(entry.isPrimary() ? 0 : all.size(), new One(entry.getId(), aead(alone(entry))));
            }
        }
        return all;
    }

    /** One key of a keyset. */
    record One(int id, Aead aead) {}

    static String json(KeysetHandle keyset) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, AEAD, InsecureSecretKeyAccess.get());
    }

    static KeysetHandle ofJson(String json) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.parseKeyset(json, AEAD, InsecureSecretKeyAccess.get());
    }

    /** {@code keyset} encrypted with {@code with} for the place {@code where}. */
    static String wrap(KeysetHandle keyset, Aead with, byte[] where) throws GeneralSecurityException {
        return Base64.getEncoder()
                .encodeToString(TinkProtoKeysetFormat.serializeEncryptedKeyset(keyset, with, where, AEAD));
    }

    static KeysetHandle unwrap(String wrapped, Aead with, byte[] where) throws GeneralSecurityException {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(wrapped);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("not Base64", e);
        }
        return TinkProtoKeysetFormat.parseEncryptedKeyset(bytes, with, where, AEAD);
    }

    /** Id of the key that made {@code ciphertext}; null if it is none. */
    static @Nullable Integer keyOf(byte[] ciphertext, int from) {
        return ciphertext.length - from < OVERHEAD || ciphertext[from] != 1
                ? null
                : (Integer) ByteBuffer.wrap(ciphertext, from + 1, 4).getInt();
    }

    /** As operators see it. */
    static String shown(int id) {
        return Integer.toUnsignedString(id);
    }
}
