package smcp.node.bench;

import smcp.api.Mcp;
import smcp.api.TenantServer;

/** The tenant of the measurements: one small tool, on the event loop and on the tenant's own threads. */
public final class Adder implements TenantServer {
    record Summands(int a, int b) {}

    @Override
    public void configure(Mcp mcp) {
        mcp.tool("add")
                .description("Adds two numbers")
                .input(Summands.class)
                .inline()
                .handle((args, _) -> sum(args));
        mcp.tool("add_on_a_worker")
                .description("Adds two numbers on a thread of the tenant's own")
                .input(Summands.class)
                .handle((args, _) -> sum(args));
    }

    private static String sum(Summands args) {
        return Integer.toString(args.a() + args.b());
    }
}
