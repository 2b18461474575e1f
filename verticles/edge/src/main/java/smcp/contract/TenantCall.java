package smcp.contract;

/**
 * How a call reaches a tenant: on this node, through an engine's pipe or on another node, the caller sees one interface. Nothing of it throws or blocks; every failure is an event.
 */
@FunctionalInterface
public interface TenantCall {
    /** Starts {@code call}. Events may arrive before this returns. */
    Running start(Call call, CallSink sink);

    /** A call under way. */
    @FunctionalInterface
    interface Running {
        /** Nothing to cancel any more. */
        Running ENDED = _ -> {};

        /** The caller is no longer interested. The sink hears nothing more, or an event that was already on its way. Idempotent; any thread. */
        void cancel(String reason);
    }
}
