package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * {@code smcp.json} of a package: what the package is and what it wishes; the operator's record decides what it gets.
 *
 * @param name of the server, shown to clients as {@code serverInfo.name}
 * @param version shown to clients; the platform numbers versions by itself
 * @param engine what runs it
 * @param entry {@code js}: module path inside the package; {@code verticle}: class name
 * @param limits wishes
 * @param auditArguments true if the audit log shall have the arguments of its calls too
 */
public record Manifest(
        String name,
        String version,
        @Nullable String title,
        @Nullable String description,
        @Nullable String websiteUrl,
        EngineKind engine,
        String entry,
        @Nullable String instructions,
        Limits.Wish limits,
        boolean auditArguments) {
    private static final int LONGEST = 200;
    private static final int LONGEST_URL = 2_000;

    @JsonCreator
    public Manifest(
            @JsonProperty(value = "name", required = true) String name,
            @JsonProperty("version") @Nullable String version,
            @JsonProperty("title") @Nullable String title,
            @JsonProperty("description") @Nullable String description,
            @JsonProperty("websiteUrl") @Nullable String websiteUrl,
            @JsonProperty(value = "engine", required = true) EngineKind engine,
            @JsonProperty(value = "entry", required = true) String entry,
            @JsonProperty("instructions") @Nullable String instructions,
            @JsonProperty("limits") Limits.@Nullable Wish limits,
            @JsonProperty("auditArguments") boolean auditArguments) {
        this.name = filled("name", name);
        this.version = version == null ? "0.0.0" : filled("version", version);
        this.title = title;
        this.description = description;
        this.websiteUrl = web(websiteUrl);
        this.engine = engine;
        this.entry = filled("entry", entry);
        this.instructions = instructions;
        this.limits = limits == null ? Limits.Wish.NONE : limits;
        this.auditArguments = auditArguments;
    }

    /** Clients show it as a link, so it must not run anything (MCP 2025-11-25, Implementation: a URL). */
    private static @Nullable String web(@Nullable String url) {
        if (url == null) {
            return null;
        }
        try {
            var uri = new URI(url);
            var scheme = uri.getScheme();
            if (url.length() <= LONGEST_URL
                    && uri.getHost() != null
                    && ("http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme))) {
                return url;
            }
        } catch (URISyntaxException e) {
            // told below, like every other one
        }
        throw new IllegalArgumentException("smcp.json: websiteUrl must be an http or https URL of at most "
                + LONGEST_URL + " characters, got \"" + Shown.of(url) + "\"");
    }

    private static String filled(String field, @Nullable String value) {
        if (value == null || value.isBlank() || value.length() > LONGEST) {
            throw new IllegalArgumentException("smcp.json: " + field + " must have 1 to " + LONGEST
                    + " characters, got " + (value == null ? "nothing" : "\"" + Shown.of(value) + "\""));
        }
        return value;
    }
}
