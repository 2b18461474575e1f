package smcp.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random messages, written with every freedom JSON leaves, against what Jackson's tree says of them. */
class EnvelopeParserRandomTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MESSAGES = 20_000;
    private static final List<String> OURS = List.of("_meta", "inputResponses", "requestState");
    private static final String ALPHABET = "aZ09 _/.\\\"\n\té€😀\u2028\u0000ß{}[],:";

    @Test
    void theEnvelopeSaysWhatATreeSays() throws IOException, Malformed {
        var seed = System.nanoTime();
        var random = new Random(seed);
        var parser = new EnvelopeParser(100);
        for (var i = 0; i < MESSAGES; i++) {
            var body = new Writer(random).message();
            try {
                compare(parser.parse(body.getBytes(StandardCharsets.UTF_8)), (ObjectNode) JSON.readTree(body));
            } catch (Malformed | AssertionError e) {
                throw new AssertionError("seed " + seed + ", message " + i + ": " + body, e);
            }
        }
    }

    private static void compare(Envelope envelope, ObjectNode tree) throws IOException {
        same(envelope.id(), tree.get("id"));
        assertThat(envelope.method()).isEqualTo(tree.path("method").textValue());
        var params = tree.path("params");
        same(envelope.params(), tree.get("params"));
        same(envelope.arguments(), params.get("arguments"));
        same(envelope.cursor(), params.get("cursor"));
        same(envelope.inputResponses(), params.get("inputResponses"));
        same(envelope.requestState(), params.get("requestState"));
        assertThat(envelope.name()).isEqualTo(params.path("name").textValue());
        assertThat(envelope.uri()).isEqualTo(params.path("uri").textValue());
        var plain = params.isObject() ? ((ObjectNode) params).deepCopy().remove(OURS) : JSON.createObjectNode();
        same(envelope.plainParams(), plain);
        compare(envelope.meta(), params.get("_meta"));
    }

    private static void compare(@Nullable Meta meta, @Nullable JsonNode tree) throws IOException {
        if (meta == null || tree == null) {
            assertThat(tree).isNull();
            assertThat(meta).isNull();
            return;
        }
        same(meta.progressToken(), tree.get(Meta.PROGRESS_TOKEN));
        same(meta.protocolVersion(), tree.get(Meta.PROTOCOL_VERSION));
        same(meta.clientCapabilities(), tree.get(Meta.CLIENT_CAPABILITIES));
        same(meta.clientInfo(), tree.get(Meta.CLIENT_INFO));
        same(meta.logLevel(), tree.get(Meta.LOG_LEVEL));
        var foreign = ((ObjectNode) tree)
                .deepCopy()
                .remove(List.of(
                        Meta.PROGRESS_TOKEN,
                        Meta.PROTOCOL_VERSION,
                        Meta.CLIENT_CAPABILITIES,
                        Meta.CLIENT_INFO,
                        Meta.LOG_LEVEL,
                        Meta.CALL));
        var members = String.join(",", meta.foreign().stream().map(Json::text).toList());
        same(Json.of("{" + members + "}"), foreign);
    }

    private static void same(@Nullable Json slice, @Nullable JsonNode tree) throws IOException {
        assertThat(slice == null ? null : JSON.readTree(slice.text())).isEqualTo(tree);
    }

    /** Writes messages with random order, blanks, escapes and values. */
    private static final class Writer {
        private final Random random;
        private final StringBuilder out = new StringBuilder();

        Writer(Random random) {
            this.random = random;
        }

        String message() {
            var members = new ArrayList<Runnable>(List.of(
                    () -> member("jsonrpc", () -> string("2.0")), () -> member("method", () -> string(word()))));
            maybe(members, "id", this::id);
            maybe(members, "params", this::params);
            maybe(members, "other", () -> value(3));
            object(members);
            blank();
            return out.toString();
        }

        private void params() {
            var members = new ArrayList<Runnable>();
            maybe(members, "_meta", this::meta);
            maybe(members, "inputResponses", () -> value(3));
            maybe(members, "requestState", () -> string(word()));
            maybe(members, "name", () -> string(word()));
            maybe(members, "uri", () -> value(1));
            maybe(members, "arguments", () -> value(4));
            maybe(members, "cursor", () -> string(word()));
            for (var i = random.nextInt(3); i > 0; i--) {
                var name = "x" + i + word();
                members.add(() -> member(name, () -> value(3)));
            }
            object(members);
        }

        private void meta() {
            var members = new ArrayList<Runnable>();
            maybe(members, Meta.PROGRESS_TOKEN, this::id);
            maybe(members, Meta.PROTOCOL_VERSION, () -> string("2026-07-28"));
            maybe(members, Meta.CLIENT_CAPABILITIES, () -> value(3));
            maybe(members, Meta.CLIENT_INFO, () -> value(2));
            maybe(members, Meta.LOG_LEVEL, () -> string("info"));
            maybe(members, Meta.CALL, () -> value(2));
            maybe(members, "traceparent", () -> value(1));
            maybe(members, "com.example/" + word(), () -> value(3));
            object(members);
        }

        private void maybe(List<Runnable> members, String name, Runnable value) {
            if (random.nextBoolean()) {
                members.add(() -> member(name, value));
            }
        }

        private void object(List<Runnable> members) {
            Collections.shuffle(members, random);
            list('{', members, '}');
        }

        private void list(char open, List<Runnable> members, char close) {
            blank();
            out.append(open);
            for (var i = 0; i < members.size(); i++) {
                if (i > 0) {
                    out.append(',');
                }
                members.get(i).run();
            }
            blank();
            out.append(close);
        }

        private void member(String name, Runnable value) {
            string(name);
            blank();
            out.append(':');
            value.run();
            blank();
        }

        private void id() {
            blank();
            if (random.nextBoolean()) {
                number();
            } else {
                string(word());
            }
        }

        private void value(int depth) {
            blank();
            switch (random.nextInt(depth > 0 ? 8 : 6)) {
                case 0 -> out.append("null");
                case 1 -> out.append(random.nextBoolean());
                case 2, 3 -> number();
                case 4, 5 -> string(word());
                case 6 -> list('[', several(() -> value(depth - 1)), ']');
                default -> {
                    var names = random.nextInt(4);
                    var members = new ArrayList<Runnable>();
                    for (var i = 0; i < names; i++) {
                        var name = List.of("_meta", "name", "id", "params").get(i);
                        members.add(() -> member(name, () -> value(depth - 1)));
                    }
                    object(members);
                }
            }
        }

        private List<Runnable> several(Runnable one) {
            return Collections.nCopies(random.nextInt(4), one);
        }

        private void number() {
            out.append(
                    switch (random.nextInt(5)) {
                        case 0 -> Integer.toString(random.nextInt());
                        case 1 -> "-0.5e-7";
                        case 2 -> "1E+2";
                        case 3 -> Long.toString(random.nextLong()) + "1234567890";
                        default -> "0";
                    });
        }

        private void string(String text) {
            blank();
            out.append('"');
            for (var i = 0; i < text.length(); i++) {
                var c = text.charAt(i);
                if (c < ' ' || random.nextInt(6) == 0) {
                    out.append(String.format("\\u%04x", (int) c));
                    if (Character.isHighSurrogate(c)) {
                        out.append(String.format("\\u%04X", (int) text.charAt(++i)));
                    }
                } else if (c == '"' || c == '\\') {
                    out.append('\\').append(c);
                } else {
                    out.append(c);
                    if (Character.isHighSurrogate(c)) {
                        out.append(text.charAt(++i));
                    }
                }
            }
            out.append('"');
        }

        private String word() {
            var word = new StringBuilder();
            for (var i = random.nextInt(6); i > 0; i--) {
                var points = ALPHABET.codePoints().toArray();
                word.appendCodePoint(points[random.nextInt(points.length)]);
            }
            return word.toString();
        }

        private void blank() {
            for (var i = random.nextInt(4); i > 1; i--) {
                out.append(" \n\r\t".charAt(random.nextInt(4)));
            }
        }
    }
}
