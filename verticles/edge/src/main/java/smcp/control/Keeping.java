package smcp.control;

import io.vertx.core.Future;
import java.util.List;
import smcp.contract.TenantBlobs;
import smcp.contract.TenantData;
import smcp.contract.UsageSource;
import smcp.contract.ValueStore;
import smcp.tenant.TenantId;

/**
 * What tenants keep, as the control plane sees it.
 *
 * @param values their KV, opened if it is sealed
 * @param blobs their large values, opened likewise
 * @param usage what is counted, a kind each
 * @param data everything that goes with a tenant
 */
public record Keeping(ValueStore values, TenantBlobs blobs, List<UsageSource> usage, List<TenantData> data) {
    public Keeping {
        usage = List.copyOf(usage);
        data = List.copyOf(data);
    }

    /** Forgets everything of a tenant; fails with the first failure when all have ended. */
    Future<Void> drop(TenantId tenant) {
        return Future.join(data.stream().map(each -> each.drop(tenant)).toList())
                .mapEmpty();
    }
}
