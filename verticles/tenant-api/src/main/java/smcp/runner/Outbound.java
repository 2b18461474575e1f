package smcp.runner;

import smcp.api.ListKind;

/** What a tenant tells its host outside of calls. Called from any thread; must not block and must not throw. */
public interface Outbound {
    /** A list is to be read again. Never called before {@link Runner#start} returned. */
    void listChanged(ListKind kind);

    /** A resource has new content. */
    void resourceUpdated(String uri);

    /** Tenant code threw; the client was told the message only. For the tenant's log. */
    void tenantFailed(String what, Throwable cause);
}
