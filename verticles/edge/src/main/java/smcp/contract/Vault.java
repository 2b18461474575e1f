package smcp.contract;

import io.vertx.core.Future;
import smcp.tenant.TenantId;

/**
 * Seals what a tenant keeps, with data keys of that tenant alone; they stand in the registry, sealed with the key-encryption key. A tenant whose record is deleted has no keys any more, and nothing of it can be opened.
 *
 * <p>When a data key is replaced, values, blobs and secrets are sealed anew and the old key is dropped. What somebody else sealed here does not outlive that: it is for what lives shortly.
 */
public interface Vault {
    /**
     * @param context what the plain text belongs to, such as {@code kv/<key>}: sealed bytes that were moved elsewhere do not open
     */
    Future<byte[]> seal(TenantId tenant, String context, byte[] plain);

    /** Fails with {@link smcp.bus.Fault.Kind#SEALED} if the bytes were not sealed for this tenant and context, or were changed, or their key is gone. */
    Future<byte[]> open(TenantId tenant, String context, byte[] sealedBytes);
}
