package smcp.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.contract.BlobStore;
import smcp.contract.KeyRing;
import smcp.contract.UsageSource;
import smcp.contract.ValueStore;
import smcp.contract.Versioned;
import smcp.tenant.ApiKey;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Client;
import smcp.tenant.Limits;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.Version;

/** The JSON of the admin API, written by hand: a change of a stored record must not change the API by accident. Described in {@code openapi.json}. */
final class Views {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Views() {}

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static <T> ArrayNode array(List<T> values, Function<T, ? extends JsonNode> view) {
        var array = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> array.add(view.apply(value)));
        return array;
    }

    static ObjectNode tenant(Versioned<Tenant> record) {
        var tenant = record.value();
        var view = object().put("id", tenant.id().value())
                .put("open", tenant.open())
                .put("trust", tenant.trust().name().toLowerCase(Locale.ROOT));
        view.set("limits", wish(tenant.limits()));
        view.set("effectiveLimits", limits(tenant.limits().over(Limits.DEFAULT)));
        view.set("active", array(tenant.active(), Views::share));
        return view.put("lastVersion", tenant.lastVersion())
                .put("created", tenant.created().toString())
                .put("revision", record.revision());
    }

    private static ObjectNode wish(Limits.Wish wish) {
        var view = object();
        put(view, "concurrency", wish.concurrency());
        put(view, "queue", wish.queue());
        put(view, "callTimeoutMs", wish.callTimeoutMs());
        put(view, "startTimeoutMs", wish.startTimeoutMs());
        put(view, "responseBytes", wish.responseBytes());
        put(view, "notices", wish.notices());
        put(view, "idleMs", wish.idleMs());
        put(view, "kvEntries", wish.kvEntries());
        put(view, "kvBytes", wish.kvBytes());
        put(view, "valueBytes", wish.valueBytes());
        put(view, "blobs", wish.blobs());
        put(view, "blobBytes", wish.blobBytes());
        return view;
    }

    private static void put(ObjectNode view, String name, @Nullable Number value) {
        if (value != null) {
            view.put(name, value.longValue());
        }
    }

    private static ObjectNode limits(Limits limits) {
        return object().put("concurrency", limits.concurrency())
                .put("queue", limits.queue())
                .put("callTimeoutMs", limits.callTimeout().toMillis())
                .put("startTimeoutMs", limits.startTimeout().toMillis())
                .put("responseBytes", limits.responseBytes())
                .put("notices", limits.notices())
                .put("idleMs", limits.idle().toMillis())
                .put("kvEntries", limits.storage().kvEntries())
                .put("kvBytes", limits.storage().kvBytes())
                .put("valueBytes", limits.storage().valueBytes())
                .put("blobs", limits.storage().blobs())
                .put("blobBytes", limits.storage().blobBytes());
    }

    /** By kind of what is kept. */
    static ObjectNode kept(UsageSource.Kept kept) {
        var view = object();
        put(view, "entries", kept.entries());
        put(view, "entriesQuota", kept.entriesQuota());
        put(view, "bytes", kept.bytes());
        put(view, "bytesQuota", kept.bytesQuota());
        return view;
    }

    static ObjectNode blob(BlobStore.Blob blob) {
        return object().put("name", blob.name())
                .put("bytes", blob.bytes())
                .put("etag", blob.etag())
                .put("modified", blob.modified().toString());
    }

    static ObjectNode value(ValueStore.Key key) {
        var view = object().put("key", key.name()).put("bytes", key.bytes()).put("version", key.version());
        return key.expires() == null ? view : view.put("expires", key.expires().toString());
    }

    static ObjectNode share(Share share) {
        var view = object().put("version", share.version()).put("percent", share.percent());
        return share.region() == null ? view : view.put("region", share.region());
    }

    /** @param tenant as it is now, for whether the version serves */
    static ObjectNode version(Version version, Tenant tenant) {
        var manifest = version.manifest();
        var active = tenant.active().stream()
                .anyMatch(share -> share.version() == version.ref().number());
        var view = object().put("tenant", version.ref().tenant().value())
                .put("version", version.ref().number())
                .put("active", active)
                .put("packageHash", version.packageHash())
                .put("packageBytes", version.packageBytes())
                .put("deployed", version.deployed().toString())
                .put("by", version.by());
        var shown = object().put("name", manifest.name())
                .put("version", manifest.version())
                .put("engine", manifest.engine().word())
                .put("entry", manifest.entry());
        if (manifest.title() != null) {
            shown.put("title", manifest.title());
        }
        if (manifest.description() != null) {
            shown.put("description", manifest.description());
        }
        view.set("manifest", shown);
        return view;
    }

    /** Names only; whole lists are what MCP is for. */
    static ObjectNode catalogue(CatalogueEdition edition) {
        var view = object().put("edition", edition.edition());
        view.set("tools", names(edition.tools(), "name"));
        view.set("prompts", names(edition.prompts(), "name"));
        view.set("resources", names(edition.resources(), "uri"));
        view.set("resourceTemplates", names(edition.templates(), "uriTemplate"));
        return view;
    }

    private static ArrayNode names(CatalogueEdition.Listing listing, String field) {
        return array(
                listing.items(),
                item -> JsonNodeFactory.instance.textNode(read(item).path(field).asText()));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a catalogue item is not JSON", e);
        }
    }

    static ObjectNode client(Versioned<Client> record) {
        var client = record.value();
        var view = object().put("tenant", client.tenant().value())
                .put("id", client.id().value());
        view.set(
                "permissions",
                object().set("tools", array(client.permissions().tools(), JsonNodeFactory.instance::textNode)));
        return view.put("created", client.created().toString()).put("revision", record.revision());
    }

    /** Never the hash. */
    static ObjectNode key(ApiKey key) {
        var view = object().put("id", key.id()).put("created", key.created().toString());
        return key.expires() == null ? view : view.put("expires", key.expires().toString());
    }

    static ObjectNode issued(KeyRing.Issued issued) {
        return key(issued.key()).put("token", issued.token());
    }
}
