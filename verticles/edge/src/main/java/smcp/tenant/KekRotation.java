package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;

/**
 * Says that all keys are being encrypted anew; gone when they are.
 *
 * @param to id of the key-encryption key they get
 */
public record KekRotation(
        @JsonProperty("to") String to,
        @JsonProperty("started") Instant started) {}
