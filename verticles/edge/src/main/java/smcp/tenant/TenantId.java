package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Name of a tenant; also a DNS label, because a tenant may be reached as {@code {tenant}.{baseDomain}} (RFC 1123 §2.1). */
public record TenantId(@JsonValue String value) {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    @JsonCreator
    public TenantId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "tenant id must match [a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?, got \"" + Shown.of(value) + "\"");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
