package smcp.node.testing;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The operator, on one connection to the control plane. */
public final class Admin implements AutoCloseable {
    private static final String ROOT = "/admin/v1";

    private final RawHttp http;
    private final String token;

    public Admin(int port, String token) throws IOException {
        this.http = new RawHttp(port);
        this.token = token.strip();
    }

    /** A status and what was said. */
    public record Said(int status, JsonNode body) {
        public Said expect(int wanted) {
            if (status != wanted) {
                throw new AssertionError("expected " + wanted + ", got " + status + ": " + body);
            }
            return this;
        }

        public String message() {
            return body.at("/error/message").asText();
        }
    }

    public Said send(String method, String path, Map<String, String> more, byte[] body) throws IOException {
        var headers = new HashMap<>(more);
        headers.put("Authorization", "Bearer " + token);
        var response = http.send(method, ROOT + path, headers, body);
        var text = response.text();
        return new Said(response.status(), Json.parse(text.isEmpty() ? "null" : text));
    }

    public Said json(String method, String path, Map<String, String> more, String body) throws IOException {
        var headers = new HashMap<>(more);
        headers.put("Content-Type", "application/json");
        return send(method, path, headers, body.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    public Said get(String path) throws IOException {
        return send("GET", path, Map.of(), new byte[0]);
    }

    public Said delete(String path) throws IOException {
        return send("DELETE", path, Map.of(), new byte[0]);
    }

    /** A new record, which must not be there yet. */
    public Said create(String path, String body) throws IOException {
        return json("PUT", path, Map.of("If-None-Match", "*"), body);
    }

    /** A tenant that anybody may call, and whose code the operator signs for. */
    public void openTenant(String name, String limits) throws IOException {
        var _ = create("/tenants/" + name, "{'open':true,'trust':'operator','limits':" + limits + "}")
                .expect(201);
    }

    public Said deploy(String tenant, byte[] packed) throws IOException {
        return send("POST", "/tenants/" + tenant + "/versions", Map.of("Content-Type", "application/zip"), packed);
    }

    /** Deploys what must be good. Answers its number. */
    public int deployed(String tenant, byte[] packed) throws IOException {
        return deploy(tenant, packed).expect(201).body().path("version").asInt();
    }

    public Said undeploy(String tenant) throws IOException {
        return delete("/tenants/" + tenant + "/active");
    }

    /** All traffic to one version. */
    public Said activate(String tenant, int version) throws IOException {
        return json("PUT", "/tenants/" + tenant + "/active", Map.of(), "[{'version':" + version + "}]");
    }

    public String metrics() throws IOException {
        return http.send("GET", "/metrics", Map.of("Authorization", "Bearer " + token), new byte[0])
                .text();
    }

    @Override
    public void close() {
        http.close();
    }
}
