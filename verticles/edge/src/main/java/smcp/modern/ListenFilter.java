package smcp.modern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.ChangeLog;
import smcp.contract.Offer;
import smcp.protocol.Json;
import smcp.protocol.JsonText;

/**
 * What a subscription asked for and gets (MCP 2026-07-28, {@code subscriptions/listen}).
 *
 * @param uris resources whose content it hears about
 */
record ListenFilter(boolean tools, boolean prompts, boolean resources, Set<String> uris) {
    private static final ObjectMapper JSON = new ObjectMapper();

    ListenFilter {
        uris = Set.copyOf(uris);
    }

    /** The honoured part of what was asked. @throws Fault if the request is malformed */
    static ListenFilter of(@Nullable Json params, Offer offer, int mostUris) {
        var asked = params == null ? JSON.missingNode() : JsonText.tree(params).path("notifications");
        if (!asked.isObject()) {
            throw new Fault(Kind.INVALID_PARAMS, "params.notifications must be an object");
        }
        return new ListenFilter(
                flag(asked, "toolsListChanged") && offer.declares("tools", "listChanged"),
                flag(asked, "promptsListChanged") && offer.declares("prompts", "listChanged"),
                flag(asked, "resourcesListChanged") && offer.declares("resources", "listChanged"),
                offer.declares("resources", "subscribe") ? uris(asked, mostUris) : Set.of());
    }

    private static boolean flag(JsonNode asked, String name) {
        var value = asked.path(name);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw new Fault(Kind.INVALID_PARAMS, "params.notifications." + name + " must be a boolean");
        }
        return value.asBoolean(false);
    }

    private static Set<String> uris(JsonNode asked, int most) {
        var value = asked.path("resourceSubscriptions");
        if (value.isMissingNode()) {
            return Set.of();
        }
        if (!value.isArray() || value.size() > most) {
            throw new Fault(
                    Kind.INVALID_PARAMS,
                    "params.notifications.resourceSubscriptions must be an array of at most " + most + " URIs");
        }
        var uris = new LinkedHashSet<String>();
        for (var uri : value) {
            if (!uri.isTextual()) {
                throw new Fault(
                        Kind.INVALID_PARAMS, "params.notifications.resourceSubscriptions must be an array of strings");
            }
            uris.add(uri.textValue());
        }
        return uris;
    }

    boolean wants(ChangeLog.Change change) {
        return switch (change.kind()) {
            case TOOLS -> tools;
            case PROMPTS -> prompts;
            case RESOURCES -> resources;
            case RESOURCE -> uris.contains(change.uri());
        };
    }

    /** The {@code notifications} object of the acknowledgement. */
    Json honoured() {
        var object = JSON.createObjectNode();
        if (tools) {
            object.put("toolsListChanged", true);
        }
        if (prompts) {
            object.put("promptsListChanged", true);
        }
        if (resources) {
            object.put("resourcesListChanged", true);
        }
        if (!uris.isEmpty()) {
            var array = object.putArray("resourceSubscriptions");
            uris.forEach(array::add);
        }
        return Json.of(object.toString());
    }
}
