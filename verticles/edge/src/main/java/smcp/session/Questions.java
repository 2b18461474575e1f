package smcp.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import smcp.contract.Asked;
import smcp.protocol.Frames;
import smcp.protocol.Json;
import smcp.protocol.Members;
import smcp.protocol.Splice;

/**
 * What a tenant asks its client in one round, as requests to a legacy client.
 *
 * @param frames one JSON-RPC request each
 * @param keys our request id to the tenant's key
 */
record Questions(List<Json> frames, Map<String, String> keys) {
    private static final String ID = "ask.";
    private static final String ELICITATION_ID = "elicitationId";

    static Questions of(String exchange, List<Asked> asked) {
        var frames = new ArrayList<Json>();
        var keys = new LinkedHashMap<String, String>();
        for (var question : asked) {
            var id = ID + exchange + "." + frames.size();
            keys.put(id, question.key());
            frames.add(Frames.request(Json.of(Splice.quote(id)), question.method(), params(id, question)));
        }
        return new Questions(List.copyOf(frames), keys);
    }

    /** URL elicitation has an id of its own up to 2025-11-25 (digest §10.2); the id of the request is as good as any. */
    private static Json params(String id, Asked question) {
        var params = question.params();
        if (!question.url() || Members.of(params).containsKey(ELICITATION_ID)) {
            return params;
        }
        // one that asks for a URL has at least its mode, so a comma is needed
        return new Splice(params.length() + 64)
                .put('{')
                .putString(ELICITATION_ID)
                .put(':')
                .putString(id)
                .put(',')
                .put(params.bytes(), params.from() + 1, params.to())
                .json();
    }

    /** The exchange an answer belongs to; null if its id is none of ours. */
    static @Nullable String exchangeOf(String id) {
        var dot = id.lastIndexOf('.');
        return id.startsWith(ID) && dot > ID.length() ? id.substring(ID.length(), dot) : null;
    }
}
