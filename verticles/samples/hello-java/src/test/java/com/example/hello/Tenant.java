package com.example.hello;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.api.ListKind;
import smcp.api.ServerInfo;
import smcp.runner.Outbound;
import smcp.runner.Runner;
import smcp.runner.RunnerReply;
import smcp.runner.RunnerRequest;
import smcp.runner.Slice;
import smcp.runner.StartRequest;

/** Starts the tenant the way an engine does, from its {@code smcp.json}, and calls it. Answers carry events under {@code said}. */
final class Tenant implements Outbound, AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    final List<ListKind> changes = new ArrayList<>();
    final Runner runner;

    Tenant() throws Exception {
        var about = JSON.readTree(Files.readString(Path.of("src/main/resources/smcp.json")));
        var info = new ServerInfo(
                about.path("name").asText(),
                about.path("version").asText(),
                about.path("title").asText());
        runner = Runner.start(
                Tenant.class.getClassLoader(),
                new StartRequest(
                        about.path("entry").asText(),
                        info,
                        about.path("instructions").asText()),
                this);
    }

    static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** The result, an {@code input_required} result, or <code>{code, message, data}</code>. */
    JsonNode call(String method, String params) throws IOException {
        var answer = new Answer();
        runner.call(RunnerRequest.scan(method, Slice.of(params)), answer).run();
        return answer.json;
    }

    /** A tool, called by a client that can be asked anything and wants to hear everything. */
    JsonNode tool(String name, String arguments, String more) throws IOException {
        return call("tools/call", """
                {"name":"%s","arguments":%s%s,"_meta":{"progressToken":1,"io.modelcontextprotocol/logLevel":"debug",
                 "io.modelcontextprotocol/clientCapabilities":{"elicitation":{},"sampling":{},"roots":{}}}}""".formatted(name, arguments, more));
    }

    @Override
    public void listChanged(ListKind kind) {
        changes.add(kind);
    }

    @Override
    public void resourceUpdated(String uri) {}

    @Override
    public void tenantFailed(String what, Throwable cause) {}

    @Override
    public void close() {
        runner.close();
    }

    private static final class Answer implements RunnerReply {
        private final List<String> said = new ArrayList<>();
        private JsonNode json = JSON.createObjectNode();

        @Override
        public void progress(double progress, @Nullable Double total, @Nullable String message) {
            said.add("progress " + progress);
        }

        @Override
        public void log(String level, @Nullable String logger, byte[] dataJson) {
            said.add("log " + level);
        }

        @Override
        public void closeStream(long retryMs) {
            said.add("closeStream");
        }

        @Override
        public void complete(byte[] resultJson) {
            json = ((com.fasterxml.jackson.databind.node.ObjectNode) json(resultJson))
                    .put("said", String.join(", ", said));
        }

        @Override
        public void inputRequired(byte[] inputRequestsJson, @Nullable String state) {
            var result =
                    JSON.createObjectNode().put("resultType", "input_required").put("requestState", state);
            json = result.set("inputRequests", json(inputRequestsJson));
        }

        @Override
        public void failed(int code, String message, byte @Nullable [] dataJson) {
            var error = JSON.createObjectNode().put("code", code).put("message", message);
            json = dataJson == null ? error : error.set("data", json(dataJson));
        }
    }
}
