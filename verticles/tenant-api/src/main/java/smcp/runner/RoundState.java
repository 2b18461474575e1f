package smcp.runner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import smcp.api.ProtocolError;

/**
 * What a call carries from round to round: the answers that tenant code has seen, the values kept by {@code once}, and its own state.
 * Plain JSON: the platform seals it on its way out and opens it on its way in.
 */
final class RoundState {
    /** It rides in every request of the chain. */
    static final int MAX_BYTES = 65_536;

    private final Json json;
    private final ObjectNode answers;
    private final ObjectNode kept;
    private final @Nullable String own;

    private RoundState(Json json, ObjectNode answers, ObjectNode kept, @Nullable String own) {
        this.json = json;
        this.answers = answers;
        this.kept = kept;
        this.own = own;
    }

    static RoundState open(@Nullable String state, Json json) {
        if (state == null) return new RoundState(json, json.object(), json.object(), null);
        try {
            if (json.mapper().readTree(state) instanceof ObjectNode node)
                return new RoundState(
                        json,
                        node.withObject("/answers"),
                        node.withObject("/once"),
                        node.path("state").textValue());
        } catch (JsonProcessingException | UnsupportedOperationException e) {
            throw new ProtocolError(ProtocolError.INVALID_PARAMS, "requestState is not one that this server gave out");
        }
        throw new ProtocolError(ProtocolError.INVALID_PARAMS, "requestState is not one that this server gave out");
    }

    @Nullable
    JsonNode answer(String key) {
        return answers.get(key);
    }

    void answered(String key, JsonNode answer) {
        answers.set(key, answer);
    }

    @Nullable
    JsonNode kept(String key) {
        return kept.get(key);
    }

    void keep(String key, JsonNode value) {
        kept.set(key, value);
    }

    @Nullable
    String own() {
        return own;
    }

    /** For the next round, or null if there is nothing to carry. */
    @Nullable
    String close(@Nullable String own) {
        var state = json.object();
        if (!answers.isEmpty()) state.set("answers", answers);
        if (!kept.isEmpty()) state.set("once", kept);
        if (own != null) state.put("state", own);
        if (state.isEmpty()) return null;
        var written = json.bytes(state);
        if (written.length > MAX_BYTES)
            throw new IllegalStateException("requestState is " + written.length + " bytes, the limit is " + MAX_BYTES
                    + ": answers, once values and own state of this call are too large");
        return new String(written, StandardCharsets.UTF_8);
    }
}
