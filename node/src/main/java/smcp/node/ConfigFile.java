package smcp.node;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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

    private ConfigFile() {}

    /** {@code 250ms}, {@code 30s}, {@code 10m}, {@code 2h}, or ISO 8601. */
    private static final class Durations extends StdScalarDeserializer<Duration> {
        private static final Pattern SHORT = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

        Durations() {
            super(Duration.class);
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
            var said = new YAMLMapper().readTree(Files.readString(file));
            return over(
                    defaults, said == null || said.isMissingNode() || said.isNull() ? JSON.createObjectNode() : said);
        } catch (JsonProcessingException e) {
            var at = e.getLocation();
            throw new Wrong(
                    List.of(file + (at == null ? "" : ":" + at.getLineNr()) + ": not YAML: " + e.getOriginalMessage()));
        } catch (IOException e) {
            throw new Wrong(List.of("the configuration " + file + " cannot be read: " + e.getMessage()));
        }
    }

    static NodeConfig over(NodeConfig defaults, JsonNode said) throws Wrong {
        var problems = new ArrayList<String>();
        var whole = JSON.<ObjectNode>valueToTree(defaults);
        if (!said.isObject()) {
            throw new Wrong(List.of("the configuration must be a map of blocks"));
        }
        merge("", whole, said, problems);
        var blocks = new LinkedHashMap<String, Object>();
        for (var component : NodeConfig.class.getRecordComponents()) {
            bind(component.getName(), component.getType(), whole, blocks, problems);
        }
        if (!problems.isEmpty()) {
            throw new Wrong(problems);
        }
        return assemble(blocks);
    }

    private static void merge(String path, ObjectNode into, JsonNode said, List<String> problems) {
        for (var property : said.properties()) {
            var name = path + property.getKey();
            if (!into.has(property.getKey())) {
                problems.add(name + " is no key of the configuration; keys here: " + String.join(", ", names(into)));
            } else if (into.get(property.getKey()) instanceof ObjectNode block) {
                if (property.getValue().isObject()) {
                    merge(name + ".", block, property.getValue(), problems);
                } else {
                    problems.add(name + " must be a block of keys");
                }
            } else {
                into.set(property.getKey(), property.getValue());
            }
        }
    }

    private static List<String> names(ObjectNode node) {
        var names = new ArrayList<String>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void bind(
            String name, Class<?> type, ObjectNode whole, Map<String, Object> blocks, List<String> problems) {
        try {
            blocks.put(name, JSON.treeToValue(whole.get(name), type));
        } catch (JsonMappingException e) {
            problems.add(message(name, e));
        } catch (JsonProcessingException e) {
            problems.add(name + ": " + e.getOriginalMessage());
        }
    }

    /** The records' own words where they refused, the place and Jackson's words otherwise. */
    private static String message(String name, JsonMappingException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IllegalArgumentException && cause.getMessage() != null) {
                return cause.getMessage();
            }
        }
        var where = new StringBuilder(name);
        e.getPath().forEach(step -> where.append('.').append(step.getFieldName()));
        return where + ": " + e.getOriginalMessage();
    }

    private static NodeConfig assemble(Map<String, Object> blocks) {
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
