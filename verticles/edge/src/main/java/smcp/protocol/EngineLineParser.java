package smcp.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.EnumSet;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Malformed.Kind;

/**
 * Reads the envelope of what an engine writes. Whatever a tenant can make its process print ends here: it is as little trusted as a client. What belongs to the envelope and occurs twice is refused, because
 * the reader behind us may take the other one. Thread-safe.
 */
public final class EngineLineParser {
    private static final int MAX_DEPTH = 200;
    private final JsonFactory factory = EnvelopeParser.factory(MAX_DEPTH);

    /** @throws Malformed if {@code line} is no JSON-RPC message; with the id, where that could be read */
    public EngineLine parse(byte[] line) throws Malformed {
        if (!EnvelopeParser.wellFormed(line)) {
            throw new Malformed(Kind.NOT_JSON, "a line is not UTF-8", null);
        }
        var message = new EngineLine(line);
        try (var parser = factory.createParser(line)) {
            new Reading(parser, message).message();
        } catch (IOException e) {
            throw new Malformed(Kind.NOT_JSON, "a line is not JSON", message.id);
        }
        if (message.method == null && (message.id == null || (message.result == null) == !message.error)) {
            throw new Malformed(
                    Kind.NOT_A_MESSAGE, "a line is neither a request, a notification nor an answer", message.id);
        }
        return message;
    }

    private enum Member {
        ID,
        METHOD,
        PARAMS,
        RESULT,
        ERROR,
        META,
        CALL,
        PROGRESS_TOKEN,
        PROGRESS,
        LEVEL,
        URI,
        RETRY,
        RESULT_TYPE
    }

    /** One reading of one line. */
    private static final class Reading {
        private final JsonParser parser;
        private final EngineLine message;
        private final EnumSet<Member> seen = EnumSet.noneOf(Member.class);
        private int[] metaCuts = {};

        Reading(JsonParser parser, EngineLine message) {
            this.parser = parser;
            this.message = message;
        }

        void message() throws IOException, Malformed {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Malformed(Kind.NOT_A_MESSAGE, "a line is not a JSON object", null);
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                switch (parser.currentName()) {
                    case "id" -> message.id = value(Member.ID);
                    case "method" -> message.method = text(Member.METHOD);
                    case "params" -> params();
                    case "result" -> result();
                    case "error" -> error();
                    default -> skip();
                }
            }
            if (parser.nextToken() != null) {
                throw new Malformed(Kind.NOT_JSON, "a line has more than one JSON value", message.id);
            }
        }

        private void params() throws IOException, Malformed {
            once(Member.PARAMS);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                rest();
                return;
            }
            var from = start();
            var cuts = new EnvelopeParser.Cuts();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                cuts.member(start());
                var cut = false;
                switch (parser.currentName()) {
                    case Meta.PROGRESS_TOKEN -> message.progressToken = value(Member.PROGRESS_TOKEN);
                    case "progress" -> message.progress = value(Member.PROGRESS);
                    case "level" -> message.level = value(Member.LEVEL);
                    case "retryMs" -> message.retryMs = value(Member.RETRY);
                    case "uri" -> message.uri = text(Member.URI);
                    case "_meta" -> cut = meta();
                    default -> skip();
                }
                cuts.end(end(), cut);
            }
            message.params = Json.slice(message.bytes, from, end());
            // either all of _meta goes or some of it, never both
            message.paramCuts = metaCuts.length == 0 ? cuts.ranges() : metaCuts;
        }

        /** Reads the {@code _meta} of a notification; true if it holds nothing but our own member, so that the whole of it goes. */
        private boolean meta() throws IOException, Malformed {
            once(Member.META);
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                rest();
                return false;
            }
            var foreign = false;
            var cuts = new EnvelopeParser.Cuts();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                cuts.member(start());
                var ours = parser.currentName().equals(Meta.CALL);
                if (ours) {
                    message.call = value(Member.CALL);
                } else {
                    foreign = true;
                    skip();
                }
                cuts.end(end(), ours);
            }
            metaCuts = foreign ? cuts.ranges() : metaCuts;
            return message.call != null && !foreign;
        }

        private void result() throws IOException, Malformed {
            once(Member.RESULT);
            var token = parser.nextToken();
            var from = start();
            if (token == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    if (parser.currentName().equals("resultType")) {
                        message.resultType = text(Member.RESULT_TYPE);
                    } else {
                        skip();
                    }
                }
            } else {
                rest();
            }
            message.result = Json.slice(message.bytes, from, end());
        }

        private void error() throws IOException, Malformed {
            once(Member.ERROR);
            message.error = true;
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                rest();
                return;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                switch (parser.currentName()) {
                    case "code" -> code();
                    case "message" -> message.errorMessage = text(null);
                    case "data" -> message.errorData = value(null);
                    default -> skip();
                }
            }
        }

        private void code() throws IOException {
            if (parser.nextToken() == JsonToken.VALUE_NUMBER_INT
                    && parser.getNumberType() == JsonParser.NumberType.INT) {
                message.errorCode = parser.getIntValue();
            } else {
                rest();
            }
        }

        private Json value(@Nullable Member member) throws IOException, Malformed {
            once(member);
            parser.nextToken();
            var from = start();
            rest();
            return Json.slice(message.bytes, from, end());
        }

        private @Nullable String text(@Nullable Member member) throws IOException, Malformed {
            once(member);
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            rest();
            return null;
        }

        private void once(@Nullable Member member) throws Malformed {
            if (member != null && !seen.add(member)) {
                throw new Malformed(
                        Kind.NOT_A_MESSAGE,
                        "a line has a member twice: " + member,
                        member == Member.ID ? null : message.id);
            }
        }

        private void skip() throws IOException {
            parser.nextToken();
            rest();
        }

        private void rest() throws IOException {
            parser.skipChildren();
            parser.finishToken();
        }

        private int start() {
            return (int) parser.currentTokenLocation().getByteOffset();
        }

        private int end() {
            return (int) parser.currentLocation().getByteOffset();
        }
    }
}
