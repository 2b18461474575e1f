package smcp.contract;

import smcp.bus.Fault;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;

/** Who sent a request, decided from its headers alone, before its body is read. */
public sealed interface Identity {
    record Known(Principal principal, Permissions permissions) implements Identity {}

    /** @param fault 401 or 403 */
    record Refused(Fault fault) implements Identity {}
}
