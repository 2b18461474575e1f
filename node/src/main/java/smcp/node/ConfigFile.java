package smcp.node;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a node's configuration: what the file says over the defaults. Unknown keys are refused, and everything that is wrong is said at once. */
final class ConfigFile {
    /** All that is wrong with a configuration. */
    static final class Wrong extends Exception {
        private final List<String> problems;

        Wrong(List<String> problems) {
            super(String.join("\n", problems));
            this.problems = List.copyOf(problems);
        }

        List<String> problems() {
            return problems;
        }
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule()
                    .addSerializer(Duration.class, ToStringSerializer.instance)
                    .addSerializer(Path.class, ToStringSerializer.instance)
                    .addDeserializer(Duration.class, new Durations()))
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Durations as Java writes them, and nobody does in a configuration. */
    private static final Pattern ISO =
            Pattern.compile("\\bPT(-?[0-9]+H)?(-?[0-9]+M)?(-?[0-9]+(\\.[0-9]+)?S)?(?<!T)\\b");

    private ConfigFile() {}

    /** {@code 250ms}, {@code 30s}, {@code 10m}, {@code 2h}, or ISO 8601. */
    private static final class Durations extends StdScalarDeserializer<Duration> {
        private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})(us|ms|s|m|h)");

        Durations() {
            super(Duration.class);
        }

        /** In the largest unit in which it is whole. */
        static String shown(Duration duration) {
            var micros = duration.toNanos() / 1000;
            if (micros == 0) {
                return "0s";
            }
            return micros % 1000 != 0
                    ? micros + "us"
                    : micros % 1_000_000 != 0
                            ? duration.toMillis() + "ms"
                            : micros % 60_000_000 != 0
                                    ? duration.toSeconds() + "s"
                                    : duration.toMinutesPart() != 0
                                            ? duration.toMinutes() + "m"
                                            : duration.toHours() + "h";
        }

        @Override
        public Duration deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            var text = parser.getValueAsString("");
            var parts = SHORT.matcher(text);
            try {
                if (!parts.matches()) {
                    return Duration.parse(text);
                }
                var amount = Long.parseLong(parts.group(1));
                return switch (parts.group(2)) {
                    case "us" -> Duration.of(amount, ChronoUnit.MICROS);
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    default -> Duration.ofHours(amount);
                };
            } catch (DateTimeParseException e) {
                throw JsonMappingException.from(
                        parser, "must be a duration such as 250ms, 30s, 10m or 2h, got \"" + text + "\"", e);
            }
        }
    }

    /** @param defaults what stands where the file says nothing */
    static NodeConfig read(Path file, NodeConfig defaults) throws Wrong {
        try {
            var said = YAML.readTree(Files.readString(file));
            return over(
                    defaults, said == null || said.isMissingNode() || said.isNull() ? JSON.createObjectNode() : said);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new Wrong(
                    List.of(file + (at == null ? "" : ":" + at.getLineNr()) + ": not YAML: " + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new Wrong(List.of("the configuration " + file + " cannot be read: "
                    + switch (e) {
                        case NoSuchFileException _ -> "there is no such file";
                        case AccessDeniedException _ -> "permission denied";
                        case CharacterCodingException _ -> "it is no text in UTF-8";
                        default -> e.getMessage();
                    }));
        }
    }

    static NodeConfig over(NodeConfig defaults, JsonNode given) throws Wrong {
        var problems = new ArrayList<String>();
        var whole = JSON.<ObjectNode>valueToTree(defaults);
        if (!given.isObject()) {
            throw new Wrong(List.of("the configuration must be a map of blocks"));
        }
        var untouched = whole.deepCopy();
        var said = new ArrayList<Said>();
        merge("", NodeConfig.class, whole, given, said, problems);
        var blocks = new LinkedHashMap<String, @Nullable Object>();
        for (var component : NodeConfig.class.getRecordComponents()) {
            var name = component.getName();
            var here = said.stream()
                    .filter(one -> one.key().startsWith(name + "."))
                    .toList();
            var block = new Block(name, component.getType(), untouched, here);
            blocks.put(name, block.bind((ObjectNode) whole.get(name), problems));
        }
        if (!problems.isEmpty()) {
            throw new Wrong(problems);
        }
        var config = assemble(blocks);
        if (!config.problems().isEmpty()) {
            throw new Wrong(config.problems());
        }
        return config;
    }

    /**
     * Something the file says.
     *
     * @param key its path, with dots
     */
    private record Said(String key) {
        /** What stands at this place of a block. */
        JsonNode in(ObjectNode block) {
            return parent(block).path(last());
        }

        void set(ObjectNode block, JsonNode to) {
            parent(block).set(last(), to);
        }

        private ObjectNode parent(ObjectNode block) {
            var steps = key.split("\\.", -1);
            var at = block;
            for (var i = 1; i < steps.length - 1; i++) {
                at = (ObjectNode) at.get(steps[i]);
            }
            return at;
        }

        private String last() {
            return key.substring(key.lastIndexOf('.') + 1);
        }
    }

    private static void merge(
            String path, Class<?> type, ObjectNode into, JsonNode given, List<Said> said, List<String> problems) {
        for (var property : given.properties()) {
            var name = path + property.getKey();
            if (!into.has(property.getKey())) {
                problems.add(name + " is no key of the configuration; keys here: " + String.join(", ", names(into)));
            } else if (into.get(property.getKey()) instanceof ObjectNode block
                    && !(property.getValue().isNull() && nullable(component(type, property.getKey())))) {
                if (property.getValue().isObject()) {
                    merge(
                            name + ".",
                            component(type, property.getKey()).getType(),
                            block,
                            property.getValue(),
                            said,
                            problems);
                } else if (!property.getValue().isNull()) {
                    // a block whose keys are all commented out is empty, not wrong
                    problems.add(name + " must be a block of keys");
                }
            } else if (property.getValue().isNull() && !nullable(component(type, property.getKey()))) {
                problems.add(name + " must have a value; leave the line out for the default");
            } else {
                into.set(property.getKey(), property.getValue());
                said.add(new Said(name));
            }
        }
    }

    /** One block and what the file says in it. */
    private record Block(String name, Class<?> type, ObjectNode defaults, List<Said> said) {
        /** The block's record. A record refuses at its first problem, and whoever wrote the file wants to hear them all: so what was refused is put back to its default, and the rest is tried again. */
        @Nullable
        Object bind(ObjectNode block, List<String> problems) {
            for (var left = new ArrayList<>(said); ; ) {
                try {
                    return JSON.treeToValue(block, type);
                } catch (JsonProcessingException e) {
                    var words = message(e);
                    var wrong = left.stream().filter(one -> isAt(one, e, words)).findFirst();
                    problems.add(shown(wrong.map(Said::key).orElse(name), words));
                    if (wrong.isEmpty()) {
                        return null;
                    }
                    left.remove(wrong.get());
                    wrong.get().set(block, wrong.get().in((ObjectNode) defaults.get(name)));
                }
            }
        }

        private String shown(String key, String words) {
            if (words.startsWith(name + ".")) {
                return words;
            }
            return key + (words.startsWith("must ") ? " " : ": ") + words;
        }

        private boolean isAt(Said one, JsonProcessingException e, String words) {
            if (words.startsWith(one.key() + " ")) {
                return true;
            }
            var where = new StringBuilder(name);
            if (e instanceof JsonMappingException mapping) {
                // an element of a list has an index in place of a name
                mapping.getPath().stream()
                        .map(JsonMappingException.Reference::getFieldName)
                        .filter(Objects::nonNull)
                        .forEach(step -> where.append('.').append(step));
            }
            // a block that is nothing by default was set whole
            return (where + ".").startsWith(one.key() + ".");
        }
    }

    private static RecordComponent component(Class<?> type, String name) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> component.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(type + " has no " + name));
    }

    private static boolean nullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static List<String> names(ObjectNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** The records' own words where they refused, what the value must be otherwise. */
    private static String message(JsonProcessingException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return ISO.matcher(cause.getMessage())
                        .replaceAll(found -> Durations.shown(Duration.parse(found.group())));
            }
        }
        var words = e.getOriginalMessage();
        if (words.startsWith("must be ") || !(e instanceof MismatchedInputException mismatch)) {
            return words;
        }
        return "must be " + wanted(mismatch.getTargetType());
    }

    /** The word of YAML for one of the few types that keys have. */
    private static String wanted(@Nullable Class<?> type) {
        if (type == int.class || type == long.class) {
            return "a whole number";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type != null && List.class.isAssignableFrom(type)) {
            return "a list";
        }
        return type == null || type.isRecord() ? "set to a value" : "a text";
    }

    private static NodeConfig assemble(Map<String, @Nullable Object> blocks) {
        try {
            var types = Arrays.stream(NodeConfig.class.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            return NodeConfig.class
                    .getDeclaredConstructor(types)
                    .newInstance(blocks.values().toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("blocks do not fit NodeConfig", e);
        }
    }
}
