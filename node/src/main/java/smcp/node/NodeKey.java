package smcp.node;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** The key that seals the other keys; a file that only the node's user can read, made at the first start. */
final class NodeKey {
    private static final Configuration AEAD = AeadConfig2026.get();

    private NodeKey() {}

    static Aead open(Path file) throws IOException {
        try {
            if (!Files.exists(file)) {
                var fresh = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, AEAD);
                PrivateFile.write(
                        file, TinkJsonProtoKeysetFormat.serializeKeyset(fresh, AEAD, InsecureSecretKeyAccess.get()));
            }
            return TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), AEAD, InsecureSecretKeyAccess.get())
                    .getPrimitive(AEAD, Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IOException("the node's key " + file + " is not a keyset", e);
        }
    }
}
