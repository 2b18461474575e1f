package smcp.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Malformed.Kind;

/** Reads the envelope of what an engine writes. Whatever a tenant can make its process print ends here: it is as little trusted as a client. Thread-safe. */
public final class EngineLineParser {
    private static final int MAX_DEPTH = 200;
    private final JsonFactory factory = EnvelopeParser.factory(MAX_DEPTH);

    /** @throws Malformed if {@code line} is no JSON-RPC message */
    public EngineLine parse(byte[] line) throws Malformed {
        var message = new EngineLine(line);
        try (var parser = factory.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed(Kind.NOT_A_MESSAGE, "a line is not a JSON object", null);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                member(parser, message);
            }
            if (parser.nextToken() != null) {
                throw new Malformed(Kind.NOT_JSON, "a line has more than one JSON value", null);
            }
        } catch (IOException e) {
            throw new Malformed(Kind.NOT_JSON, "a line is not JSON", null);
        }
        if (message.method == null && (message.id == null || (message.result == null) == !message.error)) {
            throw new Malformed(Kind.NOT_A_MESSAGE, "a line is neither a request, a notification nor an answer", null);
        }
        return message;
    }

    private static void member(JsonParser parser, EngineLine message) throws IOException {
        switch (parser.currentName()) {
            case "id" -> message.id = value(parser, message.bytes);
            case "method" -> message.method = text(parser);
            case "params" -> params(parser, message);
            case "result" -> {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    message.result = current(parser, message.bytes);
                } else {
                    rest(parser);
                }
            }
            case "error" -> error(parser, message);
            default -> skip(parser);
        }
    }

    private static void params(JsonParser parser, EngineLine message) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            rest(parser);
            return;
        }
        var from = start(parser);
        var cuts = new EnvelopeParser.Cuts();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            cuts.member(start(parser));
            var cut = false;
            switch (parser.currentName()) {
                case "progressToken" -> message.progressToken = value(parser, message.bytes);
                case "uri" -> message.uri = text(parser);
                case "_meta" -> cut = meta(parser, message);
                default -> skip(parser);
            }
            cuts.end(end(parser), cut);
        }
        message.params = Json.slice(message.bytes, from, end(parser));
        message.paramCuts = cuts.ranges();
    }

    /** Reads the {@code _meta} of a notification; true if it holds nothing but our own member, so that the whole of it goes. */
    private static boolean meta(JsonParser parser, EngineLine message) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            rest(parser);
            return false;
        }
        var foreign = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            if (parser.currentName().equals(Meta.CALL)) {
                message.call = value(parser, message.bytes);
            } else {
                foreign = true;
                skip(parser);
            }
        }
        return !foreign;
    }

    private static void error(JsonParser parser, EngineLine message) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            rest(parser);
            return;
        }
        message.error = true;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            switch (parser.currentName()) {
                case "code" -> {
                    if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                        message.errorCode = parser.getValueAsInt();
                    } else {
                        rest(parser);
                    }
                }
                case "message" -> message.errorMessage = text(parser);
                case "data" -> message.errorData = value(parser, message.bytes);
                default -> skip(parser);
            }
        }
    }

    private static Json value(JsonParser parser, byte[] bytes) throws IOException {
        parser.nextToken();
        return current(parser, bytes);
    }

    private static Json current(JsonParser parser, byte[] bytes) throws IOException {
        var from = start(parser);
        rest(parser);
        return Json.slice(bytes, from, end(parser));
    }

    private static @Nullable String text(JsonParser parser) throws IOException {
        if (parser.nextToken() == JsonToken.VALUE_STRING) {
            return parser.getText();
        }
        rest(parser);
        return null;
    }

    private static void skip(JsonParser parser) throws IOException {
        parser.nextToken();
        rest(parser);
    }

    private static void rest(JsonParser parser) throws IOException {
        parser.skipChildren();
        parser.finishToken();
    }

    private static int start(JsonParser parser) {
        return (int) parser.currentTokenLocation().getByteOffset();
    }

    private static int end(JsonParser parser) {
        return (int) parser.currentLocation().getByteOffset();
    }
}
