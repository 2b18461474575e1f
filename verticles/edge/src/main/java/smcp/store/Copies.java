package smcp.store;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.contract.SessionRecord;
import smcp.contract.ValueStore.Value;
import smcp.store.RegistryStore.Stored;
import smcp.tenant.TenantId;

/**
 * How a backup is read from a {@link Backend}, and how it comes back into one: what no other use may do, because revisions, versions and ends of life come along. What the usual interfaces can do (listing values, making sessions) goes
 * through them.
 */
public interface Copies {
    /**
     * Some of them. One that was there all the time is in a page at least once.
     *
     * @param next where to go on, in the store's own words; null at the end
     */
    record Page<T>(List<T> kept, @Nullable String next) {}

    /** A session and its end. */
    record KeptSession(SessionRecord session, Instant expires) {}

    /** The mark of a used state and its end. */
    record KeptMark(String id, Instant until) {}

    /**
     * Live records and tombstones whose revision is above {@code revision}, oldest first: whole commits, about a MiB of them; none when there are no more. Who reads page after page until there is none has the registry of that moment, because
     * what is changed on the way comes again.
     */
    Future<List<Stored>> registry(long revision);

    /** @param after the {@link Page#next} of the page before; null at the start */
    Future<Page<KeptSession>> sessions(TenantId tenant, @Nullable String after);

    /** @param after the {@link Page#next} of the page before; null at the start */
    Future<Page<KeptMark>> marks(TenantId tenant, @Nullable String after);

    /** Puts records and tombstones, with their revisions, in the place of what is at their paths. */
    Future<Void> restore(List<Stored> records);

    /** Puts a value, with its version and end of life, in the place of what is at its key; quotas do not count. */
    Future<Void> restore(TenantId tenant, String key, Value value);

    /** Every revision and every version that is given from now on is greater than {@code number}. */
    Future<Void> raise(long number);
}
