package smcp.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import smcp.api.Elicitation;
import smcp.api.Elicited;
import smcp.api.Question;
import smcp.api.Role;
import smcp.api.Root;
import smcp.api.RootsQuestion;
import smcp.api.Sampled;
import smcp.api.Sampling;

/** Questions as they go to the client, and the client's answers as tenant code gets them. */
final class Questions {
    private record FormShape(ObjectNode listed, Schema schema, ObjectReader reader) {}

    private final Json json;
    private final SchemaDeriver deriver;
    /** As many as the tenant has record classes for forms. */
    private final Map<Class<?>, FormShape> forms = new ConcurrentHashMap<>();

    Questions(Json json, SchemaDeriver deriver) {
        this.json = json;
        this.deriver = deriver;
    }

    /** The capability without which it must not be asked, as a path. */
    static String capability(Question<?> question) {
        return switch (question) {
            case Elicitation.Url _ -> "elicitation.url";
            case Elicitation<?> _ -> "elicitation.form";
            case Sampling sampling when sampling.options().containsKey("tools") -> "sampling.tools";
            case Sampling _ -> "sampling";
            case RootsQuestion _ -> "roots";
        };
    }

    ObjectNode request(Question<?> question) {
        return switch (question) {
            case Elicitation.Form<?> form ->
                elicit(form.message(), shape(form.type()).listed());
            case Elicitation.RawForm form -> elicit(form.message(), form.schema());
            case Elicitation.Url url -> {
                var request = json.object().put("method", "elicitation/create");
                request.putObject("params")
                        .put("mode", "url")
                        .put("message", url.message())
                        .put("url", url.url().toString());
                yield request;
            }
            case Sampling sampling -> sample(sampling);
            case RootsQuestion _ -> json.object().put("method", "roots/list");
        };
    }

    /** Without {@code mode}: a form is the default, and revisions before 2025-11-25 do not know the field. */
    private ObjectNode elicit(String message, ObjectNode schema) {
        var request = json.object().put("method", "elicitation/create");
        request.putObject("params").put("message", message).set("requestedSchema", schema);
        return request;
    }

    private ObjectNode sample(Sampling sampling) {
        var request = json.object().put("method", "sampling/createMessage");
        var params = request.putObject("params");
        params.set("messages", json.mapper().valueToTree(sampling.messages()));
        params.put("maxTokens", sampling.maxTokens());
        sampling.options().forEach(params::set);
        return request;
    }

    /** The answer, or empty if it is malformed for its kind, so that it is asked for again. */
    @SuppressWarnings("unchecked") // each question fixes its answer's type
    <A> Optional<A> read(Question<A> question, JsonNode answer) {
        try {
            return (Optional<A>)
                    switch (question) {
                        case Elicitation.Form<?> form ->
                            elicited(answer, content -> {
                                var shape = shape(form.type());
                                return shape.schema().violations(content).isEmpty()
                                        ? Optional.of(shape.reader().readValue(content))
                                        : Optional.empty();
                            });
                        case Elicitation.RawForm form ->
                            elicited(
                                    answer,
                                    content -> Schema.compile(form.schema())
                                                    .violations(content)
                                                    .isEmpty()
                                            ? Optional.of(content)
                                            : Optional.empty());
                        case Elicitation.Url _ -> elicited(answer, Optional::of);
                        case Sampling _ -> sampled(answer);
                        case RootsQuestion _ -> roots(answer);
                    };
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private interface ContentReader {
        Optional<?> read(ObjectNode content) throws IOException;
    }

    private Optional<Elicited<?>> elicited(JsonNode answer, ContentReader reader) throws IOException {
        return switch (answer.path("action").asText()) {
            case "decline" -> Optional.of(new Elicited.Declined<>());
            case "cancel" -> Optional.of(new Elicited.Cancelled<>());
            case "accept" -> {
                var content = answer.path("content");
                if (!content.isObject() && !content.isMissingNode()) yield Optional.empty();
                yield reader.read(content instanceof ObjectNode given ? given : json.object())
                        .map(Elicited.Accepted::new);
            }
            default -> Optional.empty();
        };
    }

    private static Optional<Sampled> sampled(JsonNode answer) {
        var content = answer.path("content");
        var role = answer.path("role").asText();
        if (!content.isContainerNode() || !answer.path("model").isTextual()) return Optional.empty();
        if (!role.equals("assistant") && !role.equals("user")) return Optional.empty();
        return Optional.of(new Sampled(
                role.equals("user") ? Role.USER : Role.ASSISTANT,
                content,
                answer.path("model").textValue(),
                answer.path("stopReason").textValue()));
    }

    private static Optional<java.util.List<Root>> roots(JsonNode answer) {
        if (!answer.path("roots").isArray()) return Optional.empty();
        var roots = new ArrayList<Root>();
        for (var root : answer.path("roots")) {
            if (!root.path("uri").isTextual()) return Optional.empty();
            roots.add(new Root(root.path("uri").textValue(), root.path("name").textValue()));
        }
        return Optional.of(java.util.List.copyOf(roots));
    }

    private FormShape shape(Class<?> type) {
        return forms.computeIfAbsent(type, each -> {
            var schema = deriver.form(each);
            return new FormShape(schema, Schema.compile(schema), json.formReader(each));
        });
    }
}
