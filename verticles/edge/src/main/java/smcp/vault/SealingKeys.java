package smcp.vault;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.SealingKey;
import smcp.tenant.TenantId;

/**
 * The keys that seal what multi-round-trip chains carry, as far as the key-encryption key goes. They are no data keys: what they seal is in clients' hands, so they live and end by its life, and no pass over a store could
 * seal it anew.
 */
final class SealingKeys {
    private SealingKeys() {}

    private static byte[] where(TenantId tenant) {
        return RegistryKey.sealingKey(tenant).path().getBytes(StandardCharsets.UTF_8);
    }

    static @Nullable String keyOf(KeyEncryption kek, SealingKey key) {
        return kek.keyOf(key.keyset(), where(key.tenant()));
    }

    static RegistryWrite<SealingKey> rewrapped(KeyEncryption kek, Versioned<SealingKey> was) {
        var tenant = was.value().tenant();
        try {
            var keyset = kek.unwrap(was.value().keyset(), where(tenant));
            return RegistryWrite.replace(
                    RegistryKey.sealingKey(tenant),
                    was,
                    new SealingKey(tenant, kek.wrap(keyset, where(tenant)).keyset()));
        } catch (GeneralSecurityException e) {
            throw new Fault(Kind.SEALED, "the sealing key of " + tenant + " does not open", e);
        }
    }
}
