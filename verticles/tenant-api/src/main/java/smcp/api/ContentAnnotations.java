package smcp.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hints on a content block or resource.
 *
 * @param priority 0 (least) to 1 (required)
 * @param lastModified ISO 8601
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ContentAnnotations(
        List<Role> audience,
        @Nullable Double priority,
        @Nullable String lastModified) {
    public ContentAnnotations {
        audience = List.copyOf(audience);
        if (priority != null && !(priority >= 0 && priority <= 1))
            throw new IllegalArgumentException("annotations.priority must be from 0 to 1, got " + priority);
    }
}
