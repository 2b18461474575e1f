package smcp.contract;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import smcp.tenant.ApiKey;
import smcp.tenant.KeyHolder;

/** Makes and checks the secrets of both planes. A token reads {@code smcp_<id>_<secret>}; only the hash of the secret is ever kept. */
public interface KeyRing {
    /** The key that {@code token} proves; null if it proves none, or one that expired. Takes the same time for a wrong secret as for a right one. */
    @Nullable
    ApiKey verify(String token);

    /** A new key; the token is shown now or never. Nothing is stored: the caller commits {@link Issued#key}. */
    Issued issue(KeyHolder holder, @Nullable Instant expires);

    /** @param token the whole secret; goes to the caller, never into a log */
    record Issued(ApiKey key, String token) {
        @Override
        public String toString() {
            return "Issued[" + key + "]";
        }
    }
}
