package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * A secret of a tenant as it stands in the registry.
 *
 * @param content sealed with the tenant's data key, Base64
 * @param changed when somebody set it; sealing it anew does not count
 */
public record StoredSecret(
        @JsonProperty("tenant") TenantId tenant,
        @JsonProperty("name") String name,
        @JsonProperty("content") String content,
        @JsonProperty("changed") Instant changed) {
    @Override
    public String toString() {
        return "StoredSecret[" + tenant + "/" + name + "]";
    }
}
