package smcp.node.cli;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tenant's MCP endpoint, spoken to in revision 2026-07-28: one POST a request, answered as JSON or as a stream that ends with the answer. */
final class McpEndpoint implements AutoCloseable {
    private static final String REVISION = "2026-07-28";
    private static final String META = "io.modelcontextprotocol/";
    private static final int MOST_PAGES = 100;
    private static final long MOST_BYTES = 256L << 20;

    private final URI base;
    private final URI endpoint;
    private final String tenant;
    private final @Nullable String key;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(Duration.ofSeconds(5))
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private int lastId;

    McpEndpoint(URI base, String tenant, @Nullable String key) {
        this.base = base;
        this.tenant = tenant;
        this.endpoint = base.resolve("/t/" + AdminApi.segment(tenant) + "/mcp");
        this.key = key;
    }

    /** All tools, as the tenant describes them. */
    ArrayNode tools() {
        var tools = AdminApi.JSON.createArrayNode();
        var params = AdminApi.JSON.createObjectNode();
        for (var i = 0; i < MOST_PAGES; i++) {
            var result = ask("tools/list", params, AdminApi.JSON.createObjectNode(), Map.of(), _ -> {});
            result.path("tools").forEach(tools::add);
            var next = result.path("nextCursor");
            if (!next.isTextual()) {
                return tools;
            }
            params.put("cursor", next.textValue());
        }
        throw new Failure("tenant " + tenant + " has more than " + MOST_PAGES + " pages of tools");
    }

    /**
     * One request.
     *
     * @param params without {@code _meta}
     * @param headers beside those that every request has
     * @param notices hears notifications that come before the result
     * @return the result
     */
    JsonNode ask(
            String method,
            ObjectNode params,
            JsonNode capabilities,
            Map<String, String> headers,
            Consumer<JsonNode> notices) {
        var id = ++lastId;
        var sent = params.deepCopy();
        var meta = sent.putObject("_meta");
        meta.put(META + "protocolVersion", REVISION);
        meta.set(META + "clientCapabilities", capabilities);
        meta.putObject(META + "clientInfo").put("name", "smcp").put("version", "1");
        meta.put("progressToken", id);
        var body = AdminApi.JSON
                .createObjectNode()
                .put("jsonrpc", "2.0")
                .put("id", id)
                .put("method", method);
        body.set("params", sent);
        var request = HttpRequest.newBuilder(endpoint)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream")
                .header("MCP-Protocol-Version", REVISION)
                .header("Mcp-Method", method)
                .POST(BodyPublishers.ofString(body.toString()));
        headers.forEach(request::header);
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try {
            return result(http.send(request.build(), BodyHandlers.ofInputStream()), id, notices);
        } catch (IOException e) {
            throw Failures.unreachable(base, "--url", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }

    private JsonNode result(HttpResponse<InputStream> response, int id, Consumer<JsonNode> notices) throws IOException {
        var type = response.headers().firstValue("Content-Type").orElse("");
        try (var body = new BoundedInput(response.body(), MOST_BYTES)) {
            var answer =
                    type.startsWith("text/event-stream") ? lastOf(body, id, notices) : AdminApi.JSON.readTree(body);
            if (answer.has("result")) {
                return answer.path("result");
            }
            throw refused(response.statusCode(), answer.path("error"));
        } catch (JacksonException e) {
            throw refused(response.statusCode(), AdminApi.JSON.missingNode());
        }
    }

    private Failure refused(int status, JsonNode error) {
        var message = error.path("message").asText("the node answered " + status);
        return new Failure(
                switch (status) {
                    case 401 ->
                        message
                                + (key == null
                                        ? "\nTenant " + tenant + " wants a key: smcp key create " + tenant
                                                + " <client> makes one; give it with --key-file or SMCP_KEY"
                                        : "\nThe key that was given is not good for tenant " + tenant
                                                + ": it may be another tenant's, revoked or expired; smcp key list "
                                                + tenant + " <client> shows what there is. An open tenant needs none.");
                    case 404 -> message + "\nsmcp tenant list shows the tenants there are";
                    default -> message + (error.has("data") ? "\n" + error.path("data") : "");
                });
    }

    /** Reads server-sent events (WHATWG HTML §9.2.6) until the one that answers {@code id}. */
    private static JsonNode lastOf(InputStream body, int id, Consumer<JsonNode> notices) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        var data = new StringBuilder();
        for (var line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(line.startsWith("data: ") ? 6 : 5));
            } else if (line.isEmpty() && !data.isEmpty()) {
                var message = AdminApi.JSON.readTree(data.toString());
                data.setLength(0);
                if (message.path("id").asInt(-1) == id) {
                    return message;
                }
                notices.accept(message);
            }
        }
        throw new IOException("the stream ended without an answer");
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
