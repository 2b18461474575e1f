package smcp.node.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An MCP client on one connection, of either era. Ids and tokens are the test's own, so that it can choose the ones that collide. */
public final class Mcp implements AutoCloseable {
    public static final String MODERN = "2026-07-28";
    public static final String LEGACY = "2025-11-25";

    private final String path;
    private final Map<String, String> headers = new HashMap<>();
    private final boolean modern;
    public final RawHttp http;

    private Mcp(RawHttp http, String tenant, @Nullable String key, boolean modern) {
        this.http = http;
        this.path = "/t/" + tenant + "/mcp";
        this.modern = modern;
        headers.put("Content-Type", "application/json");
        headers.put("Accept", "application/json, text/event-stream");
        headers.put("MCP-Protocol-Version", modern ? MODERN : LEGACY);
        if (key != null) {
            headers.put("Authorization", "Bearer " + key);
        }
    }

    /** What a request was answered with: every notification in order, then the final frame. */
    public record Answer(int status, List<JsonNode> notices, JsonNode last) {
        public String text() {
            return last.at("/result/content/0/text").asText();
        }

        public boolean ok() {
            return status == 200
                    && last.has("result")
                    && !last.at("/result/isError").asBoolean();
        }
    }

    public static Mcp modern(int port, String tenant) throws IOException {
        return modern(port, tenant, null);
    }

    public static Mcp modern(int port, String tenant, @Nullable String key) throws IOException {
        return new Mcp(new RawHttp(port), tenant, key, true);
    }

    /** Begins a session of 2025-11-25 whose client can be asked. */
    public static Mcp legacy(int port, String tenant) throws IOException {
        return legacy(port, tenant, null);
    }

    public static Mcp legacy(int port, String tenant, @Nullable String key) throws IOException {
        var client = new Mcp(new RawHttp(port), tenant, key, false);
        var answer = client.post(initialize("0"));
        if (answer.status() != 200) {
            throw new AssertionError("initialize: " + answer.status() + " " + answer.text());
        }
        var _ = answer.text();
        client.headers.put("Mcp-Session-Id", answer.header("mcp-session-id"));
        var _ = client.post(Json.object("{'jsonrpc':'2.0','method':'notifications/initialized'}"))
                .text();
        return client;
    }

    /** A legacy client that has no session yet. */
    public static Mcp outsider(int port, String tenant) throws IOException {
        return new Mcp(new RawHttp(port), tenant, null, false);
    }

    public static ObjectNode initialize(String id) {
        var request = Json.object("{'jsonrpc':'2.0','method':'initialize','params':{'protocolVersion':'" + LEGACY
                + "','capabilities':{'elicitation':{}},'clientInfo':{'name':'t','version':'1'}}}");
        request.set("id", Json.parse(id));
        return request;
    }

    /** The same session on another connection, perhaps to another node. */
    public Mcp again(int port) throws IOException {
        var other = new Mcp(new RawHttp(port), "", null, modern);
        other.headers.putAll(headers);
        return new Mcp(other, path);
    }

    private Mcp(Mcp like, String path) {
        this.http = like.http;
        this.path = path;
        this.modern = like.modern;
        this.headers.putAll(like.headers);
    }

    public Response post(JsonNode message) throws IOException {
        var sent = headers;
        if (modern) {
            sent = new HashMap<>(headers);
            sent.put("Mcp-Method", message.path("method").asText());
            var name = message.at("/params/name");
            if (name.isTextual()) {
                sent.put("Mcp-Name", name.asText());
            }
        }
        return http.send("POST", path, sent, message.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** Opens, or resumes, a legacy stream. */
    public Response get(@Nullable String lastEventId) throws IOException {
        var sent = new HashMap<>(headers);
        sent.remove("Content-Type");
        sent.put("Accept", "text/event-stream");
        if (lastEventId != null) {
            sent.put("Last-Event-ID", lastEventId);
        }
        return http.send("GET", path, sent, new byte[0]);
    }

    /** @param id as JSON, a number or a string */
    public ObjectNode request(String id, String method, ObjectNode params) {
        var message = Json.object("{'jsonrpc':'2.0'}");
        message.set("id", Json.parse(id));
        message.put("method", method).set("params", params);
        if (modern) {
            params.withObject("/_meta")
                    .put("io.modelcontextprotocol/protocolVersion", MODERN)
                    .set("io.modelcontextprotocol/clientCapabilities", Json.object("{'elicitation':{}}"));
        }
        return message;
    }

    /** @param token as JSON; null for none */
    public ObjectNode toolCall(String id, String tool, ObjectNode arguments, @Nullable String token) {
        var params = Json.object("{}").put("name", tool);
        params.set("arguments", arguments);
        if (token != null) {
            params.withObject("/_meta").set("progressToken", Json.parse(token));
        }
        return request(id, "tools/call", params);
    }

    public Answer call(String id, String tool, ObjectNode arguments, @Nullable String token) throws IOException {
        return answer(post(toolCall(id, tool, arguments, token)));
    }

    public Answer call(String tool, ObjectNode arguments) throws IOException {
        return call("1", tool, arguments, null);
    }

    /** Reads an answer to its end. */
    public static Answer answer(Response response) throws IOException {
        if (!response.streams()) {
            return new Answer(response.status(), List.of(), response.json());
        }
        var frames = new ArrayList<JsonNode>();
        for (var event : response.events()) {
            if (!event.data().isEmpty()) {
                frames.add(event.json());
            }
        }
        return new Answer(response.status(), List.copyOf(frames.subList(0, frames.size() - 1)), frames.getLast());
    }

    public Map<String, String> headers() {
        return Map.copyOf(headers);
    }

    public String path() {
        return path;
    }

    @Override
    public void close() {
        http.close();
    }
}
