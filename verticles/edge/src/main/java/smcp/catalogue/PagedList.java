package smcp.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;
import smcp.protocol.Meta;
import smcp.protocol.Revision;
import smcp.protocol.Splice;
import smcp.tenant.CatalogueEdition.Listing;

/**
 * One list of a catalogue, in pages. A cursor names the last item of the page before, so it means the same on every node and survives a new edition as long as that item does.
 */
final class PagedList {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String member;
    private final List<Item> items;
    private final Map<String, Integer> positions = new HashMap<>();
    private final Listing listing;
    private final String cacheScope;
    private final Json serverInfo;
    private final int pageSize;
    private final Map<Revision, Json> firstPages = new EnumMap<>(Revision.class);

    private record Item(String key, Json json) {}

    PagedList(String member, String keyName, Listing listing, Json serverInfo, boolean open, int pageSize) {
        this.member = member;
        this.listing = listing;
        this.serverInfo = serverInfo;
        this.pageSize = pageSize;
        this.cacheScope = CacheScope.allowed(listing.cacheScope(), open);
        this.items = listing.items().stream()
                .map(item -> new Item(key(item, keyName), Json.of(item)))
                .toList();
        for (var i = 0; i < items.size(); i++) {
            positions.put(items.get(i).key(), i);
        }
        for (var revision : Revision.values()) {
            firstPages.put(revision, render(revision, 0, _ -> true, cacheScope));
        }
    }

    private static String key(String item, String keyName) {
        try {
            return JSON.readTree(item).path(keyName).asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored catalogue is not JSON", e);
        }
    }

    /** Null if {@code cursor} is none of this list's. */
    @Nullable
    Json page(Revision revision, @Nullable String cursor) {
        if (cursor == null) {
            return firstPages.get(revision);
        }
        var from = after(cursor);
        return from < 0 ? null : render(revision, from, _ -> true, cacheScope);
    }

    /** A page of what {@code visible} lets through; private, because it is some callers' only. */
    @Nullable
    Json page(Revision revision, @Nullable String cursor, Predicate<String> visible) {
        // a cursor that names what the caller may not see tells as little as one that names nothing
        var from = cursor == null ? 0 : after(cursor);
        return from < 0 || (from > 0 && !visible.test(items.get(from - 1).key()))
                ? null
                : render(revision, from, visible, "private");
    }

    private int after(String cursor) {
        try {
            var text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
            var prefix = member + "\n";
            var position = text.startsWith(prefix) ? positions.get(text.substring(prefix.length())) : null;
            return position == null ? -1 : position + 1;
        } catch (IllegalArgumentException e) {
            return -1;
        }
    }

    private String cursorOf(String key) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((member + "\n" + key).getBytes(StandardCharsets.UTF_8));
    }

    private Json render(Revision revision, int from, Predicate<String> visible, String scope) {
        var shown = new ArrayList<Item>(Math.min(pageSize, items.size()));
        var at = from;
        while (at < items.size() && shown.size() < pageSize) {
            var item = items.get(at++);
            if (visible.test(item.key())) {
                shown.add(item);
            }
        }
        var more = items.stream().skip(at).anyMatch(item -> visible.test(item.key()));
        var out = new Splice(
                256 + shown.stream().mapToInt(item -> item.json().length() + 1).sum());
        out.put('{');
        if (revision.modern()) {
            out.put(ascii("\"resultType\":\"complete\","));
        }
        out.putString(member).put(ascii(":["));
        for (var i = 0; i < shown.size(); i++) {
            if (i > 0) {
                out.put(',');
            }
            out.put(shown.get(i).json());
        }
        out.put(']');
        if (more) {
            out.put(ascii(",\"nextCursor\":"))
                    .putString(cursorOf(shown.getLast().key()));
        }
        if (revision.modern()) {
            out.put(ascii(",\"ttlMs\":")).put(Math.max(0, listing.ttlMs()));
            out.put(ascii(",\"cacheScope\":\"" + scope + "\""));
            out.put(ascii(",\"_meta\":{\"" + Meta.SERVER_INFO + "\":"))
                    .put(serverInfo)
                    .put('}');
        }
        return out.put('}').json().detached();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
