package smcp.contract;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import smcp.tenant.TenantId;

/** Secrets that operators give to a tenant: written and listed by the control plane, read only on behalf of the tenant. Always sealed at rest. */
public interface Secrets {
    /** Bytes of a secret. */
    int LONGEST = 64 << 10;

    /** Secrets of one tenant. */
    int MOST = 100;

    /**
     * What may be shown.
     *
     * @param name letters, digits, {@code _}, 1 to 128, not beginning with a digit
     * @param revision changes with each write
     */
    record Listed(String name, long revision, Instant changed) {}

    Future<Optional<byte[]>> read(TenantId tenant, String name);

    /** Sets a secret, new or not; answers when it is durable. Fails with {@link smcp.bus.Fault.Kind#INVALID_INPUT} for a name or value beyond the bounds, with {@link smcp.bus.Fault.Kind#QUOTA} beyond {@link #MOST}. */
    Future<Listed> write(TenantId tenant, String name, byte[] secret);

    /** False if there was none. */
    Future<Boolean> delete(TenantId tenant, String name);

    /** In order of names. */
    List<Listed> list(TenantId tenant);
}
