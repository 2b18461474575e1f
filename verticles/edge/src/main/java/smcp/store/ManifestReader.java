package smcp.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import smcp.bus.Fault;
import smcp.tenant.Limits;
import smcp.tenant.Manifest;

/** Reads {@code smcp.json}. Strict, because its author is there to be told: unknown fields, wrong types and a field given twice are errors, and each error names the field, what it is and what it may be. */
final class ManifestReader {
    static final String NAME = "smcp.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(LogicalType.Textual, text -> {
                for (var shape :
                        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
                    text.setCoercion(shape, CoercionAction.Fail);
                }
            })
            .build();

    private ManifestReader() {}

    static Manifest read(byte[] bytes) {
        try {
            var tree = JSON.readTree(bytes);
            if (!tree.isObject()) {
                throw invalid("must be a JSON object, got " + kind(tree));
            }
            unknown("", tree, Manifest.class);
            unknown("limits.", tree.path("limits"), Limits.Wish.class);
            var manifest = JSON.treeToValue(tree, Manifest.class);
            var _ = manifest.limits().over(Limits.DEFAULT); // its ranges are checked where limits are made
            return manifest;
        } catch (JsonProcessingException e) {
            throw invalid(problem(e));
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new Fault(Fault.Kind.INTERNAL, NAME + " could not be read", e);
        }
    }

    /** All unknown fields at once: they come from one misunderstanding. */
    private static void unknown(String prefix, JsonNode object, Class<? extends Record> type) {
        var known = Arrays.stream(type.getRecordComponents())
                .map(component -> component.getName())
                .collect(Collectors.toCollection(TreeSet::new));
        var strange = object.properties().stream()
                .map(field -> field.getKey())
                .filter(name -> !known.contains(name))
                .map(name -> Text.shown(prefix + name))
                .limit(20)
                .collect(Collectors.joining(", "));
        if (!strange.isEmpty()) {
            throw invalid("unknown field " + strange + "; known are " + prefix + String.join(", " + prefix, known));
        }
    }

    private static String problem(JsonProcessingException e) {
        return switch (e) {
            case UnrecognizedPropertyException u -> "unknown field " + Text.shown(u.getPropertyName());
            case ValueInstantiationException v
            when v.getCause() != null -> String.valueOf(v.getCause().getMessage());
            case MismatchedInputException m -> mismatch(m);
            case JsonMappingException m -> field(m) + ": " + m.getOriginalMessage();
            default -> "not JSON: " + e.getOriginalMessage() + place(e);
        };
    }

    private static String mismatch(MismatchedInputException e) {
        var target = e.getTargetType();
        var message = String.valueOf(e.getOriginalMessage());
        return message.startsWith("Missing required creator property")
                ? message.replaceFirst("^Missing required creator property ('[^']*').*", "$1 is missing")
                : field(e) + " must be " + (target == null ? "of another type" : word(target)) + ": "
                        + message.lines().findFirst().orElse("");
    }

    private static String word(Class<?> target) {
        return target == String.class
                ? "a string"
                : Number.class.isAssignableFrom(target) ? "a whole number" : "an object";
    }

    private static String field(JsonMappingException e) {
        return e.getPath().stream()
                .map(step -> String.valueOf(step.getFieldName()))
                .collect(Collectors.joining("."));
    }

    private static String place(JsonProcessingException e) {
        var at = e.getLocation();
        return at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
    }

    private static String kind(JsonNode node) {
        return node.isMissingNode() ? "nothing" : node.getNodeType().name().toLowerCase(Locale.ROOT);
    }

    private static Fault invalid(String message) {
        return Invalid.because(message.startsWith(NAME) ? message : NAME + ": " + message);
    }
}
