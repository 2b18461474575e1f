package smcp.contract;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Consumer;
import smcp.tenant.TenantId;

/** Changes of tenants as this node's streams hear them. */
public interface ChangeFeed {
    /**
     * Hears every change after {@code after} of the tenant's log, in order, each once, on {@code context}. Completes when nothing later than the position it answers can be missed, so acknowledge
     * after that.
     *
     * @param after position; {@link #NOW} for what comes from now on
     */
    Future<Subscription> subscribe(TenantId tenant, long after, Context context, Consumer<Heard> listener);

    long NOW = Long.MAX_VALUE;

    /** What a listener hears. */
    sealed interface Heard {
        /** Changes, ascending. */
        record Changes(List<ChangeLog.Change> changes) implements Heard {}

        /** The log no longer has what this listener has not heard yet: everything may have changed, up to {@code newest}. */
        record Gap(long newest) implements Heard {}
    }

    /** A listener's place in the feed. */
    interface Subscription {
        /** Names the incarnation of the log. */
        String epoch();

        /** The position from which it holds. */
        long from();

        /** Hears nothing more. Idempotent. */
        void cancel();
    }
}
