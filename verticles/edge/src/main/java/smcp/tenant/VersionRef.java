package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

/** One immutable version of one tenant. Numbers count from 1 and are never given twice. */
public record VersionRef(
        @JsonProperty("tenant") TenantId tenant,
        @JsonProperty("number") int number) {
    @JsonCreator
    public VersionRef {
        if (number < 1) {
            throw new IllegalArgumentException("version number must be at least 1, got " + number);
        }
    }

    @Override
    public String toString() {
        return tenant + "@" + number;
    }
}
