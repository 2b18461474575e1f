package smcp.contract;

import org.jspecify.annotations.Nullable;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;

/**
 * One round of a legacy call, as a node needs it to execute it: that node writes the stream's log, so the call outlives the node that its client is connected to.
 *
 * @param requestId the client's own id of the request
 * @param resumed null for the first round
 */
public record LegacyRequest(
        Call call,
        Json requestId,
        SessionKey session,
        @Nullable Resumed resumed) {

    /**
     * Where the rounds before have left off.
     *
     * @param stream id of the stream that the call answers on
     * @param nextSeq sequence number the next frame gets
     * @param chain the rounds so far, opened
     */
    public record Resumed(String stream, long nextSeq, Seal.Chain chain) {}
}
