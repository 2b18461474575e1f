package smcp.contract;

import smcp.bus.Address;

/** Every event-bus address of the platform. The bus may lose messages and has no back-pressure, so what travels here is a wake-up or a notification, never the only copy of a fact. */
public final class Addresses {
    private Addresses() {}

    /** Heard by every node; published by the node on which a tenant reported a change, after the change is in the log. Repeatable; a lost one costs seconds, because listeners also look at the log by themselves. */
    public static final Address<TenantChanged, Void> TENANT_CHANGED =
            new Address<>("smcp.tenant.changed", TenantChanged.class, Void.class);

    /**
     * The change log of a tenant has grown.
     *
     * @param tenant id
     * @param newest position of the newest change
     */
    public record TenantChanged(String tenant, long newest) {}
}
