package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The keys with which what one owner keeps is sealed.
 *
 * @param owner a tenant's id, or {@link #PLATFORM}
 * @param kek id of the key-encryption key that {@code keyset} is encrypted with
 * @param keyset a Tink keyset, encrypted, Base64; its primary key seals, all of them open
 * @param rotating since when its older keys are on their way out; null: it has one key
 */
public record DataKey(
        @JsonProperty("owner") String owner,
        @JsonProperty("kek") String kek,
        @JsonProperty("keyset") String keyset,
        @JsonProperty("rotating") @Nullable Instant rotating) {
    /** The platform itself, which no tenant's name can be. */
    public static final String PLATFORM = "@platform";

    @Override
    public String toString() {
        return "DataKey[" + owner + ", kek " + kek + (rotating == null ? "]" : ", rotating since " + rotating + "]");
    }
}
