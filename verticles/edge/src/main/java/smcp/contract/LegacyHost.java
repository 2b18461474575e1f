package smcp.contract;

import org.jspecify.annotations.Nullable;

/** Executes legacy calls: their tenant's part, the log of their stream, and what goes to the connection they came on. The same interface for here and for elsewhere; nothing of it throws or blocks. */
@FunctionalInterface
public interface LegacyHost {
    /**
     * Executes one round.
     *
     * @param reply the connection; its going away ends nothing: the answer is in the log. A round that was begun by an answer of the client's has only its stream: its reply hears {@link Reply#accepted} when the round has
     *     begun, or a fault if it has not; null if nobody wants to know
     */
    void serve(LegacyRequest request, @Nullable Reply reply);
}
