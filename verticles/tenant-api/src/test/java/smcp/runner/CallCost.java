package smcp.runner;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import smcp.api.Maximum;
import smcp.api.Minimum;

/**
 * What a small call costs in process, and what asking the schema each time would cost. A program, not a test: run its main with the
 * test class path; one figure a line, the best of five rounds.
 */
final class CallCost {
    private static final int CALLS = 300_000;

    record Add(@Minimum(-1000) @Maximum(1000) int a, int b) {}

    /** Another annotation than those the value check knows, so that the schema is asked each time. */
    record Asked(
            @JsonAlias("first") @Minimum(-1000) @Maximum(1000)
            int a,

            int b) {}

    record Sum(int sum) {}

    private static long sink;

    private CallCost() {}

    public static void main(String[] arguments) throws Exception {
        var host = Host.of(mcp -> {
            mcp.tool("text").input(Add.class).inline().handle((args, _) -> "sum " + (args.a() + args.b()));
            mcp.tool("structured")
                    .input(Add.class)
                    .output(Sum.class)
                    .inline()
                    .handle((args, _) -> new Sum(args.a() + args.b()));
            mcp.tool("waiting").input(Add.class).handle((args, _) -> "sum " + (args.a() + args.b()));
            mcp.tool("schema-asked").input(Asked.class).inline().handle((args, _) -> "sum " + (args.a() + args.b()));
            mcp.tool("tree")
                    .inputSchema(
                            "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\",\"minimum\":-1000,\"maximum\":1000},\"b\":{\"type\":\"integer\"}},\"required\":[\"a\",\"b\"],\"additionalProperties\":false}")
                    .inline()
                    .handle((args, _) ->
                            "sum " + (args.path("a").intValue() + args.path("b").intValue()));
        });
        var json = "{\"a\":2,\"b\":3}".getBytes(StandardCharsets.UTF_8);
        var mapper = new ObjectMapper();
        var reader = mapper.readerFor(Add.class);
        report(
                "plain Jackson: the arguments into the record",
                () -> sink += reader.<Add>readValue(json).a());
        report(
                "plain Jackson: the arguments into a tree",
                () -> sink += mapper.readTree(json).size());
        for (var tool : List.of("text", "structured", "waiting", "schema-asked", "tree")) {
            var request = Host.RequestOf.tool(tool, "{\"a\":2,\"b\":3}").build();
            report(
                    "whole call: " + tool,
                    () -> host.runner.call(request, COUNTED).run());
        }
    }

    private interface Step {
        void run() throws Exception;
    }

    private static void report(String what, Step step) throws Exception {
        double best = Double.MAX_VALUE;
        for (int round = 0; round < 6; round++) {
            long start = System.nanoTime();
            for (int i = 0; i < CALLS; i++) step.run();
            if (round > 0) best = Math.min(best, (System.nanoTime() - start) / (double) CALLS);
        }
        System.out.printf(Locale.ROOT, "%-48s %8.0f ns%n", what, best);
    }

    private static final RunnerReply COUNTED = new RunnerReply() {
        @Override
        public void progress(double progress, @Nullable Double total, @Nullable String message) {}

        @Override
        public void log(String level, @Nullable String logger, byte[] dataJson) {}

        @Override
        public void closeStream(long retryMs) {}

        @Override
        public void complete(byte[] resultJson) {
            sink += resultJson.length;
        }

        @Override
        public void inputRequired(byte[] inputRequestsJson, @Nullable String state) {}

        @Override
        public void failed(int code, String message, byte @Nullable [] dataJson) {
            throw new IllegalStateException(message);
        }
    };
}
