package com.example.conformance;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import smcp.api.Call;
import smcp.api.ListKind;
import smcp.api.LogLevel;
import smcp.api.Mcp;

/** Tools that report while they run. */
final class CallTools {
    private CallTools() {}

    static void register(Mcp mcp) {
        mcp.tool("test_tool_with_progress").description("Reports progress").handle((_, call) -> {
            call.progress(0, 100);
            pause(call, 50);
            call.progress(50, 100);
            pause(call, 50);
            call.progress(100, 100);
            return "Tool with progress executed successfully";
        });
        mcp.tool("test_tool_with_logging").description("Sends log messages").handle((_, call) -> {
            call.log(LogLevel.INFO, "Tool execution started");
            pause(call, 50);
            call.log(LogLevel.INFO, "Tool processing data");
            pause(call, 50);
            call.log(LogLevel.INFO, "Tool execution completed");
            return "Tool with logging executed successfully";
        });
        mcp.tool("test_logging_tool")
                .description("Sends a log message if the request asks for them")
                .handle((_, call) -> {
                    call.log(LogLevel.INFO, "test_logging_tool was called");
                    return "Logged at the level of the request.";
                });
        mcp.tool("test_streaming_elicitation")
                .description("Reports progress once and completes")
                .handle((_, call) -> {
                    call.progress(1, 1);
                    return "Streamed without asking.";
                });
        mcp.tool("test_reconnection")
                .description("Closes the stream and answers on its resumption")
                .handle((_, call) -> {
                    call.closeStream(Duration.ofMillis(50));
                    pause(call, 100);
                    return "Reconnection test completed successfully";
                });
        mcp.tool("test_trigger_tool_change")
                .description("Announces that the tools changed")
                .handle((_, _) -> {
                    mcp.changed(ListKind.TOOLS);
                    return "tools/list_changed sent";
                });
        mcp.tool("test_trigger_prompt_change")
                .description("Announces that the prompts changed")
                .handle((_, _) -> {
                    mcp.changed(ListKind.PROMPTS);
                    return "prompts/list_changed sent";
                });
    }

    /** Waits, unless the client gives up. */
    private static void pause(Call call, long millis) throws InterruptedException {
        var givenUp = new CountDownLatch(1);
        call.onCancel(givenUp::countDown);
        if (givenUp.await(millis, TimeUnit.MILLISECONDS)) throw new InterruptedException("the client gave up");
    }
}
