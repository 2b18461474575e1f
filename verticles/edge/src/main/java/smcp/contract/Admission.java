package smcp.contract;

import smcp.bus.Fault;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;

/** What the gate decided about a call it knows all about. */
public sealed interface Admission {
    record Admitted(Principal principal, Permissions permissions) implements Admission {}

    /** Too many for now; the fault says of what and when to come back. */
    record Throttled(Fault fault) implements Admission {}

    record Rejected(Fault fault) implements Admission {}
}
