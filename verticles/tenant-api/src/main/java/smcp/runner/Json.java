package smcp.runner;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import com.fasterxml.jackson.databind.util.LRUMap;
import com.fasterxml.jackson.databind.util.LookupCache;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Jackson for one tenant. Mapper, type factory, annotation introspector and buffer pool are its own: the shared defaults cache by
 * class, and a tenant's classes must be forgotten with it.
 */
final class Json {
    /** Deeper arguments are refused: schema validation recurses. */
    static final int MAX_DEPTH = 256;

    private final JsonMapper strict;
    private final JsonMapper fromStrings;

    Json(ClassLoader tenant) {
        strict = JsonMapper.builder(JsonFactory.builder()
                        .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxNestingDepth(MAX_DEPTH)
                                .build())
                        .build())
                .typeFactory(TypeFactory.defaultInstance()
                        .withCache((LookupCache<Object, JavaType>) new LRUMap<Object, JavaType>(16, 256))
                        .withClassLoader(tenant))
                .annotationIntrospector(new RecordIntrospector())
                .addModule(new Jdk8Module())
                .addModule(new JavaTimeModule())
                .injectableValues(new RecordIntrospector.Defaults())
                .serializationInclusion(JsonInclude.Include.NON_ABSENT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                // The feature above lets blank strings become null, and numbers and booleans become strings.
                .withCoercionConfigDefaults(config -> config.setAcceptBlankAsEmpty(false)
                        .setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .build();
        fromStrings = strict.rebuild()
                .enable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
    }

    /** The mapper that coerces nothing and ignores nothing. */
    JsonMapper mapper() {
        return strict;
    }

    /** A reader that coerces nothing and ignores nothing. */
    ObjectReader strictReader(Class<?> type) {
        return strict.readerFor(type);
    }

    /** For trees that passed their schema, where {@code 1.0} is an integer (JSON Schema 2020-12 Core §4.2.3). */
    ObjectReader validatedReader(Class<?> type) {
        return strict.readerFor(type).with(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
    }

    /** For forms that passed their schema, which is open. */
    ObjectReader formReader(Class<?> type) {
        return validatedReader(type).without(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    /** For prompt arguments, which are strings whatever they mean. */
    ObjectReader stringsReader(Class<?> type) {
        return fromStrings.readerFor(type);
    }

    JsonNode tree(Slice json) throws JsonProcessingException {
        try {
            return strict.readTree(json.bytes(), json.from(), json.length());
        } catch (JsonProcessingException e) {
            throw e;
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    ObjectNode object() {
        return strict.createObjectNode();
    }

    /** Only for what is known to be writable, such as trees. */
    byte[] bytes(Object value) {
        try {
            return strict.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    value.getClass().getName() + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
