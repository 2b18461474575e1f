package smcp.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import smcp.api.ContentAnnotations;
import smcp.api.Labels;
import smcp.api.Resource;
import smcp.api.ResourceTemplate;

/** List entries as JSON. Schemas go in as they are: not a keyword may be lost or moved (MCP 2026-07-28, Tools). */
final class Entries {
    private Entries() {}

    static ObjectNode of(ServedTool<?> tool, Json json) {
        var entry = labelled(
                json.object().put("name", tool.definition().name()),
                tool.definition().labels(),
                json);
        entry.set("inputSchema", tool.arguments().listed());
        var output = tool.output();
        if (output != null) entry.set("outputSchema", output.listed());
        var annotations = tool.definition().annotations();
        if (annotations != null) entry.set("annotations", json.mapper().valueToTree(annotations));
        return entry;
    }

    static ObjectNode of(ServedPrompt<?> prompt, Json json) {
        var entry = labelled(
                json.object().put("name", prompt.definition().name()),
                prompt.definition().labels(),
                json);
        if (!prompt.arguments().isEmpty()) entry.set("arguments", json.mapper().valueToTree(prompt.arguments()));
        return entry;
    }

    static ObjectNode of(Resource resource, Json json) {
        var named = json.object().put("uri", resource.uri()).put("name", resource.name());
        var entry = typed(labelled(named, resource.labels(), json), resource.mimeType(), resource.annotations(), json);
        var size = resource.size();
        return size == null ? entry : entry.put("size", size);
    }

    static ObjectNode of(ResourceTemplate template, Json json) {
        var entry = json.object().put("uriTemplate", template.uriTemplate()).put("name", template.name());
        return typed(labelled(entry, template.labels(), json), template.mimeType(), template.annotations(), json);
    }

    private static ObjectNode typed(
            ObjectNode entry, @Nullable String mimeType, @Nullable ContentAnnotations annotations, Json json) {
        if (mimeType != null) entry.put("mimeType", mimeType);
        if (annotations != null) entry.set("annotations", json.mapper().valueToTree(annotations));
        return entry;
    }

    private static ObjectNode labelled(ObjectNode entry, Labels labels, Json json) {
        if (labels.title() != null) entry.put("title", labels.title());
        if (labels.description() != null) entry.put("description", labels.description());
        if (!labels.icons().isEmpty()) entry.set("icons", json.mapper().valueToTree(labels.icons()));
        if (labels.meta() != null) entry.set("_meta", labels.meta());
        return entry;
    }
}
