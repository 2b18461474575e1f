package smcp.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import smcp.api.CachePolicy;
import smcp.api.ProtocolError;
import smcp.api.ResourceContents;
import smcp.api.ResourceTemplate;

/** {@code resources/read}: a resource of that very URI, else the first template that matches. */
record ReadResource(Catalogue catalogue) implements Operation {
    /** Longer URIs match nothing; what templates do with one costs time. */
    private static final int MAX_URI = 8_192;

    @Override
    public byte[] perform(RunningCall call) throws Exception {
        var uri = call.request().name();
        if (uri == null) throw new ProtocolError(ProtocolError.INVALID_PARAMS, "params.uri is missing");
        var resource = catalogue.resources.get(uri);
        if (resource != null) return result(uri, resource.reader().read(call), resource.cache(), call.json());
        if (uri.length() > MAX_URI) throw unknown(uri, call.json());
        for (var template : catalogue.templates.values()) {
            var variables = template.pattern().match(uri);
            if (variables.isPresent()) {
                var match = new ResourceTemplate.Match(uri, variables.get());
                var contents = template.definition().reader().read(match, call);
                return result(uri, contents, template.definition().cache(), call.json());
            }
        }
        throw unknown(uri, call.json());
    }

    private static byte[] result(String uri, List<ResourceContents> contents, CachePolicy cache, Json json) {
        if (contents.isEmpty()) throw unknown(uri, json); // never an empty result: MCP 2026-07-28, Resources
        ObjectNode result = json.object().put("resultType", "complete");
        var array = result.putArray("contents");
        contents.forEach(each -> array.add(json.mapper().<com.fasterxml.jackson.databind.JsonNode>valueToTree(each)));
        return json.bytes(Catalogue.cached(result, cache));
    }

    private static ProtocolError unknown(String uri, Json json) {
        return new ProtocolError(
                ProtocolError.INVALID_PARAMS,
                "Unknown resource: " + Schema.shortened(uri),
                json.object().put("uri", uri));
    }
}
