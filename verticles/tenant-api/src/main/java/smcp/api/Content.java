package smcp.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A content block of a tool result or prompt message. Binary data is Base64 text (RFC 4648 §4), as on the wire. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Content.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Content.Image.class, name = "image"),
    @JsonSubTypes.Type(value = Content.Audio.class, name = "audio"),
    @JsonSubTypes.Type(value = Content.Embedded.class, name = "resource"),
    @JsonSubTypes.Type(value = Content.Link.class, name = "resource_link")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Content {
    /** Plain text. */
    record Text(
            String text,
            @Nullable ContentAnnotations annotations,
            @JsonProperty("_meta") @Nullable ObjectNode meta) implements Content {
        public Text(String text) {
            this(text, null, null);
        }
    }

    /** A picture. */
    record Image(
            String data,
            String mimeType,
            @Nullable ContentAnnotations annotations,
            @JsonProperty("_meta") @Nullable ObjectNode meta)
            implements Content {}

    /** Sound. */
    record Audio(
            String data,
            String mimeType,
            @Nullable ContentAnnotations annotations,
            @JsonProperty("_meta") @Nullable ObjectNode meta)
            implements Content {}

    /** A resource's content inside the block. */
    record Embedded(
            ResourceContents resource,
            @Nullable ContentAnnotations annotations,
            @JsonProperty("_meta") @Nullable ObjectNode meta)
            implements Content {}

    /** A pointer to a resource that the client may read; it need not be in the list. */
    record Link(
            String uri,
            String name,
            @Nullable String title,
            @Nullable String description,
            @Nullable String mimeType,
            @Nullable Long size,
            @Nullable ContentAnnotations annotations,
            @JsonProperty("_meta") @Nullable ObjectNode meta)
            implements Content {}

    /** Plain text. */
    static Content text(String text) {
        return new Text(text);
    }

    /** A picture from its bytes. */
    static Content image(byte[] bytes, String mimeType) {
        return new Image(Base64.getEncoder().encodeToString(bytes), mimeType, null, null);
    }

    /** Sound from its bytes. */
    static Content audio(byte[] bytes, String mimeType) {
        return new Audio(Base64.getEncoder().encodeToString(bytes), mimeType, null, null);
    }

    /** A resource's content. */
    static Content embedded(ResourceContents resource) {
        return new Embedded(resource, null, null);
    }

    /** A pointer to a resource. */
    static Content link(String uri, String name) {
        return new Link(uri, name, null, null, null, null, null, null);
    }
}
