package smcp.contract;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;

/** Knows how much tenants keep of one kind of thing. */
public interface UsageSource {
    /** What is kept, as one word of small letters; stands in the admin API and in names of metrics. */
    String kind();

    /** @param limits of the tenant, for the quotas */
    Future<Kept> kept(TenantId tenant, Limits limits);

    /**
     * What a tenant keeps and may keep. Null where bytes are not counted, or nothing of the tenant's own bounds them.
     *
     * @param entries how many
     */
    record Kept(
            long entries,
            @Nullable Long entriesQuota,
            @Nullable Long bytes,
            @Nullable Long bytesQuota) {}
}
