package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * {@code smcp.json} of a package: what the package is and what it wishes; the operator's record decides what it gets.
 *
 * @param name of the server, shown to clients as {@code serverInfo.name}
 * @param version shown to clients; the platform numbers versions by itself
 * @param engine what runs it
 * @param entry {@code js}: module path inside the package; {@code verticle}: class name
 * @param limits wishes
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
        Limits.Wish limits) {
    private static final int LONGEST = 200;

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
            @JsonProperty("limits") Limits.@Nullable Wish limits) {
        this.name = filled("name", name);
        this.version = version == null ? "0.0.0" : filled("version", version);
        this.title = title;
        this.description = description;
        this.websiteUrl = websiteUrl;
        this.engine = engine;
        this.entry = filled("entry", entry);
        this.instructions = instructions;
        this.limits = limits == null ? Limits.Wish.NONE : limits;
    }

    private static String filled(String field, @Nullable String value) {
        if (value == null || value.isBlank() || value.length() > LONGEST) {
            throw new IllegalArgumentException("smcp.json: " + field + " must have 1 to " + LONGEST
                    + " characters, got " + (value == null ? "nothing" : "\"" + Shown.of(value) + "\""));
        }
        return value;
    }
}
