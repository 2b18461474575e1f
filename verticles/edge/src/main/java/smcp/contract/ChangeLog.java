package smcp.contract;

import io.vertx.core.Future;
import java.util.List;
import smcp.tenant.TenantId;

/** Changes of one tenant's lists and resources: one bounded log a tenant, so a change costs the same for one session and for 100,000. */
public interface ChangeLog {
    /** What changed. */
    enum Kind {
        TOOLS,
        PROMPTS,
        RESOURCES,
        /** One resource's content; the change has its URI. */
        RESOURCE
    }

    /**
     * One change.
     *
     * @param pos counts from 1 within the tenant's log
     * @param uri only of {@link Kind#RESOURCE}, otherwise empty
     */
    record Change(long pos, Kind kind, String uri) {}

    /**
     * A piece of the log.
     *
     * @param epoch names this incarnation of the log; positions of another epoch mean nothing here
     * @param oldest position of the oldest change still kept; {@code newest + 1} if none is
     * @param newest position of the newest change, 0 if there never was one
     */
    record Slice(String epoch, long oldest, long newest, List<Change> changes) {}

    /** Appends a change; answers its position. */
    Future<Long> append(TenantId tenant, Kind kind, String uri);

    /** The changes after {@code after}, at most {@code most}. */
    Future<Slice> read(TenantId tenant, long after, int most);

    /** Forgets a tenant. */
    Future<Void> drop(TenantId tenant);
}
