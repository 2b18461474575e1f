package smcp.api;

import com.fasterxml.jackson.databind.JsonNode;

/** The client as it describes itself in this request; nothing here is verified. */
public interface Client {
    /** All declared capabilities. */
    JsonNode capabilities();

    /** Name, version and the like; empty if the client keeps silent. */
    JsonNode info();

    /** Whether a capability is declared, by its path: {@code sampling}, {@code elicitation.url}. */
    boolean supports(String capability);

    /** Ends the call by {@code -32021} unless the capability is declared. */
    void require(String capability);
}
