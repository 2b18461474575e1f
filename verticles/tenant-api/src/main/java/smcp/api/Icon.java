package smcp.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A picture for a list entry: a URL or data URI, its type, sizes such as {@code 48x48} or {@code any}, and {@code light} or {@code dark}. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Icon(
        String src,
        @Nullable String mimeType,
        List<String> sizes,
        @Nullable String theme) {
    public Icon {
        sizes = List.copyOf(sizes);
    }
}
