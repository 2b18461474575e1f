package smcp.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import smcp.api.Client;
import smcp.api.ProtocolError;

/** The client as one request describes it. */
record CallerView(JsonNode capabilities, JsonNode info, Json json) implements Client {
    @Override
    public boolean supports(String capability) {
        if (capability.equals("elicitation.form")) return form();
        JsonNode at = capabilities;
        for (var step : capability.split("\\.", -1)) at = at.path(step);
        return at.isObject() || (at.isBoolean() && at.booleanValue());
    }

    /** An empty object means forms only (MCP 2025-11-25 and later, Elicitation). */
    private boolean form() {
        var elicitation = capabilities.path("elicitation");
        return elicitation.isObject() && (elicitation.has("form") || !elicitation.has("url"));
    }

    @Override
    public void require(String capability) {
        if (supports(capability)) return;
        ObjectNode required = json.object();
        ObjectNode at = required;
        for (var step : capability.split("\\.", -1)) at = at.putObject(step);
        var data = json.object();
        data.set("requiredCapabilities", required);
        throw new ProtocolError(
                ProtocolError.MISSING_CAPABILITY, "the client must declare the capability " + capability, data);
    }
}
