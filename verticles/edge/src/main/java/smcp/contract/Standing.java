package smcp.contract;

import smcp.tenant.Principal;
import smcp.tenant.TenantId;

/** Who would still be let in: one look at all keys, for going through many open streams at once. */
@FunctionalInterface
public interface Standing {
    /** Is the tenant there, and would it let this principal in? */
    boolean stands(TenantId tenant, Principal principal);
}
