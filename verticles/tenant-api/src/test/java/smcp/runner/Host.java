package smcp.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import smcp.api.ListKind;
import smcp.api.ServerInfo;
import smcp.api.TenantServer;

/** A small host: starts a tenant in this process and keeps everything it is told. */
final class Host implements Outbound, AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final ThreadLocal<@Nullable TenantServer> NEXT = new ThreadLocal<>();

    final List<ListKind> changes = new CopyOnWriteArrayList<>();
    final List<String> updates = new CopyOnWriteArrayList<>();
    final List<Throwable> failures = new CopyOnWriteArrayList<>();
    final Runner runner;

    private Host(String entry) throws StartFailure {
        runner = Runner.start(
                Host.class.getClassLoader(),
                new StartRequest(entry, new ServerInfo("test", "1.0.0", null), "Be brief."),
                this);
    }

    static Host of(TenantServer tenant) throws StartFailure {
        NEXT.set(tenant);
        return new Host(Given.class.getName());
    }

    static Host ofClass(Class<?> entry) throws StartFailure {
        return new Host(entry.getName());
    }

    /** Stands for the tenant that a test gives as a lambda. */
    public static final class Given implements TenantServer {
        @Override
        public void configure(smcp.api.Mcp mcp) throws Exception {
            var tenant = NEXT.get();
            NEXT.remove();
            if (tenant == null) throw new IllegalStateException("no tenant given");
            tenant.configure(mcp);
        }
    }

    Heard tool(String name, String arguments) {
        return run(RequestOf.tool(name, arguments));
    }

    Heard run(RequestOf request) {
        var heard = new Heard();
        runner.call(request.build(), heard).run();
        return heard;
    }

    JsonNode list(CatalogueList kind) {
        return json(runner.list(kind));
    }

    static JsonNode json(String text) {
        return json(text.getBytes(StandardCharsets.UTF_8));
    }

    static JsonNode json(byte[] bytes) {
        try {
            return JSON.readTree(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void listChanged(ListKind kind) {
        changes.add(kind);
    }

    @Override
    public void resourceUpdated(String uri) {
        updates.add(uri);
    }

    @Override
    public void tenantFailed(String what, Throwable cause) {
        failures.add(cause);
    }

    @Override
    public void close() {
        runner.close();
    }

    /** A request, built the way the platform writes it. */
    record RequestOf(String method, Map<String, String> params, Map<String, String> meta) {
        static RequestOf tool(String name, String arguments) {
            return new RequestOf(
                    "tools/call", Map.of("name", JSON.valueToTree(name).toString(), "arguments", arguments), Map.of());
        }

        static RequestOf of(String method, String name, String value) {
            return new RequestOf(method, Map.of(name, JSON.valueToTree(value).toString()), Map.of());
        }

        RequestOf with(String name, String json) {
            var more = new java.util.HashMap<>(params);
            more.put(name, json);
            return new RequestOf(method, more, meta);
        }

        RequestOf meta(String name, String json) {
            var more = new java.util.HashMap<>(meta);
            more.put(name, json);
            return new RequestOf(method, params, more);
        }

        RequestOf able(String capabilities) {
            return meta("io.modelcontextprotocol/clientCapabilities", capabilities);
        }

        RequestOf progress() {
            return meta("progressToken", "7");
        }

        String paramsJson() {
            var all = new java.util.HashMap<>(params);
            all.put("_meta", object(meta));
            return object(all);
        }

        private static String object(Map<String, String> fields) {
            return fields.entrySet().stream()
                    .map(field -> "\"" + field.getKey() + "\":" + field.getValue())
                    .collect(java.util.stream.Collectors.joining(",", "{", "}"));
        }

        RunnerRequest build() {
            // Off the start of its array, so that offsets are tested with every call.
            var text = "xx" + paramsJson() + "yy";
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            try {
                return RunnerRequest.scan(method, new Slice(bytes, 2, bytes.length - 2));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Everything one call said. */
    static final class Heard implements RunnerReply {
        final List<String> events = new CopyOnWriteArrayList<>();
        volatile @Nullable JsonNode result;
        volatile @Nullable JsonNode requests;
        volatile @Nullable String state;
        volatile int code;
        volatile String message = "";
        volatile @Nullable JsonNode data;

        JsonNode result() {
            return java.util.Objects.requireNonNull(result, () -> "no result: " + events + " " + code + " " + message);
        }

        JsonNode requests() {
            return java.util.Objects.requireNonNull(
                    requests, () -> "nothing asked: " + events + " " + result + message);
        }

        JsonNode data() {
            return java.util.Objects.requireNonNull(data, () -> "no data: " + message);
        }

        String text() {
            return result().path("content").path(0).path("text").asText();
        }

        boolean isError() {
            return result().path("isError").asBoolean();
        }

        @Override
        public void progress(double progress, @Nullable Double total, @Nullable String text) {
            events.add("progress " + progress + " " + total + " " + text);
        }

        @Override
        public void log(String level, @Nullable String logger, byte[] dataJson) {
            events.add("log " + level + " " + logger + " " + new String(dataJson, StandardCharsets.UTF_8));
        }

        @Override
        public void closeStream(long retryMs) {
            events.add("closeStream " + retryMs);
        }

        @Override
        public void complete(byte[] resultJson) {
            events.add("complete");
            result = json(resultJson);
        }

        @Override
        public void inputRequired(byte[] inputRequestsJson, @Nullable String sealed) {
            events.add("inputRequired");
            requests = json(inputRequestsJson);
            state = sealed;
        }

        @Override
        public void failed(int code, String message, byte @Nullable [] dataJson) {
            events.add("failed");
            this.code = code;
            this.message = message;
            data = dataJson == null ? null : json(dataJson);
        }
    }
}
