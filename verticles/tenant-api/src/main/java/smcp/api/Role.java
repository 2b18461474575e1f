package smcp.api;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who speaks, or for whom something is meant. */
public enum Role {
    @JsonProperty("user")
    USER,
    @JsonProperty("assistant")
    ASSISTANT
}
