package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What a version offers, as it was read from the version itself: the result of {@code server/discover} and its four lists. JSON is kept as the tenant wrote it, because schemas must pass through untouched
 * (digest §9.1). Editions of a version count from 1; a {@code list_changed} makes the next.
 *
 * @param discover the DiscoverResult, JSON text
 * @param serverInfo the Implementation object that is stamped on results, JSON text
 */
public record CatalogueEdition(
        VersionRef version,
        int edition,
        String discover,
        String serverInfo,
        Listing tools,
        Listing resources,
        Listing templates,
        Listing prompts) {
    @JsonCreator
    public CatalogueEdition(
            @JsonProperty("version") VersionRef version,
            @JsonProperty("edition") int edition,
            @JsonProperty("discover") String discover,
            @JsonProperty("serverInfo") String serverInfo,
            @JsonProperty("tools") Listing tools,
            @JsonProperty("resources") Listing resources,
            @JsonProperty("templates") Listing templates,
            @JsonProperty("prompts") Listing prompts) {
        this.version = version;
        this.edition = edition;
        this.discover = discover;
        this.serverInfo = serverInfo;
        this.tools = tools;
        this.resources = resources;
        this.templates = templates;
        this.prompts = prompts;
    }

    /**
     * One list.
     *
     * @param items each item's JSON text, in the tenant's order
     * @param ttlMs cache hint, 0 or more
     * @param cacheScope {@code public} or {@code private}
     */
    public record Listing(
            @JsonProperty("items") List<String> items,
            @JsonProperty("ttlMs") long ttlMs,
            @JsonProperty("cacheScope") String cacheScope) {
        public static final Listing NONE = new Listing(List.of(), 0, "private");

        public Listing {
            items = List.copyOf(items);
        }
    }

    /** Do both offer the same? */
    public boolean sameContent(CatalogueEdition other) {
        return discover.equals(other.discover)
                && tools.equals(other.tools)
                && resources.equals(other.resources)
                && templates.equals(other.templates)
                && prompts.equals(other.prompts);
    }
}
