package smcp.control;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.tenant.Shown;

/** Reads JSON bodies strictly: unknown and repeated fields, wrong types and anything after the value are refused, each with the field's name. */
final class Inputs {
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(64 << 10)
                            .build())
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .withCoercionConfig(
                    LogicalType.Textual,
                    text -> text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .build();

    private Inputs() {}

    static <T> T read(byte[] body, Class<T> type) {
        try {
            var value = JSON.readValue(body, type);
            if (value == null) {
                throw new Fault(Kind.INVALID_INPUT, "the body must be a JSON value other than null");
            }
            return value;
        } catch (UnrecognizedPropertyException e) {
            var known = e.getKnownPropertyIds().stream()
                    .map(String::valueOf)
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw BadInput.of(path(e), "unknown field \"" + Shown.of(path(e)) + "\"; known here: " + known);
        } catch (ValueInstantiationException e) {
            throw BadInput.of(path(e), refusal(e));
        } catch (MismatchedInputException e) {
            throw BadInput.of(path(e), path(e) + " must be " + wanted(e.getTargetType()));
        } catch (JsonMappingException e) {
            throw BadInput.of(path(e), path(e) + ": " + firstSentence(e));
        } catch (JacksonException e) {
            throw new Fault(Kind.PARSE, "the body is not JSON: " + firstSentence(e), e);
        } catch (IOException e) {
            throw new Fault(Kind.PARSE, "the body is not JSON", e);
        }
    }

    /** The message of the record that refused its values. */
    private static String refusal(ValueInstantiationException e) {
        var cause = e.getCause();
        return cause instanceof IllegalArgumentException && cause.getMessage() != null
                ? cause.getMessage()
                : firstSentence(e);
    }

    /** The word of JSON for one of the few types that bodies have. */
    private static String wanted(@Nullable Class<?> type) {
        if (type == null) {
            return "of another type";
        }
        if (type == String.class) {
            return "a string";
        }
        if (type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || Number.class.isAssignableFrom(type)) {
            return "a whole number";
        }
        return type.isArray() || List.class.isAssignableFrom(type) ? "an array" : "an object";
    }

    private static String path(JsonMappingException e) {
        var path = new StringBuilder();
        for (var step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.isEmpty() ? "body" : path.toString();
    }

    private static String firstSentence(JacksonException e) {
        // Jackson names our classes in parentheses and in quotes; callers know fields, not classes
        var message = Objects.requireNonNullElse(e.getOriginalMessage(), "not readable");
        var end = message.indexOf(" (");
        var cut = end < 0 ? message : message.substring(0, end);
        return cut.replaceAll("`(?:[a-z]+\\.)+([A-Za-z$]+)[^`]*`", "$1");
    }
}
