package smcp.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.protocol.Json;
import smcp.protocol.JsonText;
import smcp.protocol.Members;
import smcp.protocol.ResultParts;
import smcp.tenant.Shown;

/**
 * One thing that a tenant asks its client in the middle of a call.
 *
 * @param key the tenant's own, which the answer comes back under
 * @param method {@code elicitation/create}, {@code sampling/createMessage} or {@code roots/list}
 * @param params as the tenant wrote them
 * @param url is it an elicitation that leads to a web page?
 */
public record Asked(String key, String method, Json params, boolean url) {
    private static final Set<String> METHODS = Set.of("elicitation/create", "sampling/createMessage", "roots/list");

    /**
     * What an {@code input_required} result asks, in order.
     *
     * @throws Fault {@link Kind#CAPABILITY_MISSING} if the client did not declare what it would need (MCP 2026-07-28, Multi Round-Trip Requests: MUST NOT), {@link Kind#TENANT_PROTOCOL} if the
     *     result is malformed or its method may not ask
     */
    public static List<Asked> of(ResultParts result, Call call) {
        if (!call.method().mayAskTheClient()) {
            throw wrong("answers " + call.method().wire() + " with a question");
        }
        var requests = result.inputRequests();
        if (requests == null) {
            return List.of();
        }
        var asked = new ArrayList<Asked>();
        objects(requests).forEach((key, request) -> asked.add(one(key, request, call.client())));
        return List.copyOf(asked);
    }

    private static Map<String, Json> objects(Json requests) {
        try {
            return Rounds.objects("inputRequests", requests);
        } catch (Fault e) {
            throw wrong("asks its client in a wrong form: " + e.message());
        }
    }

    private static Asked one(String key, Json request, ClientFacts client) {
        var members = Members.of(request);
        var method = text(members.get("method"));
        if (!METHODS.contains(method)) {
            throw wrong("asks its client for \"" + Shown.of(method) + "\"");
        }
        var params = members.get("params");
        if (params != null && params.first() != '{') {
            throw wrong("asks its client with params that are no object");
        }
        var plain = params == null ? Json.EMPTY_OBJECT : params;
        var asked = new Asked(
                key, method, plain, text(Members.of(plain).get("mode")).equals("url"));
        asked.refuseUnlessDeclared(client);
        return asked;
    }

    private static String text(@Nullable Json value) {
        return value == null || value.first() != '"' ? "" : JsonText.string(value);
    }

    private void refuseUnlessDeclared(ClientFacts client) {
        var capability = method.substring(0, method.indexOf('/'));
        var declared = JsonText.tree(client.capabilities()).path(capability);
        var mode = url ? "url" : "form";
        var elicitation = capability.equals("elicitation");
        // an empty elicitation capability means the form mode alone (digest §7.2)
        var has = declared.isObject() && (!elicitation || declared.has(mode) || (!url && !declared.has("url")));
        if (!has) {
            var inner = elicitation ? "{\"" + mode + "\":{}}" : "{}";
            throw Fault.withData(
                    Kind.CAPABILITY_MISSING,
                    "this needs a client with the capability " + capability + (url ? ".url" : "")
                            + ", which yours did not declare",
                    "{\"requiredCapabilities\":{\"" + capability + "\":" + inner + "}}");
        }
    }

    /** The tenant's own state, decoded; null if it gave none. @throws Fault if it is no string */
    public static @Nullable String state(ResultParts result) {
        var state = result.requestState();
        if (state != null && state.first() != '"') {
            throw wrong("gives a requestState that is no string");
        }
        return state == null ? null : JsonText.string(state);
    }

    private static Fault wrong(String what) {
        return new Fault(Kind.TENANT_PROTOCOL, "the tenant's server " + what);
    }
}
