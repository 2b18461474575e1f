package smcp.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import smcp.api.Call;
import smcp.api.ListKind;
import smcp.api.LogLevel;
import smcp.api.Mcp;
import smcp.api.TenantServer;

/** A Java tenant for tests; it is put into a jar, so that nothing of the node's own class path serves it. */
public final class SampleTenant implements TenantServer, AutoCloseable {
    private static final String TEXT = "{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"}}}";
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public void configure(Mcp mcp) {
        mcp.tool("echo")
                .inputSchema(TEXT)
                .inline()
                .handle((args, _) -> args.path("text").asText());
        mcp.tool("steps").inputSchema(TEXT).handle(SampleTenant::steps);
        mcp.tool("thread").handle((_, _) -> Thread.currentThread().getName());
        mcp.tool("thread_inline")
                .inline()
                .handle((_, _) -> Thread.currentThread().getName());
        mcp.tool("throws").handle((_, _) -> {
            throw new IllegalStateException("out of stock");
        });
        mcp.tool("waits").handle((_, _) -> {
            never.await();
            return "never";
        });
        mcp.tool("spins").handle((_, _) -> {
            while (!closed.get()) {
                Thread.onSpinWait();
            }
            return "closed";
        });
        mcp.tool("floods").handle((_, call) -> {
            for (var i = 0; i < 1000; i++) {
                call.progress(i);
            }
            return "flooded";
        });
        mcp.tool("big").handle((_, _) -> "x".repeat(3_000_000));
        mcp.tool("changes").handle((_, _) -> {
            mcp.changed(ListKind.TOOLS);
            return "changed";
        });
        mcp.tool("sees").inputSchema(TEXT).handle((args, _) -> {
            try {
                return Class.forName(args.path("text").asText()).getName();
            } catch (ClassNotFoundException e) {
                return "not visible";
            }
        });
        mcp.tool("meta").handle((_, call) -> call.meta().toString());
    }

    private static String steps(ObjectNode args, Call call) {
        call.progress(1, 2, "half");
        call.progress(1);
        call.log(LogLevel.WARNING, "careful");
        return args.path("text").asText();
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
