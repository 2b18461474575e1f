package smcp.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A legacy call that waits for its client's answers. The record is the loop: whoever gets the last answer drives the next round (design §4), so it holds all that is needed to go on.
 *
 * @param stream id of the stream the questions went out on and the result will
 * @param requestId the client's own id of the call, JSON text
 * @param method wire name
 * @param params as {@link Call#params}, JSON text
 * @param foreignMeta as {@link Call#foreignMeta}, JSON text
 * @param round counts from 1
 * @param waiting our request id (as sent) to the tenant's key, for every question not answered yet
 * @param answers the tenant's key to the result object, JSON text, for those that are
 * @param state the tenant's sealed state; null if it gave none
 * @param deadline when the wait ends
 * @param stamp grows with each change
 */
public record Exchange(
        @JsonProperty("id") String id,
        @JsonProperty("stream") String stream,
        @JsonProperty("nextSeq") long nextSeq,
        @JsonProperty("requestId") String requestId,
        @JsonProperty("method") String method,
        @JsonProperty("name") String name,
        @JsonProperty("params") String params,
        @JsonProperty("foreignMeta") List<String> foreignMeta,
        @JsonProperty("progressToken") @Nullable String progressToken,
        @JsonProperty("round") int round,
        @JsonProperty("waiting") Map<String, String> waiting,
        @JsonProperty("answers") Map<String, String> answers,
        @JsonProperty("state") @Nullable String state,
        @JsonProperty("deadline") Instant deadline,
        @JsonProperty("stamp") long stamp) {
    public Exchange {
        foreignMeta = List.copyOf(foreignMeta);
        waiting = Map.copyOf(waiting);
        answers = Map.copyOf(answers);
    }
}
