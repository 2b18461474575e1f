package smcp.contract;

import org.jspecify.annotations.Nullable;

/** Executes legacy calls: their tenant's part, the log of their stream, and what goes to the connection they came on. The same interface for here and for elsewhere; nothing of it throws or blocks. */
@FunctionalInterface
public interface LegacyHost {
    /**
     * Executes one round.
     *
     * @param reply the connection; null for a round that was begun by an answer of the client's, which has only its stream. Its going away ends nothing: the answer is in the log
     */
    void serve(LegacyRequest request, @Nullable Reply reply);
}
