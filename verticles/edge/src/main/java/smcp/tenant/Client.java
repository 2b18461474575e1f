package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/** A named caller of a tenant, owning keys. Rotating a key changes no principal. */
public record Client(
        @JsonProperty("tenant") TenantId tenant,
        @JsonProperty("id") ClientId id,
        @JsonProperty("permissions") Permissions permissions,
        @JsonProperty("created") Instant created) {}
