package smcp.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.FieldScope;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigPart;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import java.lang.annotation.Annotation;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.api.Matches;
import smcp.api.Maximum;
import smcp.api.McpHeader;
import smcp.api.Minimum;
import smcp.api.Size;

/** Derives JSON schemas from tenant types. Lives as long as its tenant: the generator remembers every class it saw. */
final class SchemaDeriver {
    private final SchemaGenerator closed;
    private final SchemaGenerator forms;

    SchemaDeriver(Json json) {
        var config = config(json, Nulls.ALLOWED);
        config.forTypesInGeneral().withAdditionalPropertiesResolver(scope -> open(scope.getType()) ? null : Void.class);
        closed = new SchemaGenerator(config.build());
        forms = new SchemaGenerator(config(json, Nulls.LEFT_OUT).build());
    }

    /** For arguments and structured results: objects are closed, nullable components may be null. */
    ObjectNode derive(Class<?> type) {
        return withoutNoise(closed.generateSchema(type));
    }

    /** For elicitation: flat and open, without null (MCP 2026-07-28, PrimitiveSchemaDefinition). */
    ObjectNode form(Class<?> type) {
        var schema = withoutNoise(forms.generateSchema(type));
        schema.path("properties")
                .properties()
                .forEach(property -> requirePrimitive(type, property.getKey(), property.getValue()));
        return schema;
    }

    private static void requirePrimitive(Class<?> type, String name, JsonNode schema) {
        var kind = schema.path("type").asText();
        var choices = kind.equals("array") && schema.path("items").has("enum");
        if (!choices && !List.of("string", "number", "integer", "boolean").contains(kind))
            throw new IllegalArgumentException("form " + type.getSimpleName() + ": component " + name
                    + " must be a string, number, boolean, enum or list of enums, its schema is " + schema);
    }

    /** Void as the type of further properties means that there are none. */
    private static boolean open(com.fasterxml.classmate.@Nullable ResolvedType type) {
        if (type == null) return true;
        var erased = type.getErasedType();
        return erased == Object.class
                || JsonNode.class.isAssignableFrom(erased)
                || java.util.Map.class.isAssignableFrom(erased);
    }

    private enum Nulls {
        ALLOWED,
        LEFT_OUT
    }

    private static SchemaGeneratorConfigBuilder config(Json json, Nulls nulls) {
        var config = new SchemaGeneratorConfigBuilder(
                        json.mapper(), SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .without(Option.SCHEMA_VERSION_INDICATOR)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES, Option.ENUM_KEYWORD_FOR_SINGLE_VALUES)
                .with(new JacksonModule(
                        JacksonOption.RESPECT_JSONPROPERTY_ORDER, JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY));
        config.forTypesInGeneral()
                .withPropertySorter((_, _) -> 0)
                .withCustomDefinitionProvider((type, context) -> openType(
                        type.getErasedType(), context.getGeneratorConfig().createObjectNode()));
        constraints(config.forFields(), nulls);
        return config;
    }

    private static @Nullable CustomDefinition openType(Class<?> type, ObjectNode schema) {
        if (type == Object.class || type == JsonNode.class) return inline(schema);
        if (type == ObjectNode.class) return inline(schema.put("type", "object"));
        if (type == ArrayNode.class) return inline(schema.put("type", "array"));
        if (type == byte[].class) return inline(schema.put("type", "string").put("contentEncoding", "base64"));
        return null;
    }

    private static CustomDefinition inline(ObjectNode schema) {
        return new CustomDefinition(
                schema, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.YES);
    }

    private static void constraints(SchemaGeneratorConfigPart<FieldScope> fields, Nulls nulls) {
        fields.withRequiredCheck(
                        field -> !field.isFakeContainerItemScope() && RecordIntrospector.required(field.getRawMember()))
                .withNullableCheck(field -> nulls == Nulls.ALLOWED
                        && !field.isFakeContainerItemScope()
                        && RecordIntrospector.nullable(field.getRawMember())
                        && !field.getRawMember().isAnnotationPresent(McpHeader.class))
                .withTargetTypeOverridesResolver(field -> unwrapped(field))
                .withDefaultResolver(field ->
                        field.isFakeContainerItemScope() ? null : RecordIntrospector.defaultOf(field.getRawMember()))
                .withNumberInclusiveMinimumResolver(field -> of(field, Minimum.class, a -> number(a.value())))
                .withNumberInclusiveMaximumResolver(field -> of(field, Maximum.class, a -> number(a.value())))
                .withStringPatternResolver(field -> of(field, Matches.class, Matches::value))
                .withStringMinLengthResolver(field -> least(field, Sized.STRING))
                .withStringMaxLengthResolver(field -> most(field, Sized.STRING))
                .withArrayMinItemsResolver(field -> least(field, Sized.ARRAY))
                .withArrayMaxItemsResolver(field -> most(field, Sized.ARRAY))
                .withInstanceAttributeOverride((node, field, _) -> {
                    var header = of(field, McpHeader.class, McpHeader::value);
                    if (header != null) node.put("x-mcp-header", header);
                });
    }

    private enum Sized {
        STRING,
        ARRAY
    }

    private static @Nullable Integer least(FieldScope field, Sized what) {
        return of(field, Size.class, size -> !is(field, what) || size.min() == 0 ? null : size.min());
    }

    private static @Nullable Integer most(FieldScope field, Sized what) {
        return of(field, Size.class, size -> !is(field, what) || size.max() == Integer.MAX_VALUE ? null : size.max());
    }

    private static boolean is(FieldScope field, Sized what) {
        return field.isContainerType() == (what == Sized.ARRAY);
    }

    private static @Nullable List<com.fasterxml.classmate.ResolvedType> unwrapped(FieldScope field) {
        var type = field.getType();
        return type != null && type.getErasedType() == Optional.class
                ? List.of(field.getContext().getTypeParameterFor(type, Optional.class, 0))
                : null;
    }

    private static <A extends Annotation, V> @Nullable V of(
            FieldScope field, Class<A> annotation, Function<A, @Nullable V> value) {
        if (field.isFakeContainerItemScope()) return null;
        var found = field.getRawMember().getAnnotation(annotation);
        return found == null ? null : value.apply(found);
    }

    private static BigDecimal number(double value) {
        return new BigDecimal(BigDecimal.valueOf(value).stripTrailingZeros().toPlainString());
    }

    /** Without properties the generator says nothing about them. */
    private static ObjectNode withoutNoise(ObjectNode schema) {
        if (!schema.has("type") && !schema.has("$ref") && !schema.has("anyOf")) schema.put("type", "object");
        return schema;
    }
}
