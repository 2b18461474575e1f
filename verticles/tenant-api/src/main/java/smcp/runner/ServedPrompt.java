package smcp.runner;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import smcp.api.Prompt;
import smcp.api.PromptArgument;
import smcp.api.ProtocolError;

/** A prompt with its arguments as listed. */
record ServedPrompt<A>(
        Prompt<A> definition,
        List<PromptArgument> arguments,
        @Nullable ObjectReader reader) implements Operation {
    private static final Set<Type> SCALARS = Set.of(
            String.class,
            int.class,
            long.class,
            double.class,
            boolean.class,
            Integer.class,
            Long.class,
            Double.class,
            Boolean.class);

    static <A> ServedPrompt<A> of(Prompt<A> prompt, Json json) {
        try {
            var type = prompt.type();
            var arguments = type == null ? prompt.arguments() : describe(type);
            var names = new HashSet<String>();
            for (var argument : arguments)
                if (!names.add(argument.name()))
                    throw new IllegalArgumentException("argument " + argument.name() + " occurs twice");
            for (var completed : prompt.completers().keySet())
                if (!names.contains(completed))
                    throw new IllegalArgumentException(
                            "a completer for " + completed + ", but its arguments are " + names);
            return new ServedPrompt<>(prompt, List.copyOf(arguments), type == null ? null : json.stringsReader(type));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("prompt " + prompt.name() + ": " + e.getMessage(), e);
        }
    }

    private static List<PromptArgument> describe(Class<?> type) {
        if (!type.isRecord()) throw new IllegalArgumentException(type.getName() + " must be a record");
        var arguments = new ArrayList<PromptArgument>();
        for (var component : type.getRecordComponents()) {
            try {
                var field = type.getDeclaredField(component.getName());
                requireScalar(field);
                var named = field.getAnnotation(JsonProperty.class);
                var described = field.getAnnotation(JsonPropertyDescription.class);
                arguments.add(new PromptArgument(
                        named == null || named.value().isEmpty() ? field.getName() : named.value(),
                        null,
                        described == null ? null : described.value(),
                        RecordIntrospector.required(field)));
            } catch (NoSuchFieldException e) {
                throw new IllegalStateException("a record without the field of a component", e);
            }
        }
        return arguments;
    }

    private static void requireScalar(Field field) {
        var type = field.getGenericType();
        if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class)
            type = generic.getActualTypeArguments()[0];
        if (!SCALARS.contains(type) && !(type instanceof Class<?> plain && plain.isEnum()))
            throw new IllegalArgumentException("argument " + field.getName()
                    + " must be a string, number, boolean or enum, or an Optional of one, got " + type.getTypeName());
    }

    @Override
    public byte[] perform(RunningCall call) throws Exception {
        var result = definition.handler().handle(read(call), call);
        var written = call.json().object().put("resultType", "complete");
        if (result.description() != null) written.put("description", result.description());
        written.set("messages", call.json().mapper().valueToTree(result.messages()));
        return call.json().bytes(written);
    }

    @SuppressWarnings("unchecked") // without a reader, A is Map<String, String>
    private A read(RunningCall call) {
        var strings = strings(call);
        for (var argument : arguments)
            if (argument.required() && !strings.containsKey(argument.name()))
                throw refused("misses its required argument " + argument.name());
        if (reader == null) return (A) Map.copyOf(strings);
        try {
            return reader.readValue(call.json().mapper().<JsonNode>valueToTree(strings));
        } catch (JsonMappingException e) {
            var field = e.getPath().isEmpty() ? null : e.getPath().getFirst().getFieldName();
            throw refused("argument " + field + ": " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory", e);
        }
    }

    private Map<String, String> strings(RunningCall call) {
        var strings = new LinkedHashMap<String, String>();
        var given = call.request().arguments();
        if (given == null) return strings;
        try {
            var tree = call.json().tree(given);
            if (!tree.isObject())
                throw refused("params.arguments must be an object, got " + Schema.shortened(tree.toString()));
            for (var entry : tree.properties()) {
                if (!entry.getValue().isTextual())
                    throw refused("argument " + entry.getKey() + " must be a string, got "
                            + Schema.shortened(entry.getValue().toString()));
                strings.put(entry.getKey(), entry.getValue().textValue());
            }
            return strings;
        } catch (JsonProcessingException e) {
            throw refused("arguments cannot be read: " + e.getOriginalMessage());
        }
    }

    private ProtocolError refused(String why) {
        return new ProtocolError(ProtocolError.INVALID_PARAMS, "prompt " + definition.name() + " " + why);
    }
}
