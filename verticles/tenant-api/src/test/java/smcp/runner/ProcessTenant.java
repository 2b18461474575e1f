package smcp.runner;

import java.util.concurrent.CountDownLatch;
import smcp.api.Elicitation;
import smcp.api.ListKind;
import smcp.api.LogLevel;
import smcp.api.Mcp;
import smcp.api.TenantServer;

/** The tenant of the child process. */
public final class ProcessTenant implements TenantServer {
    record Text(String text) {}

    record Name(String name) {}

    @Override
    public void configure(Mcp mcp) {
        System.out.println("printed while starting");
        mcp.tool("echo").input(Text.class).inline().handle((args, _) -> {
            System.out.println("printed by a tool");
            return args.text();
        });
        mcp.tool("report").handle((_, call) -> {
            call.progress(0.5, 1, "half");
            call.log(LogLevel.ERROR, "db", "lost");
            call.closeStream(java.time.Duration.ofMillis(100));
            return "done";
        });
        mcp.tool("ask")
                .handle((_, call) -> call.once("n", Integer.class, () -> 7)
                        + call.elicit("name", Elicitation.form("Who?", Name.class))
                                .accepted()
                                .orElseThrow()
                                .name());
        mcp.tool("hang").handle((_, call) -> {
            call.progress(1);
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                mcp.resourceUpdated("test://interrupted");
                throw e;
            }
            return "never";
        });
        mcp.tool("huge").handle((_, _) -> "x".repeat(LineReader.MAX_LINE));
        mcp.tool("throws").handle((_, _) -> {
            throw new IllegalStateException("broken pipe organ");
        });
        mcp.tool("change").handle((_, _) -> {
            mcp.changed(ListKind.TOOLS);
            return "ok";
        });
        mcp.resource("test://r").text(_ -> "r");
    }
}
