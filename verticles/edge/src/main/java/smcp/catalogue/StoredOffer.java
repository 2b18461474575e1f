package smcp.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import smcp.contract.Offer;
import smcp.protocol.Json;
import smcp.protocol.Meta;
import smcp.protocol.Method;
import smcp.protocol.Revision;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Permissions;

/** A catalogue edition with its answers rendered once, when the edition is stored. */
final class StoredOffer implements Offer {
    /** How a runner lists that a tool declares {@code once}. */
    private static final String ONCE = "smcp/once";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CatalogueEdition edition;
    private final JsonNode capabilities;
    private final Json discover;
    private final Json serverInfo;
    private final @Nullable String instructions;
    private final Map<Method, PagedList> lists = new EnumMap<>(Method.class);
    private final Map<String, ToolFacts> tools;

    /**
     * @param open may anybody call the tenant? If not, no answer may be shared between callers, whatever the tenant says (digest §12)
     * @param pageSize most items of one page of a list
     */
    StoredOffer(CatalogueEdition edition, boolean open, int pageSize) {
        this.edition = edition;
        this.serverInfo = Json.of(edition.serverInfo());
        var described = tree(edition.discover());
        this.capabilities = described.path("capabilities");
        this.instructions = described.path("instructions").isTextual()
                ? described.path("instructions").textValue()
                : null;
        this.discover = discoverResult(described, open);
        this.tools = toolIndex(edition);
        lists.put(Method.TOOLS_LIST, new PagedList("tools", "name", edition.tools(), serverInfo, open, pageSize));
        lists.put(
                Method.RESOURCES_LIST,
                new PagedList("resources", "uri", edition.resources(), serverInfo, open, pageSize));
        lists.put(
                Method.TEMPLATES_LIST,
                new PagedList("resourceTemplates", "uriTemplate", edition.templates(), serverInfo, open, pageSize));
        lists.put(Method.PROMPTS_LIST, new PagedList("prompts", "name", edition.prompts(), serverInfo, open, pageSize));
    }

    /** What a call needs to know of its tool. */
    private record ToolFacts(List<MirroredParam> mirrored, boolean once, boolean repeatable) {
        static final ToolFacts UNKNOWN = new ToolFacts(List.of(), false, false);
    }

    private static Map<String, ToolFacts> toolIndex(CatalogueEdition edition) {
        var index = new HashMap<String, ToolFacts>();
        for (var item : edition.tools().items()) {
            var tool = tree(item);
            var annotations = tool.path("annotations");
            index.put(
                    tool.path("name").asText(),
                    new ToolFacts(
                            MirroredParams.of(tool.path("inputSchema")),
                            tool.path("_meta").path(ONCE).asBoolean(false),
                            hint(annotations, "readOnlyHint") || hint(annotations, "idempotentHint")));
        }
        return Map.copyOf(index);
    }

    /** Only a true is a promise: {@code "true"} and 1 are none. */
    private static boolean hint(JsonNode annotations, String name) {
        return annotations.path(name).isBoolean() && annotations.path(name).booleanValue();
    }

    private Json discoverResult(JsonNode described, boolean open) {
        var result = described.deepCopy();
        if (result instanceof ObjectNode object) {
            object.put("resultType", "complete");
            var versions = object.putArray("supportedVersions");
            Revision.MODERN.forEach(revision -> versions.add(revision.id()));
            object.put("ttlMs", Math.max(0, object.path("ttlMs").asLong(0)));
            object.put(
                    "cacheScope", CacheScope.allowed(object.path("cacheScope").asText("private"), open));
            var meta = object.path("_meta").isObject() ? (ObjectNode) object.get("_meta") : object.putObject("_meta");
            meta.set(Meta.SERVER_INFO, tree(edition.serverInfo()));
        }
        return Json.of(result.toString());
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored catalogue is not JSON", e);
        }
    }

    @Override
    public CatalogueEdition edition() {
        return edition;
    }

    @Override
    public boolean declares(String capability) {
        return capabilities.has(capability);
    }

    @Override
    public boolean declares(String capability, String flag) {
        return capabilities.path(capability).path(flag).asBoolean(false);
    }

    @Override
    public boolean hasTool(String name) {
        return tools.containsKey(name);
    }

    @Override
    public List<MirroredParam> mirrored(String tool) {
        return tools.getOrDefault(tool, ToolFacts.UNKNOWN).mirrored();
    }

    @Override
    public boolean once(String tool) {
        return tools.getOrDefault(tool, ToolFacts.UNKNOWN).once();
    }

    @Override
    public boolean repeatable(String tool) {
        return tools.getOrDefault(tool, ToolFacts.UNKNOWN).repeatable();
    }

    @Override
    public @Nullable Json answer(Method method, Revision revision, @Nullable String cursor, Permissions permissions) {
        if (method == Method.DISCOVER) {
            return discover;
        }
        var list = lists.get(method);
        if (list == null) {
            throw new IllegalArgumentException("not a list: " + method);
        }
        if (method == Method.TOOLS_LIST && !permissions.allTools()) {
            return list.page(revision, cursor, permissions::allowsTool);
        }
        return list.page(revision, cursor);
    }

    @Override
    public Json initializeResult(Revision revision) {
        var result = JSON.createObjectNode();
        result.put("protocolVersion", revision.id());
        result.set("capabilities", capabilities);
        result.set("serverInfo", tree(edition.serverInfo()));
        if (instructions != null) {
            result.put("instructions", instructions);
        }
        return Json.of(result.toString());
    }

    @Override
    public Json serverInfo() {
        return serverInfo;
    }
}
