package com.example.conformance;

import smcp.api.Mcp;
import smcp.api.TenantServer;

/** The suite looks at what comes first: {@code test_simple_text} must work without arguments, {@code test://static-text} be readable. */
public final class Conformance implements TenantServer {
    @Override
    public void configure(Mcp mcp) {
        ContentTools.register(mcp);
        CallTools.register(mcp);
        ClientTools.register(mcp);
        RoundTools.register(mcp);
        Documents.register(mcp);
    }
}
