package smcp.control.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A client of the admin API that compares every answer with the API's description. */
public final class AdminClient {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ApiDescription API = new ApiDescription();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final URI base;
    private final @Nullable String token;

    public AdminClient(URI base, @Nullable String token) {
        this.base = base;
        this.token = token;
    }

    /** An answer as it was described. */
    public record Answer(int status, JsonNode body, HttpResponse<String> http) {
        public String header(String name) {
            return http.headers().firstValue(name).orElse("");
        }

        public String code() {
            return body.at("/error/code").asText();
        }

        public String message() {
            return body.at("/error/message").asText();
        }

        public String field() {
            return body.at("/error/field").asText();
        }
    }

    @CanIgnoreReturnValue
    public Answer get(String path) {
        return send("GET", path, null, new byte[0]);
    }

    @CanIgnoreReturnValue
    public Answer delete(String path, String... headers) {
        return send("DELETE", path, null, new byte[0], headers);
    }

    @CanIgnoreReturnValue
    public Answer put(String path, String json, String... headers) {
        return send("PUT", path, "application/json", json.getBytes(StandardCharsets.UTF_8), headers);
    }

    @CanIgnoreReturnValue
    public Answer create(String path, String json) {
        return put(path, json, "If-None-Match", "*");
    }

    @CanIgnoreReturnValue
    public Answer post(String path, @Nullable String json) {
        return json == null
                ? send("POST", path, null, new byte[0])
                : send("POST", path, "application/json", json.getBytes(StandardCharsets.UTF_8));
    }

    @CanIgnoreReturnValue
    public Answer deploy(String tenant, byte[] zip) {
        return send("POST", "/admin/v1/tenants/" + tenant + "/versions", "application/zip", zip);
    }

    @CanIgnoreReturnValue
    public Answer send(String method, String path, @Nullable String type, byte[] body, String... headers) {
        var request = HttpRequest.newBuilder(base.resolve(path))
                .timeout(Duration.ofSeconds(10))
                .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (type != null) {
            request.header("Content-Type", type);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        try {
            var answer = HTTP.send(request.build(), BodyHandlers.ofString());
            assertThat(API.problems(method, path, answer))
                    .as(method + " " + path + " answered " + answer.statusCode() + " " + answer.body())
                    .isEmpty();
            return new Answer(
                    answer.statusCode(),
                    answer.body().isEmpty() || !answer.body().startsWith("{")
                            ? MissingNode.getInstance()
                            : JSON.readTree(answer.body()),
                    answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
