package smcp.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What reading a resource yields, under the URI it belongs to. */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({@JsonSubTypes.Type(ResourceContents.Text.class), @JsonSubTypes.Type(ResourceContents.Blob.class)})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface ResourceContents {
    /** Text of a type. */
    record Text(
            String uri,
            @Nullable String mimeType,
            String text,
            @JsonProperty("_meta") @Nullable ObjectNode meta) implements ResourceContents {}

    /** Bytes of a type, as Base64. */
    record Blob(
            String uri,
            @Nullable String mimeType,
            String blob,
            @JsonProperty("_meta") @Nullable ObjectNode meta) implements ResourceContents {}

    /** Text of a type. */
    static ResourceContents text(String uri, @Nullable String mimeType, String text) {
        return new Text(uri, mimeType, text, null);
    }

    /** Bytes of a type. */
    static ResourceContents blob(String uri, @Nullable String mimeType, byte[] bytes) {
        return new Blob(uri, mimeType, Base64.getEncoder().encodeToString(bytes), null);
    }
}
