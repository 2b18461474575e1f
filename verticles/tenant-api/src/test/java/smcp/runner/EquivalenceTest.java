package smcp.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import smcp.api.Default;
import smcp.api.Matches;
import smcp.api.Maximum;
import smcp.api.McpHeader;
import smcp.api.Minimum;
import smcp.api.Shape;
import smcp.api.Size;

/**
 * What is accepted without asking the schema must be what the schema accepts. Documents are drawn near the border: mostly right, each
 * value wrong now and then.
 */
class EquivalenceTest {
    enum Colour {
        RED,
        GREEN
    }

    record Leaf(
            @Minimum(-2) @Maximum(3) int n,
            @Nullable String note,
            @Size(max = 2) @Matches("^[ab]*$") String ab) {}

    record Tree(
            String name,
            @Default("5") int limit,
            @Minimum(0.5) double share,
            long big,
            boolean flag,
            Colour colour,
            @Nullable Colour other,
            Optional<Integer> maybe,
            Optional<Leaf> leaf,
            @Size(min = 1, max = 2) List<Leaf> leaves,
            Map<String, Double> weights,
            List<List<String>> rows,
            @Nullable Integer boxed,
            @Nullable Tree child) {}

    record Plain(int a, String b, List<Integer> c) {}

    record Header(@McpHeader("X") @Nullable String x, int y) {}

    private static final List<String> WILD = List.of(
            "null",
            "true",
            "false",
            "\"\"",
            "\" \"",
            "\"1\"",
            "\"NaN\"",
            "\"RED\"",
            "\"red\"",
            "\"ab\"",
            "\"abc\"",
            "0",
            "1",
            "-3",
            "1.0",
            "1.5",
            "1e2",
            "3000000000",
            "-9223372036854775808",
            "9223372036854775808",
            "1e400",
            "[]",
            "[null]",
            "[1]",
            "{}",
            "{\"x\":1}",
            "\"null\"",
            "\"\\u00fc\\ud83d\\ude00\"");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20260728})
    void theFastPathAcceptsOnlyWhatTheSchemaAccepts(long seed) {
        var json = new Json(getClass().getClassLoader());
        var deriver = new SchemaDeriver(json);
        compare(json, deriver, Tree.class, seed, 0.97, 15_000);
        compare(json, deriver, Plain.class, seed, 0.8, 5_000);
        compare(json, deriver, Header.class, seed, 0.6, 2_000);
    }

    private static <A> void compare(
            Json json, SchemaDeriver deriver, Class<A> type, long seed, double tame, int rounds) {
        var schema = deriver.derive(type);
        var compiled = Schema.compile(schema);
        var arguments = Arguments.of(new Shape.Typed<>(type), json, deriver);
        var check = ValueCheck.of(type);
        assertThat(check.isPresent()).as("%s takes the fast path", type).isEqualTo(type != Header.class);
        RandomGenerator random = new Random(seed);
        int accepted = 0;
        int fast = 0;
        for (int round = 0; round < rounds; round++) {
            var document = new Drawn(random, schema, tame).draw(schema, 0).toString();
            var context = "seed %d, round %d, %s: %s".formatted(seed, round, type.getSimpleName(), document);
            boolean fits = fits(compiled, document);
            boolean quick = check.isPresent() && fast(json, type, check.get(), document);
            if (quick) assertThat(fits).as(context).isTrue();
            if (quick)
                assertThat(compiled.violations(rewritten(json, type, document)))
                        .as("written again: " + context)
                        .isEmpty();
            if (read(arguments, document)) assertThat(fits).as(context).isTrue();
            else if (fits)
                assertThat(document)
                        .as(context + " fits the schema but no record")
                        .containsPattern("\\d{10}|e\\+?400|E400|Infinity");
            accepted += fits ? 1 : 0;
            fast += quick ? 1 : 0;
        }
        assertThat(accepted)
                .as("seed %d, %s: the border was met from inside", seed, type)
                .isBetween(rounds / 50, rounds - rounds / 50);
        if (check.isPresent())
            assertThat(fast)
                    .as("seed %d, %s: most take the fast path", seed, type)
                    .isGreaterThan(accepted / 2);
    }

    private static boolean fits(Schema schema, String document) {
        return schema.violations(Host.json(document)).isEmpty();
    }

    private static <A> boolean fast(Json json, Class<A> type, ValueCheck check, String document) {
        try {
            return check.fits(json.strictReader(type).readValue(document));
        } catch (java.io.IOException e) {
            return false;
        }
    }

    private static JsonNode rewritten(Json json, Class<?> type, String document) {
        try {
            return json.mapper().valueToTree(json.strictReader(type).readValue(document));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static boolean read(Arguments<?> arguments, String document) {
        try {
            return arguments.read(Slice.of(document)) != null;
        } catch (Unfit e) {
            return false;
        }
    }

    /** One document. */
    private record Drawn(RandomGenerator random, ObjectNode root, double tame) {
        JsonNode draw(JsonNode schema, int depth) {
            if (random.nextDouble() > tame) return Host.json(WILD.get(random.nextInt(WILD.size())));
            if (schema.has("$ref"))
                return draw(root.at(schema.path("$ref").asText().substring(1)), depth);
            if (schema.has("anyOf"))
                return draw(
                        schema.path("anyOf")
                                .get(random.nextInt(schema.path("anyOf").size())),
                        depth);
            if (schema.has("enum"))
                return schema.path("enum")
                        .get(random.nextInt(schema.path("enum").size()));
            var types = schema.path("type");
            var type = types.isArray() ? types.get(random.nextInt(types.size())).asText() : types.asText();
            var make = JsonNodeFactory.instance;
            return switch (type) {
                case "object" -> object(schema, depth);
                case "array" -> {
                    var array = make.arrayNode();
                    int length = random.nextInt(1, 3);
                    for (int i = 0; i < length; i++) array.add(draw(schema.path("items"), depth + 1));
                    yield array;
                }
                case "integer" ->
                    random.nextInt(20) == 0 ? make.numberNode(1.0) : make.numberNode(random.nextInt(-2, 4));
                case "number" ->
                    random.nextBoolean()
                            ? make.numberNode(random.nextInt(1, 4))
                            : make.numberNode(random.nextInt(5, 40) / 10.0);
                case "boolean" -> make.booleanNode(random.nextBoolean());
                case "null" -> make.nullNode();
                default -> make.textNode(List.of("", "a", "ab", "ba").get(random.nextInt(4)));
            };
        }

        private JsonNode object(JsonNode schema, int depth) {
            var object = JsonNodeFactory.instance.objectNode();
            var required = schema.path("required").toString();
            schema.path("properties").properties().forEach(property -> {
                boolean must = required.contains("\"" + property.getKey() + "\"");
                boolean given =
                        must ? random.nextDouble() < tame + (1 - tame) * 0.9 : depth < 3 && random.nextInt(3) == 0;
                if (given) object.set(property.getKey(), draw(property.getValue(), depth + 1));
            });
            var more = schema.path("additionalProperties");
            if (more.isObject()) object.set("k" + random.nextInt(3), draw(more, depth + 1));
            else if (random.nextDouble() > tame + (1 - tame) * 0.9) object.put("unknown", 1);
            return object;
        }
    }
}
