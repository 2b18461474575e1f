package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A secret that proves a caller. Only its SHA-256 is kept.
 *
 * @param id public part, names the key in listings and logs
 * @param hash SHA-256 of the secret part, hex
 * @param holder whom the key proves
 * @param expires null for never
 */
public record ApiKey(
        @JsonProperty("id") String id,
        @JsonProperty("hash") String hash,
        @JsonProperty("holder") KeyHolder holder,
        @JsonProperty("created") Instant created,
        @JsonProperty("expires") @Nullable Instant expires) {

    @Override
    public String toString() {
        return "ApiKey[" + id + ", " + holder + "]";
    }
}
