package smcp.control;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import smcp.tenant.Limits;
import smcp.tenant.Permissions;
import smcp.tenant.Share;
import smcp.tenant.Shown;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;

/** The bodies of the admin API. */
final class Requests {
    private Requests() {}

    /** What the operator decides about a tenant; what is left out gets its default. */
    record TenantSettings(
            @JsonProperty("open") @Nullable Boolean open,
            @JsonProperty("trust") @Nullable String trust,
            @JsonProperty("limits") Limits.@Nullable Wish limits) {

        boolean isOpen() {
            return open != null && open;
        }

        Trust trustLevel() {
            if (trust == null) {
                return Trust.UNTRUSTED;
            }
            return switch (trust) {
                case "untrusted" -> Trust.UNTRUSTED;
                case "operator" -> Trust.OPERATOR;
                default ->
                    throw BadInput.of(
                            "trust", "trust must be one of untrusted, operator, got \"" + Shown.of(trust) + "\"");
            };
        }

        /** Checked against the bounds of each limit before it is stored. */
        Limits.Wish wish() {
            if (limits == null) {
                return Limits.Wish.NONE;
            }
            try {
                var _ = limits.over(Limits.DEFAULT);
                return limits;
            } catch (IllegalArgumentException e) {
                var message = String.valueOf(e.getMessage());
                throw BadInput.of(message.split(" ", 2)[0], message);
            }
        }
    }

    /** A share as it is asked for; all traffic if no percentage is said. */
    record WishedShare(
            @JsonProperty(value = "version", required = true)
            int version,

            @JsonProperty("percent") @Nullable Integer percent,
            @JsonProperty("region") @Nullable String region) {
        private static final int LONGEST_REGION = 64;

        Share share() {
            if (region != null && (region.isBlank() || region.length() > LONGEST_REGION)) {
                throw BadInput.of(
                        "region", "region must have 1 to " + LONGEST_REGION + " characters, got " + region.length());
            }
            try {
                return new Share(version, percent == null ? 100 : percent, region);
            } catch (IllegalArgumentException e) {
                throw BadInput.of("active", String.valueOf(e.getMessage()));
            }
        }
    }

    /** A client, or what it may do from now on. */
    record ClientSettings(
            @JsonProperty("permissions") @Nullable Permissions permissions) {
        Permissions granted() {
            return permissions == null ? Permissions.ALL : permissions;
        }
    }

    /** A wish for a key or token. */
    record NewKey(@JsonProperty("expires") @Nullable String expires) {
        static final NewKey FOREVER = new NewKey(null);

        @Nullable
        Instant until(Instant now) {
            if (expires == null) {
                return null;
            }
            Instant until;
            try {
                until = Instant.parse(expires.toUpperCase(Locale.ROOT));
            } catch (DateTimeException e) {
                throw BadInput.of(
                        "expires",
                        "expires must be an instant such as 2027-01-31T12:00:00Z, got \"" + Shown.of(expires) + "\"");
            }
            if (!until.isAfter(now)) {
                throw BadInput.of("expires", "expires must be in the future, got " + until);
            }
            return until;
        }
    }

    /** A secret: as text, or any bytes in Base64. */
    record NewSecret(
            @JsonProperty("value") @Nullable String value,
            @JsonProperty("base64") @Nullable String base64) {
        byte[] bytes() {
            if ((value == null) == (base64 == null)) {
                throw BadInput.of("value", "exactly one of value and base64 must be given");
            }
            if (value != null) {
                return value.getBytes(StandardCharsets.UTF_8);
            }
            try {
                return Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw BadInput.of("base64", "base64 must be Base64 as of RFC 4648 §4");
            }
        }

        @Override
        public String toString() {
            return "NewSecret[]";
        }
    }

    /** Whose data keys are to be replaced. */
    record WhoseKeys(@JsonProperty("tenant") @Nullable String tenant) {
        static final WhoseKeys EVERYBODYS = new WhoseKeys(null);

        @Nullable
        TenantId id() {
            try {
                return tenant == null ? null : new TenantId(tenant);
            } catch (IllegalArgumentException e) {
                throw BadInput.of("tenant", String.valueOf(e.getMessage()));
            }
        }
    }
}
