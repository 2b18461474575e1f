package smcp.control.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import smcp.control.ControlVerticle;

/** The served OpenAPI document, and whether answers are as it says. */
public final class ApiDescription {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");
    private final JsonNode document;
    private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);

    public ApiDescription() {
        try (var in = ControlVerticle.class.getResourceAsStream("openapi.json")) {
            document = JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JsonNode document() {
        return document;
    }

    /** All operations, each {@code GET /path/{name}}. */
    public Set<String> operations() {
        var operations = new TreeSet<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method ->
                                operations.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** What is wrong with an answer; empty if it is as described. */
    public List<String> problems(String method, String path, HttpResponse<String> answer) {
        var operation = operation(method, path);
        if (operation.isMissingNode()) {
            return List.of();
        }
        var responses = operation.path("responses");
        var status = Integer.toString(answer.statusCode());
        if (answer.statusCode() < 400 && !responses.has(status)) {
            return List.of(method + " " + path + " may not answer " + status);
        }
        var response = resolve(responses.has(status) ? responses.path(status) : responses.path("default"));
        if (!response.has("content")) {
            return answer.body().isEmpty() ? List.of() : List.of("a body where none is described");
        }
        var type = answer.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        var content = response.path("content").path(type);
        if (content.isMissingNode()) {
            return List.of("Content-Type " + type + " is not described");
        }
        return type.equals("application/json") ? validate(content.path("schema"), answer.body()) : List.of();
    }

    private List<String> validate(JsonNode schema, String body) {
        ObjectNode whole = schema.deepCopy();
        whole.set("components", document.path("components"));
        try {
            return schemas.getSchema(whole).validate(JSON.readTree(body)).stream()
                    .map(Object::toString)
                    .toList();
        } catch (IOException e) {
            return List.of("not JSON: " + body);
        }
    }

    private JsonNode operation(String method, String path) {
        var wanted = path.split("\\?", 2)[0].split("/", -1);
        for (var described : document.path("paths").properties()) {
            if (matches(described.getKey().split("/", -1), wanted)) {
                return described.getValue().path(method.toLowerCase(Locale.ROOT));
            }
        }
        return document.path("nowhere");
    }

    private static boolean matches(String[] pattern, String[] path) {
        if (pattern.length != path.length) {
            return false;
        }
        for (var i = 0; i < path.length; i++) {
            if (!pattern[i].startsWith("{") && !pattern[i].equals(path[i])) {
                return false;
            }
        }
        return true;
    }

    private JsonNode resolve(JsonNode node) {
        return node.has("$ref") ? document.at(node.path("$ref").asText().substring(1)) : node;
    }
}
