package smcp.runner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A request read out of its {@code params} in one pass; parts are kept as ranges of the bytes they came in. */
record ParamsScan(
        String method,
        Slice params,
        @Nullable String name,
        @Nullable Slice arguments,
        @Nullable Slice inputResponses,
        @Nullable String requestState,
        @Nullable Slice meta,
        @Nullable Slice clientCapabilities,
        @Nullable String logLevel,
        boolean wantsProgress)
        implements RunnerRequest {
    private static final JsonFactory JSON = new JsonFactory();

    static ParamsScan read(String method, Slice params) throws IOException {
        try (var parser = JSON.createParser(params.bytes(), params.from(), params.length())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw new Malformed("params must be an object");
            return new Scan(method, params, parser).read();
        }
    }

    private static final class Scan {
        private final String method;
        private final Slice params;
        private final JsonParser parser;
        private @Nullable String name;
        private @Nullable Slice arguments;
        private @Nullable Slice inputResponses;
        private @Nullable String requestState;
        private @Nullable Slice meta;
        private @Nullable Slice clientCapabilities;
        private @Nullable String logLevel;
        private boolean wantsProgress;

        Scan(String method, Slice params, JsonParser parser) {
            this.method = method;
            this.params = params;
            this.parser = parser;
        }

        ParamsScan read() throws IOException {
            for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                parser.nextToken();
                switch (field) {
                    case "name", "uri" -> name = text(field);
                    case "arguments" -> arguments = value();
                    case "inputResponses" -> inputResponses = value();
                    case "requestState" -> requestState = text(field);
                    case "_meta" -> meta();
                    default -> parser.skipChildren();
                }
            }
            return new ParamsScan(
                    method,
                    params,
                    name,
                    arguments,
                    inputResponses,
                    requestState,
                    meta,
                    clientCapabilities,
                    logLevel,
                    wantsProgress);
        }

        private void meta() throws IOException {
            int from = offset();
            if (parser.currentToken() != JsonToken.START_OBJECT) throw new Malformed("params._meta must be an object");
            for (var key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
                parser.nextToken();
                switch (key) {
                    case "io.modelcontextprotocol/clientCapabilities" -> clientCapabilities = value();
                    case "io.modelcontextprotocol/logLevel" -> logLevel = text(key);
                    case "progressToken" -> {
                        wantsProgress = true;
                        parser.skipChildren();
                    }
                    default -> parser.skipChildren();
                }
            }
            meta = new Slice(params.bytes(), from, end());
        }

        private String text(String field) throws IOException {
            if (parser.currentToken() != JsonToken.VALUE_STRING)
                throw new Malformed("params " + field + " must be a string");
            return parser.getText();
        }

        private Slice value() throws IOException {
            int from = offset();
            parser.skipChildren();
            parser.finishToken(); // strings are read lazily; their end is known only then
            return new Slice(params.bytes(), from, end());
        }

        private int offset() {
            return params.from() + (int) parser.currentTokenLocation().getByteOffset();
        }

        private int end() {
            return params.from() + (int) parser.currentLocation().getByteOffset();
        }
    }
}
