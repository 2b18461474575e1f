package smcp.contract;

/** What legacy clients do to a session beside posting messages. Called on the reply's context. */
public interface SessionRequests {
    /** GET: opens or resumes a stream. */
    void open(TenantEntry tenant, Identity.Known who, Inbound.Headers headers, Reply reply);

    /** DELETE: ends the session. */
    void end(TenantEntry tenant, Identity.Known who, Inbound.Headers headers, Reply reply);
}
