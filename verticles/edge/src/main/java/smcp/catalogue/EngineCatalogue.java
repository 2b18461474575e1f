package smcp.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Future;
import java.util.HashSet;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.CatalogueReader;
import smcp.contract.Engine;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.CatalogueEdition.Listing;
import smcp.tenant.Manifest;
import smcp.tenant.Shown;
import smcp.tenant.Version;

/** Asks an engine for {@code server/discover} and the lists it declares, and checks what it says. */
public final class EngineCatalogue implements CatalogueReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ITEMS = 10_000;

    private final SchemaCheck schemas = new SchemaCheck();

    @Override
    public Future<CatalogueEdition> read(Engine engine, Version version, int edition) {
        return engine.ask(Method.DISCOVER).map(EngineCatalogue::tree).compose(discover -> {
            var capabilities = discover.path("capabilities");
            if (!capabilities.isObject()) {
                return Future.failedFuture(broken("server/discover has no capabilities object"));
            }
            var tools = list(engine, capabilities, Method.TOOLS_LIST, "tools", "name");
            var resources = list(engine, capabilities, Method.RESOURCES_LIST, "resources", "uri");
            var templates = list(engine, capabilities, Method.TEMPLATES_LIST, "resourceTemplates", "uriTemplate");
            var prompts = list(engine, capabilities, Method.PROMPTS_LIST, "prompts", "name");
            return Future.all(tools, resources, templates, prompts)
                    .map(_ -> new CatalogueEdition(
                            version.ref(),
                            edition,
                            discover.toString(),
                            serverInfo(version.manifest()),
                            tools.result(),
                            resources.result(),
                            templates.result(),
                            prompts.result()));
        });
    }

    private Future<Listing> list(Engine engine, JsonNode capabilities, Method method, String member, String key) {
        var capability = method.capability();
        if (capability == null || !capabilities.has(capability)) {
            return Future.succeededFuture(Listing.NONE);
        }
        return engine.ask(method).map(answer -> listing(method, member, key, answer));
    }

    private Listing listing(Method method, String member, String key, Json answer) {
        var result = tree(answer);
        var array = result.path(member);
        if (!array.isArray()) {
            throw broken(method.wire() + " has no array \"" + member + "\"");
        }
        if (result.has("nextCursor")) {
            throw broken(method.wire() + " must come in one page, but has a nextCursor");
        }
        if (array.size() > MOST_ITEMS) {
            throw broken(method.wire() + " has " + array.size() + " items, more than " + MOST_ITEMS);
        }
        var names = new HashSet<String>();
        for (var item : array) {
            var name = item.path(key);
            if (!name.isTextual() || name.textValue().isEmpty()) {
                throw broken(method.wire() + " has an item without \"" + key + "\"");
            }
            if (!names.add(name.textValue())) {
                throw broken(method.wire() + " has \"" + Shown.of(name.textValue()) + "\" twice");
            }
            if (method == Method.TOOLS_LIST) {
                schemas.check(name.textValue(), item);
            }
        }
        return new Listing(
                RawItems.of(answer, member),
                Math.max(0, result.path("ttlMs").asLong(0)),
                result.path("cacheScope").asText("private"));
    }

    /** The manifest's word, not the code's: what clients see of a server is what its package says. */
    private static String serverInfo(Manifest manifest) {
        var info = JSON.createObjectNode();
        info.put("name", manifest.name());
        info.put("version", manifest.version());
        putIfGiven(info, "title", manifest.title());
        putIfGiven(info, "description", manifest.description());
        putIfGiven(info, "websiteUrl", manifest.websiteUrl());
        return info.toString();
    }

    private static void putIfGiven(ObjectNode node, String name, @Nullable String value) {
        if (value != null) {
            node.put(name, value);
        }
    }

    private static JsonNode tree(Json json) {
        try {
            return JSON.readTree(json.text());
        } catch (JsonProcessingException e) {
            throw broken("an answer is not JSON");
        }
    }

    static Fault broken(String what) {
        return new Fault(Kind.TENANT_BROKEN, what);
    }
}
