package smcp.runner;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import smcp.api.Matches;
import smcp.api.Maximum;
import smcp.api.McpHeader;
import smcp.api.Minimum;
import smcp.api.Size;

/**
 * Decides for a Java value whether its JSON fits the derived schema, without building a tree: what strict Jackson reading cannot see,
 * that is nulls, bounds, lengths, patterns and non-finite numbers. It may say no where the schema says yes, never the reverse; a no
 * only means that the schema itself is asked.
 */
@FunctionalInterface
interface ValueCheck {
    boolean fits(@Nullable Object value);

    /** The check for a type, or empty if the type holds something whose JSON is not plainly known. */
    static Optional<ValueCheck> of(Class<?> type) {
        if (!type.isRecord()) return Optional.empty();
        try {
            return Optional.of(new Compiler().compile(type));
        } catch (NotPlain e) {
            return Optional.empty();
        }
    }

    /** Some part of the type is beyond the compiler. */
    final class NotPlain extends RuntimeException {
        NotPlain(String what) {
            super(what, null, false, false);
        }
    }

    /** Compiles one type; records may be recursive, so those begun are known by class. */
    final class Compiler {
        private static final Set<Class<? extends Annotation>> HARMLESS = Set.of(
                JsonProperty.class, JsonPropertyDescription.class, JsonPropertyOrder.class, JsonClassDescription.class);
        private static final Set<Class<?>> CANNOT_MISFIT = Set.of(boolean.class, int.class, long.class);
        private static final ValueCheck PRESENT = value -> value != null;
        private final Map<Class<?>, RecordCheck> records = new HashMap<>();

        ValueCheck compile(Type type) {
            if (type instanceof Class<?> plain) return plain(plain);
            if (!(type instanceof ParameterizedType generic)) throw new NotPlain(type.getTypeName());
            var arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == List.class) {
                var each = compile(arguments[0]);
                return value -> value instanceof List<?> list && all(list, each);
            }
            if (generic.getRawType() == Map.class && arguments[0] == String.class) {
                var each = compile(arguments[1]);
                return value -> value instanceof Map<?, ?> map && all(map.values(), each);
            }
            if (generic.getRawType() == Optional.class) {
                var inner = compile(arguments[0]);
                return value ->
                        value instanceof Optional<?> optional && (optional.isEmpty() || inner.fits(optional.get()));
            }
            throw new NotPlain(type.getTypeName());
        }

        private static boolean all(Iterable<?> values, ValueCheck each) {
            for (var value : values) if (!each.fits(value)) return false;
            return true;
        }

        private ValueCheck plain(Class<?> type) {
            if (type.isRecord()) return record(type);
            if (type == String.class || type == Boolean.class || type == Integer.class || type == Long.class)
                return PRESENT;
            if (type == boolean.class || type == int.class || type == long.class) return PRESENT;
            if (type == double.class || type == Double.class)
                return value -> value instanceof Double d && Double.isFinite(d);
            if (type.isEnum()
                    && Arrays.stream(type.getDeclaredFields()).allMatch(Compiler::unannotated)
                    && Arrays.stream(type.getDeclaredMethods()).allMatch(Compiler::unannotated)
                    && Arrays.stream(type.getDeclaredConstructors()).allMatch(Compiler::unannotated)
                    && unannotated(type)) return PRESENT;
            throw new NotPlain(type.getTypeName());
        }

        private ValueCheck record(Class<?> type) {
            var begun = records.get(type);
            if (begun != null) return begun;
            var check = new RecordCheck(type);
            records.put(type, check);
            requireHarmless(type);
            for (var method : type.getDeclaredMethods()) requireHarmless(method);
            for (var constructor : type.getDeclaredConstructors()) requireHarmless(constructor);
            var parts = new ArrayList<Part>();
            for (var component : type.getRecordComponents()) {
                var field = field(type, component.getName());
                requireHarmless(field);
                var part = component(field);
                if (part != null) parts.add(new Part(handle(component.getAccessor()), part));
            }
            check.parts = parts.toArray(Part[]::new);
            return check;
        }

        /** Null where strict reading leaves nothing to check. */
        private @Nullable ValueCheck component(Field field) {
            if (RecordIntrospector.nullable(field) && field.isAnnotationPresent(McpHeader.class))
                throw new NotPlain("a header argument must not be null, which the record cannot tell from absent");
            var plain = compile(field.getGenericType());
            if (CANNOT_MISFIT.contains(field.getType()) && !constrained(field)) return null;
            var bounded = bounded(field, plain);
            return RecordIntrospector.nullable(field) && field.getType() != Optional.class
                    ? value -> value == null || bounded.fits(value)
                    : bounded;
        }

        private static boolean constrained(Field field) {
            return field.isAnnotationPresent(Minimum.class)
                    || field.isAnnotationPresent(Maximum.class)
                    || field.isAnnotationPresent(Size.class)
                    || field.isAnnotationPresent(Matches.class);
        }

        private static ValueCheck bounded(Field field, ValueCheck check) {
            var all = new ArrayList<ValueCheck>(List.of(check));
            var least = field.getAnnotation(Minimum.class);
            if (least != null) all.add(value -> value instanceof Number n && compare(n, least.value()) >= 0);
            var greatest = field.getAnnotation(Maximum.class);
            if (greatest != null) all.add(value -> value instanceof Number n && compare(n, greatest.value()) <= 0);
            var size = field.getAnnotation(Size.class);
            if (size != null) all.add(value -> within(size, value));
            var pattern = field.getAnnotation(Matches.class);
            if (pattern != null) {
                var compiled = Pattern.compile(pattern.value());
                all.add(value ->
                        value instanceof String s && compiled.matcher(s).find());
            }
            if (all.size() == 1) return check;
            var checks = all.toArray(ValueCheck[]::new);
            return value -> {
                for (var each : checks) if (!each.fits(value)) return false;
                return true;
            };
        }

        private static int compare(Number number, double bound) {
            return number instanceof Long l
                    ? java.math.BigDecimal.valueOf(l).compareTo(java.math.BigDecimal.valueOf(bound))
                    : Double.compare(number.doubleValue(), bound);
        }

        private static boolean within(Size size, @Nullable Object value) {
            var length = switch (value) {
                case String s -> s.codePointCount(0, s.length());
                case List<?> list -> list.size();
                case null, default -> -1;
            };
            return length >= size.min() && length <= size.max();
        }

        private static void requireHarmless(AnnotatedElement element) {
            if (!unannotated(element)) throw new NotPlain(element.toString());
        }

        private static boolean unannotated(AnnotatedElement element) {
            for (var annotation : element.getAnnotations()) {
                var type = annotation.annotationType();
                if (!HARMLESS.contains(type)
                        && !type.getName().startsWith("smcp.api.")
                        && !type.getName().startsWith("java.lang.")) return false;
            }
            return true;
        }

        private static Field field(Class<?> type, String name) {
            try {
                return type.getDeclaredField(name);
            } catch (NoSuchFieldException e) {
                throw new IllegalStateException("a record without the field of its component " + name, e);
            }
        }

        private static MethodHandle handle(java.lang.reflect.Method accessor) {
            try {
                accessor.setAccessible(true);
                return MethodHandles.lookup()
                        .unreflect(accessor)
                        .asType(MethodType.methodType(Object.class, Object.class));
            } catch (IllegalAccessException | RuntimeException e) {
                throw new NotPlain(accessor.toString());
            }
        }
    }

    /** One component. */
    record Part(MethodHandle accessor, ValueCheck check) {}

    /** All components of a record. */
    final class RecordCheck implements ValueCheck {
        private final Class<?> type;
        private Part[] parts = {};

        RecordCheck(Class<?> type) {
            this.type = type;
        }

        @Override
        public boolean fits(@Nullable Object value) {
            if (!type.isInstance(value)) return false;
            for (var part : parts) if (!part.check().fits(read(part.accessor(), value))) return false;
            return true;
        }

        private static @Nullable Object read(MethodHandle accessor, @Nullable Object record) {
            try {
                return (@Nullable Object) accessor.invokeExact((@Nullable Object) record);
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException("an accessor of a record threw", e);
            }
        }
    }
}
