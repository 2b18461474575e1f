package smcp.contract;

import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;

/** The step between admission and routing that may answer from memory. Empty until there is a cache. */
@FunctionalInterface
public interface ResponseCache {
    ResponseCache NONE = _ -> null;

    /** A result that may be given for {@code call}; null if it must be asked. */
    @Nullable
    Json lookUp(Call call);
}
