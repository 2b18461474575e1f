package smcp.runner;

import com.fasterxml.jackson.annotation.JacksonInject;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedField;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.api.Default;

/** Tells Jackson which record components are required and what those that are left out default to. */
final class RecordIntrospector extends JacksonAnnotationIntrospector {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
        var field = field(member);
        return field == null ? super.hasRequiredMarker(member) : (Boolean) required(field);
    }

    /** Only parameters: Jackson would write injected fields of a record past its constructor. */
    @Override
    public JacksonInject.@Nullable Value findInjectableValue(AnnotatedMember member) {
        if (!(member instanceof AnnotatedParameter)) return super.findInjectableValue(member);
        var field = field(member);
        var value = field == null ? null : field.getAnnotation(Default.class);
        return value == null
                ? super.findInjectableValue(member)
                : JacksonInject.Value.construct(new DefaultValue(value.value()), true);
    }

    /** A component must be given unless it is nullable, an {@code Optional}, or has a default. */
    static boolean required(Field component) {
        return !nullable(component) && !component.isAnnotationPresent(Default.class);
    }

    /** Whether an explicit {@code null} is as good as leaving the component out. */
    static boolean nullable(Field component) {
        return component.getType() == Optional.class
                || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    /** The default as JSON, or null. */
    static @Nullable JsonNode defaultOf(Field component) {
        var value = component.getAnnotation(Default.class);
        if (value == null) return null;
        try {
            return JSON.readTree(value.value());
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    component.getDeclaringClass().getSimpleName() + "." + component.getName()
                            + ": @Default is not JSON: " + value.value(),
                    e);
        }
    }

    /** The field behind a member of a record: its annotations include those of the component's type. */
    private static @Nullable Field field(AnnotatedMember member) {
        var owner = member.getDeclaringClass();
        if (owner == null || !owner.isRecord()) return null;
        if (member instanceof AnnotatedField) return componentField(owner, member.getName());
        if (!(member instanceof AnnotatedParameter parameter)) return componentField(owner, member.getName());
        var components = owner.getRecordComponents();
        return parameter.getOwner().getParameterCount() == components.length
                ? componentField(owner, components[parameter.getIndex()].getName())
                : null;
    }

    private static @Nullable Field componentField(Class<?> owner, String name) {
        try {
            return owner.getDeclaredField(name);
        } catch (NoSuchFieldException e) {
            return null;
        }
    }

    private record DefaultValue(String json) {}

    /** Reads defaults on each use, so that no two calls share a mutable one. */
    static final class Defaults extends InjectableValues {
        @Override
        public @Nullable Object findInjectableValue(
                Object id, DeserializationContext context, BeanProperty property, @Nullable Object bean)
                throws JsonMappingException {
            if (!(id instanceof DefaultValue(String json)))
                throw JsonMappingException.from(context, "nothing to inject for " + id);
            try {
                return context.readTreeAsValue(JSON.readTree(json), property.getType());
            } catch (IOException e) {
                throw JsonMappingException.from(
                        context, "@Default of " + property.getName() + ": " + e.getMessage(), e);
            }
        }
    }
}
