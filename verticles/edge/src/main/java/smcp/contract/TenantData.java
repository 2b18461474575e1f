package smcp.contract;

import io.vertx.core.Future;
import smcp.tenant.TenantId;

/** Something that is kept for tenants, and goes with them. */
@FunctionalInterface
public interface TenantData {
    /** Forgets everything of a tenant; nothing to forget is no failure. Called when a tenant was deleted, and once more before one of its name is made, in case that was cut short. */
    Future<Void> drop(TenantId tenant);
}
