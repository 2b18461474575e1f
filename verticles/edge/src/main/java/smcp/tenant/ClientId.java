package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Name of a client of one tenant. */
public record ClientId(@JsonValue String value) {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?");

    @JsonCreator
    public ClientId {
        if (!SHAPE.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "client id must match [a-z0-9]([a-z0-9._-]{0,61}[a-z0-9])?, got \"" + Shown.of(value) + "\"");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
