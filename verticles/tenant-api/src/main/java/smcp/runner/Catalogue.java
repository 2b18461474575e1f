package smcp.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import smcp.api.CachePolicy;
import smcp.api.Resource;

/** What a server offers at one moment; immutable, so that calls read it without locks. */
final class Catalogue {
    final Map<String, ServedTool<?>> tools;
    final Map<String, ServedPrompt<?>> prompts;
    final Map<String, Resource> resources;
    final Map<String, ServedTemplate> templates;
    private final CachePolicy cache;
    private final Json json;
    /** Written when first asked for. Guarded by itself. */
    private final Map<CatalogueList, byte[]> lists = new EnumMap<>(CatalogueList.class);

    Catalogue(
            Map<String, ServedTool<?>> tools,
            Map<String, ServedPrompt<?>> prompts,
            Map<String, Resource> resources,
            Map<String, ServedTemplate> templates,
            CachePolicy cache,
            Json json) {
        this.tools = Collections.unmodifiableMap(new LinkedHashMap<>(tools));
        this.prompts = Collections.unmodifiableMap(new LinkedHashMap<>(prompts));
        this.resources = Collections.unmodifiableMap(new LinkedHashMap<>(resources));
        this.templates = Collections.unmodifiableMap(new LinkedHashMap<>(templates));
        this.cache = cache;
        this.json = json;
    }

    boolean completes() {
        return prompts.values().stream()
                        .anyMatch(prompt -> !prompt.definition().completers().isEmpty())
                || templates.values().stream()
                        .anyMatch(
                                template -> !template.definition().completers().isEmpty());
    }

    CachePolicy cache() {
        return cache;
    }

    /** The whole result object of a list. */
    byte[] list(CatalogueList kind) {
        synchronized (lists) {
            return lists.computeIfAbsent(kind, this::write).clone();
        }
    }

    private byte[] write(CatalogueList kind) {
        List<ObjectNode> entries = new ArrayList<>();
        switch (kind) {
            case TOOLS -> tools.values().forEach(tool -> entries.add(Entries.of(tool, json)));
            case PROMPTS -> prompts.values().forEach(prompt -> entries.add(Entries.of(prompt, json)));
            case RESOURCES -> resources.values().forEach(resource -> entries.add(Entries.of(resource, json)));
            case RESOURCE_TEMPLATES ->
                templates.values().forEach(template -> entries.add(Entries.of(template.definition(), json)));
        }
        var result = json.object().put("resultType", "complete");
        result.putArray(kind.field()).addAll(entries);
        return json.bytes(cached(result, cache));
    }

    static ObjectNode cached(ObjectNode result, CachePolicy cache) {
        return result.put("ttlMs", cache.ttl().toMillis())
                .put("cacheScope", cache.scope().wire());
    }
}
