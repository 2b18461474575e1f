package com.example.probe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import smcp.api.Call;
import smcp.api.Elicitation;
import smcp.api.Elicited;
import smcp.api.Mcp;
import smcp.api.TenantServer;

/** Put into a jar by the tests, with a mark beside it; the same tools as {@code probe-js}. */
public final class Probe implements TenantServer {
    private static final String ANY = "{\"type\":\"object\"}";
    private final String mark;

    public Probe() throws IOException {
        try (var in = Objects.requireNonNull(Probe.class.getResourceAsStream("/mark.txt"))) {
            mark = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** What the person is asked. */
    record Name(String name) {}

    @Override
    public void configure(Mcp mcp) {
        mcp.tool("mark").inputSchema(ANY).handle((_, _) -> mark);
        mcp.tool("where")
                .inputSchema(ANY)
                .handle((_, _) -> String.valueOf(ProcessHandle.current().pid()));
        mcp.tool("echo").inputSchema(ANY).handle(Probe::echo);
        mcp.tool("wait").inputSchema(ANY).handle((args, call) -> {
            pause(call, args.path("ms").asLong());
            return mark;
        });
        mcp.tool("flood").inputSchema(ANY).handle((args, call) -> {
            var line = "x".repeat(args.path("bytes").asInt());
            for (var i = 0; i < args.path("count").asInt(); i++) {
                call.progress(i, args.path("count").asInt(), line);
            }
            return "flooded";
        });
        mcp.tool("ask").inputSchema(ANY).handle((_, call) -> {
            var answer = call.elicit("name", Elicitation.form("Who?", Name.class));
            return answer instanceof Elicited.Accepted<Name>(var given) ? given.name() + "@" + mark : "nobody";
        });
    }

    private static String echo(ObjectNode args, Call call) throws InterruptedException {
        var payload = args.path("payload").asText();
        var steps = args.path("steps").asInt();
        for (var i = 1; i <= steps; i++) {
            call.progress(i, steps, payload);
            pause(call, args.path("gap").asLong());
        }
        return payload;
    }

    /** Waits, unless the client gives up. */
    private static void pause(Call call, long millis) throws InterruptedException {
        if (millis > 0) {
            var givenUp = new CountDownLatch(1);
            call.onCancel(givenUp::countDown);
            if (givenUp.await(millis, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("the client gave up");
            }
        }
    }
}
