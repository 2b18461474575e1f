package smcp.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Malformed.Kind;

/**
 * Reads the envelope of a message and skips the rest: one pass, no tree, nothing printed again. A member of the envelope that occurs twice, after decoding escapes, is refused, so that nobody is
 * authorised for one tool and runs another (design §3). Thread-safe.
 */
public final class EnvelopeParser {
    private final JsonFactory factory;
    private final int maxDepth;

    /** @param maxDepth deepest nesting of arrays and objects in a body */
    public EnvelopeParser(int maxDepth) {
        this.maxDepth = maxDepth;
        factory = factory(maxDepth);
    }

    static JsonFactory factory(int maxDepth) {
        // bodies are UTF-8 (RFC 8259 §8.1); guessing UTF-16 would also move the byte offsets
        return JsonFactory.builder()
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                // names are a stranger's: not into the JVM's table of strings
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(maxDepth)
                        .maxStringLength(Integer.MAX_VALUE)
                        .maxNumberLength(1000)
                        .build())
                .build();
    }

    /** @throws Malformed if {@code body} is no JSON-RPC message; it says why, and carries the id where that could be read */
    public Envelope parse(byte[] body) throws Malformed {
        refuseBadUtf8(body);
        var envelope = new Envelope(body);
        try (var parser = factory.createParser(body)) {
            new Reading(parser, envelope).message();
        } catch (StreamConstraintsException e) {
            throw new Malformed(
                    Kind.NOT_A_MESSAGE,
                    "JSON nested deeper than " + maxDepth
                            + " levels, a number of more than 1000 digits, or a name of more than 50000 characters",
                    null);
        } catch (JsonProcessingException e) {
            throw new Malformed(
                    Kind.NOT_JSON,
                    "body is not JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse("") + " at byte "
                            + e.getLocation().getByteOffset(),
                    null);
        } catch (IOException e) {
            throw new Malformed(Kind.NOT_JSON, "body is not JSON", null);
        }
        return envelope;
    }

    /** The parser's tokenizer lets some malformed UTF-8 through in what it skips; a tenant must never see any (RFC 3629 §3). */
    private static void refuseBadUtf8(byte[] body) throws Malformed {
        if (!wellFormed(body)) {
            throw new Malformed(Kind.NOT_JSON, "body is not UTF-8", null);
        }
    }

    /** Is it UTF-8? */
    static boolean wellFormed(byte[] body) {
        var seven = 0;
        for (var b : body) {
            seven |= b;
        }
        if (seven >= 0) {
            return true;
        }
        try {
            var _ = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private enum Member {
        JSONRPC,
        ID,
        METHOD,
        PARAMS,
        RESULT,
        ERROR,
        NAME,
        URI,
        ARGUMENTS,
        META,
        CURSOR,
        INPUT_RESPONSES,
        REQUEST_STATE,
        PROGRESS_TOKEN,
        VERSION,
        CAPABILITIES,
        CLIENT_INFO,
        LOG_LEVEL,
        TRACEPARENT
    }

    /** One reading of one body. */
    private static final class Reading {
        private final JsonParser parser;
        private final Envelope envelope;
        private final EnumSet<Member> seen = EnumSet.noneOf(Member.class);
        private boolean versioned;
        /** The first thing wrong that does not stop the reading: the id may still follow. */
        private @Nullable String wrong;

        private Kind wrongKind = Kind.NOT_A_MESSAGE;

        Reading(JsonParser parser, Envelope envelope) {
            this.parser = parser;
            this.envelope = envelope;
        }

        void message() throws IOException, Malformed {
            var first = parser.nextToken();
            if (first == JsonToken.START_ARRAY) {
                parser.skipChildren();
                envelope.kind = Envelope.Kind.BATCH;
            } else if (first == JsonToken.START_OBJECT) {
                members();
            } else if (first == null) {
                throw new Malformed(Kind.NOT_JSON, "body is empty", null);
            } else {
                parser.finishToken();
                wrong = "a message is a JSON object";
            }
            if (parser.nextToken() != null) {
                throw new Malformed(Kind.NOT_JSON, "body has more than one JSON value", null);
            }
            judge();
        }

        private void members() throws IOException, Malformed {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                switch (parser.currentName()) {
                    case "jsonrpc" -> version(parser.nextToken());
                    case "id" -> id();
                    case "method" -> method();
                    case "params" -> params();
                    case "result" -> envelope.result = value(Member.RESULT);
                    case "error" -> envelope.error = value(Member.ERROR);
                    default -> skip();
                }
            }
        }

        private void judge() throws Malformed {
            if (envelope.kind == Envelope.Kind.BATCH) {
                return;
            }
            var response = envelope.method == null && (envelope.result != null || envelope.error != null);
            if (wrong == null && !versioned) {
                wrong = "jsonrpc must be \"2.0\"";
            }
            if (wrong == null && envelope.method == null && !response) {
                wrong = "a message has a method, a result or an error";
            }
            if (wrong == null && response && envelope.id == null) {
                wrong = "a response has an id";
            }
            if (wrong == null && response && envelope.result != null && envelope.error != null) {
                wrong = "a response has either a result or an error";
            }
            if (wrong != null) {
                throw new Malformed(wrongKind, wrong, envelope.id);
            }
            envelope.kind = response
                    ? Envelope.Kind.RESPONSE
                    : envelope.id == null ? Envelope.Kind.NOTIFICATION : Envelope.Kind.REQUEST;
        }

        private void version(JsonToken token) throws IOException {
            once(Member.JSONRPC, "jsonrpc");
            versioned = token == JsonToken.VALUE_STRING && parser.getText().equals("2.0");
            parser.skipChildren();
        }

        private void id() throws IOException {
            once(Member.ID, "id");
            var token = parser.nextToken();
            var value = current();
            if (token == JsonToken.VALUE_STRING
                    || token == JsonToken.VALUE_NUMBER_INT
                    || token == JsonToken.VALUE_NUMBER_FLOAT) {
                envelope.id = value;
            } else {
                complain(Kind.NOT_A_MESSAGE, "id must be a string or a number");
            }
        }

        private void method() throws IOException {
            once(Member.METHOD, "method");
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                envelope.method = parser.getText();
            } else {
                complain(Kind.NOT_A_MESSAGE, "method must be a string");
                parser.skipChildren();
            }
        }

        private void params() throws IOException {
            once(Member.PARAMS, "params");
            var token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                complain(Kind.BAD_PARAMS, "params must be an object");
                parser.skipChildren();
                return;
            }
            var from = start();
            var cut = new Cuts();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                cut.member(start());
                var ours = true;
                switch (parser.currentName()) {
                    case "_meta" -> meta();
                    case "inputResponses" -> envelope.inputResponses = value(Member.INPUT_RESPONSES);
                    case "requestState" -> envelope.requestState = value(Member.REQUEST_STATE);
                    case "name" -> {
                        envelope.name = string(Member.NAME);
                        ours = false;
                    }
                    case "uri" -> {
                        envelope.uri = string(Member.URI);
                        ours = false;
                    }
                    case "arguments" -> {
                        envelope.arguments = value(Member.ARGUMENTS);
                        ours = false;
                    }
                    case "cursor" -> {
                        envelope.cursor = value(Member.CURSOR);
                        ours = false;
                    }
                    default -> {
                        skip();
                        ours = false;
                    }
                }
                cut.end(end(), ours);
            }
            envelope.params = Json.slice(envelope.body, from, end());
            envelope.cuts = cut.ranges();
        }

        private void meta() throws IOException {
            once(Member.META, "_meta");
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                complain(Kind.BAD_PARAMS, "params._meta must be an object");
                parser.skipChildren();
                parser.finishToken();
                return;
            }
            var meta = new Meta();
            envelope.metaParts = meta;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var from = start();
                switch (parser.currentName()) {
                    case Meta.PROGRESS_TOKEN -> meta.progressToken = value(Member.PROGRESS_TOKEN);
                    case Meta.PROTOCOL_VERSION -> meta.protocolVersion = value(Member.VERSION);
                    case Meta.CLIENT_CAPABILITIES -> meta.clientCapabilities = value(Member.CAPABILITIES);
                    case Meta.CLIENT_INFO -> meta.clientInfo = value(Member.CLIENT_INFO);
                    case Meta.LOG_LEVEL -> meta.logLevel = value(Member.LOG_LEVEL);
                    case "traceparent" -> {
                        meta.traceparent = string(Member.TRACEPARENT);
                        meta.foreign.add(Json.slice(envelope.body, from, end()));
                    }
                    case Meta.CALL -> skip();
                    default -> {
                        skip();
                        meta.foreign.add(Json.slice(envelope.body, from, end()));
                    }
                }
            }
        }

        private @Nullable String string(Member member) throws IOException {
            once(member, parser.currentName());
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            parser.skipChildren();
            parser.finishToken();
            return null;
        }

        private Json value(Member member) throws IOException {
            once(member, parser.currentName());
            parser.nextToken();
            return current();
        }

        /** The value whose first token was just read. */
        private Json current() throws IOException {
            var from = start();
            parser.skipChildren();
            parser.finishToken();
            return Json.slice(envelope.body, from, end());
        }

        private void skip() throws IOException {
            parser.nextToken();
            parser.skipChildren();
            parser.finishToken();
        }

        private void once(Member member, String name) {
            if (!seen.add(member)) {
                complain(Kind.NOT_A_MESSAGE, name + " occurs twice");
            }
        }

        private void complain(Kind kind, String what) {
            if (wrong == null) {
                wrong = what;
                wrongKind = kind;
            }
        }

        private int start() {
            return (int) parser.currentTokenLocation().getByteOffset();
        }

        private int end() {
            return (int) parser.currentLocation().getByteOffset();
        }
    }

    /** Collects the ranges of an object's members that are to be cut out, commas included. */
    static final class Cuts {
        private int[] ranges = new int[0];
        private int memberStart;
        private int keptEnd = -1;
        private boolean cutting;
        private int lastEnd;

        void member(int start) {
            if (cutting) {
                // the cut runs up to the key of the next member, so its comma goes too
                extendLast(start);
                cutting = false;
            }
            memberStart = start;
        }

        void end(int end, boolean cut) {
            lastEnd = end;
            if (cut) {
                ranges = Arrays.copyOf(ranges, ranges.length + 2);
                ranges[ranges.length - 2] = memberStart;
                ranges[ranges.length - 1] = end;
                cutting = true;
            } else {
                keptEnd = end;
            }
        }

        /** Ascending pairs of from and to. A cut at the end of the object begins at the last member that stays. */
        int[] ranges() {
            if (cutting && keptEnd >= 0) {
                // every cut after the last kept member becomes one, comma before it included
                var first = ranges.length - 2;
                while (first >= 2 && ranges[first - 2] >= keptEnd) {
                    first -= 2;
                }
                ranges = Arrays.copyOf(ranges, first + 2);
                ranges[first] = keptEnd;
                ranges[first + 1] = lastEnd;
            }
            return ranges;
        }

        private void extendLast(int to) {
            ranges[ranges.length - 1] = to;
        }
    }
}
