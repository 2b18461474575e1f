package smcp.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Rounds;
import smcp.protocol.Frames;
import smcp.protocol.Json;
import smcp.protocol.JsonText;
import smcp.protocol.Splice;
import smcp.tenant.Shown;

/**
 * What a tenant asks its client in one round, as requests to a legacy client.
 *
 * @param frames one JSON-RPC request each
 * @param keys our request id to the tenant's key
 */
record Questions(List<Json> frames, Map<String, String> keys) {
    private static final Set<String> METHODS = Set.of("elicitation/create", "sampling/createMessage", "roots/list");
    private static final String ID = "ask.";

    /** @throws Fault if the tenant asks for something it must not */
    static Questions of(String exchange, @Nullable Json inputRequests, JsonNode capabilities) {
        var frames = new ArrayList<Json>();
        var keys = new LinkedHashMap<String, String>();
        var asked = inputRequests == null ? Map.<String, Json>of() : Rounds.objects("inputRequests", inputRequests);
        for (var entry : asked.entrySet()) {
            var question = JsonText.tree(entry.getValue());
            var method = question.path("method").asText();
            refuseUnlessDeclared(method, question.path("params"), capabilities);
            var id = ID + exchange + "." + frames.size();
            keys.put(id, entry.getKey());
            frames.add(Frames.request(Json.of(Splice.quote(id)), method, params(id, question.path("params"))));
        }
        return new Questions(List.copyOf(frames), keys);
    }

    private static void refuseUnlessDeclared(String method, JsonNode params, JsonNode capabilities) {
        if (!METHODS.contains(method)) {
            throw new Fault(
                    Kind.TENANT_PROTOCOL, "the tenant's server asks its client for \"" + Shown.of(method) + "\"");
        }
        var capability = method.substring(0, method.indexOf('/'));
        var declared = capabilities.path(capability);
        var url = params.path("mode").asText().equals("url");
        var has = declared.isObject()
                && (!capability.equals("elicitation")
                        || (url ? declared.has("url") : declared.has("form") || declared.isEmpty()));
        if (!has) {
            throw new Fault(
                    Kind.CAPABILITY_MISSING,
                    "this needs a client with the capability " + capability + (url ? ".url" : "")
                            + ", which yours did not declare");
        }
    }

    /** URL elicitation has an id of its own up to 2025-11-25 (digest §10.2); the id of the request is as good as any. */
    private static Json params(String id, JsonNode params) {
        if (params instanceof ObjectNode object && object.path("mode").asText().equals("url")) {
            object.put("elicitationId", id);
        }
        return params.isObject() ? Json.of(params.toString()) : Json.EMPTY_OBJECT;
    }

    /** The exchange an answer belongs to; null if its id is none of ours. */
    static @Nullable String exchangeOf(String id) {
        var dot = id.lastIndexOf('.');
        return id.startsWith(ID) && dot > ID.length() ? id.substring(ID.length(), dot) : null;
    }
}
