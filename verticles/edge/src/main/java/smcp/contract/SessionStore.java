package smcp.contract;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import smcp.tenant.TenantId;

/** Legacy sessions. What a future acknowledged is there within the loss window that the implementation declares. Tenants cannot name each other's sessions: every operation carries the tenant. */
public interface SessionStore {
    Future<Void> create(SessionRecord session, Instant expires);

    /** Empty if unknown, ended or expired at {@code now}. */
    Future<Optional<SessionRecord>> find(TenantId tenant, String id, Instant now);

    /** Puts {@code next} in place if the stored stamp is still {@code next.stamp() - 1}; false if it is not, or the session is gone. */
    Future<Boolean> replace(SessionRecord next);

    /** Moves the expiry of a session that lives at {@code now}; nothing happens to one that is gone or has expired. Never earlier than it was. */
    Future<Void> touch(TenantId tenant, String id, Instant now, Instant expires);

    /** Ends a session, with its streams and exchanges; false if there was none. */
    Future<Boolean> delete(TenantId tenant, String id);

    /** Removes what expired before {@code now}, at most {@code most} sessions; answers what it removed. */
    Future<List<SessionKey>> sweep(Instant now, int most);

    /** Number of sessions of a tenant that have not been removed. */
    Future<Integer> count(TenantId tenant);

    /** Which session of whom. */
    record SessionKey(TenantId tenant, String id) {}
}
