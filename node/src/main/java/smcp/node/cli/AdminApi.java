package smcp.node.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** The control plane of a node, as a client sees it. */
final class AdminApi implements AutoCloseable {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration USUAL = Duration.ofSeconds(30);
    /** A deploy may take as long as a slow line and the longest start need. */
    private static final Duration DEPLOY = Duration.ofMinutes(60);

    private final URI base;
    private final String token;
    private final HttpClient http;

    AdminApi(URI base, String token) {
        this.base = base;
        this.token = token;
        // the token goes to the address that was named, and to no other it may point at
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** An answer that is no error. */
    record Reply(int status, JsonNode body, @Nullable String etag) {}

    /** A name as one segment of a path, escaped. */
    static String segment(String name) {
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw new Failure("a name must not be " + (name.isEmpty() ? "empty" : "\"" + name + "\""));
        }
        return encoded(name);
    }

    /** A value in a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static String tenant(String tenant) {
        return "/admin/v1/tenants/" + segment(tenant);
    }

    JsonNode get(String path) {
        return read(path).body();
    }

    Reply read(String path) {
        return send(request(path).GET());
    }

    JsonNode post(String path, JsonNode body) {
        return send(withJson(request(path)).POST(json(body))).body();
    }

    /** @param change the command that changes what is there already */
    JsonNode create(String path, JsonNode body, String change) {
        try {
            return send(withJson(request(path)).header("If-None-Match", "*").PUT(json(body)))
                    .body();
        } catch (Failure e) {
            throw String.valueOf(e.getMessage()).endsWith(" exists already")
                    ? new Failure(e.getMessage() + "; " + change + " changes it")
                    : e;
        }
    }

    /** @param etag of the record that is to be replaced; null for whatever is there */
    JsonNode replace(String path, JsonNode body, @Nullable String etag) {
        return send(withJson(request(path))
                        .header("If-Match", etag == null ? "*" : etag)
                        .PUT(json(body)))
                .body();
    }

    /** A body as it is. */
    byte[] bytes(String path) {
        var response = exchange(request(path).GET(), BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw refused(response.statusCode(), parse(new String(response.body(), StandardCharsets.UTF_8)));
        }
        return response.body();
    }

    /** What a POST is answered with, as it comes. It may take any time; whoever reads it gives up. */
    InputStream stream(String path) {
        var response = exchange(request(path).POST(BodyPublishers.noBody()), BodyHandlers.ofInputStream());
        if (response.statusCode() == 200) {
            return response.body();
        }
        throw refused(response);
    }

    /** @param condition name and value of a header; null for none */
    JsonNode putBytes(String path, byte[] body, String @Nullable [] condition) {
        var request =
                request(path).header("Content-Type", "application/octet-stream").PUT(BodyPublishers.ofByteArray(body));
        return send(condition == null ? request : request.headers(condition)).body();
    }

    void remove(String path) {
        var _ = delete(path);
    }

    JsonNode delete(String path) {
        return send(request(path).DELETE()).body();
    }

    /** @param sent hears how many bytes have gone */
    JsonNode upload(String path, Path file, LongConsumer sent) {
        var body = new CountingPublisher(content(file), sent);
        var request = request(path)
                .timeout(DEPLOY)
                .header("Content-Type", "application/zip")
                // the node says no before the bytes travel
                .expectContinue(true)
                .POST(body);
        return send(request).body();
    }

    /** What is wrong with a file is said before, as the client would call it a broken connection. */
    private static BodyPublisher content(Path file) {
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                throw new Failure("cannot read " + file + ": it is no plain file");
            }
            Files.newByteChannel(file).close();
            return BodyPublishers.ofFile(file);
        } catch (FileNotFoundException e) {
            throw new Failure("cannot read " + file + ": there is no such file");
        } catch (IOException e) {
            throw new Failure("cannot read " + file + ": " + Failures.reason(e));
        }
    }

    /** @param condition name and value of a header; null for none */
    JsonNode putFile(String path, Path file, String @Nullable [] condition, LongConsumer sent) {
        var body = new CountingPublisher(content(file), sent);
        var request = request(path)
                .timeout(DEPLOY)
                .header("Content-Type", "application/octet-stream")
                .expectContinue(true)
                .PUT(body);
        return send(condition == null ? request : request.headers(condition)).body();
    }

    /** Streams a body into {@code file}, which is there only if all of it came. */
    void download(String path, Path file) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            // it would be replaced, whatever it is: a device, a link, a folder
            throw new Failure(
                    file + " is there already and no plain file: name another, or leave --out away and redirect");
        }
        Path part;
        try {
            part = Files.createTempFile(file.toAbsolutePath().getParent(), ".smcp-", ".part");
        } catch (IOException e) {
            throw new Failure("cannot write beside " + file + ": " + Failures.reason(e));
        }
        try {
            var response = exchange(request(path).timeout(DEPLOY).GET(), BodyHandlers.ofInputStream());
            if (response.statusCode() != 200) {
                throw refused(response);
            }
            copy(response.body(), part);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new Failure("cannot write " + file + ": " + Failures.reason(e));
        } finally {
            var _ = part.toFile().delete();
        }
    }

    /** Which of the two ends failed is told apart: a full disk is no broken connection. */
    private void copy(InputStream from, Path to) throws IOException {
        var piece = new byte[1 << 16];
        try (from;
                var out = Files.newOutputStream(to)) {
            for (int length; (length = read(from, piece)) >= 0; ) {
                out.write(piece, 0, length);
            }
        }
    }

    private int read(InputStream from, byte[] piece) {
        try {
            return from.read(piece);
        } catch (IOException e) {
            throw Failures.unreachable(base, "--admin", e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).timeout(USUAL).header("Authorization", "Bearer " + token);
    }

    private static HttpRequest.Builder withJson(HttpRequest.Builder request) {
        return request.header("Content-Type", "application/json");
    }

    private static BodyPublisher json(JsonNode body) {
        return BodyPublishers.ofString(body.toString());
    }

    private Reply send(HttpRequest.Builder request) {
        var response = exchange(request, BodyHandlers.ofString());
        var body = parse(response.body());
        if (response.statusCode() / 100 == 2) {
            return new Reply(
                    response.statusCode(),
                    body,
                    response.headers().firstValue("ETag").orElse(null));
        }
        throw refused(response.statusCode(), body);
    }

    private <T> HttpResponse<T> exchange(HttpRequest.Builder request, HttpResponse.BodyHandler<T> as) {
        try {
            return http.send(request.build(), as);
        } catch (IOException e) {
            throw Failures.unreachable(base, "--admin", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted");
        }
    }

    private Failure refused(HttpResponse<InputStream> response) {
        try (var body = new BoundedInput(response.body(), 1 << 20)) {
            return refused(response.statusCode(), parse(new String(body.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Failures.unreachable(base, "--admin", e);
        }
    }

    private Failure refused(int status, JsonNode body) {
        var error = body.path("error");
        if (!error.isObject()) {
            return new Failure(
                    base + " answered " + status + " and not as a control plane does: does --admin name one?");
        }
        return new Failure(error.path("message").asText()
                + hint(error.path("code").asText(), error.path("requestId").asText()));
    }

    private static String hint(String code, String requestId) {
        return switch (code) {
            case "UNAUTHENTICATED" -> "\nIs the token of this node in the file that --token-file names?";
            case "FORBIDDEN" ->
                "\nThe operator's token opens everything; a tenant's token only its own versions, clients, keys, values and logs.";
            case "TENANT_UNKNOWN" -> "\nsmcp tenant create makes one, smcp tenant list shows those there are.";
            case "INTERNAL" -> "\nThe node's log says more under request " + requestId + ".";
            default -> "";
        };
    }

    private static JsonNode parse(String body) {
        if (body.isEmpty()) {
            return MissingNode.getInstance();
        }
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
