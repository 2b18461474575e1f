package smcp.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A registered resource; made by {@link ResourceBuilder}. */
public record Resource(
        String uri,
        String name,
        Labels labels,
        @Nullable String mimeType,
        @Nullable Long size,
        @Nullable ContentAnnotations annotations,
        CachePolicy cache,
        Reader reader) {
    /** The code behind a resource; it runs again from its start in every round of questions to the client. */
    @FunctionalInterface
    public interface Reader {
        /** All contents of the resource, at least one. */
        List<ResourceContents> read(Call call) throws Exception;
    }
}
