package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The keys with which a tenant's {@code requestState} is sealed.
 *
 * @param keyset a Tink keyset, encrypted with the node's key-encryption key, Base64
 */
public record SealingKey(
        @JsonProperty("tenant") TenantId tenant,
        @JsonProperty("keyset") String keyset) {
    @Override
    public String toString() {
        return "SealingKey[" + tenant + "]";
    }
}
