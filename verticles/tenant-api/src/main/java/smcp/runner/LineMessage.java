package smcp.runner;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The envelope of one line; {@code id} is kept as it was written, so that {@code 1} and {@code "1"} stay two. */
record LineMessage(@Nullable String id, String method, Slice params) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Slice NONE = Slice.of("{}");

    static LineMessage read(byte[] line) throws IOException {
        try (var parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) throw new Malformed("a message must be an object");
            String id = null;
            String method = null;
            var params = NONE;
            for (var field = parser.nextFieldName(); field != null; field = parser.nextFieldName()) {
                var token = parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                if (field.equals("method") && token == JsonToken.VALUE_STRING) method = parser.getText();
                parser.skipChildren();
                parser.finishToken();
                var value = new Slice(line, from, (int) parser.currentLocation().getByteOffset());
                if (field.equals("id") && (token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NUMBER_INT))
                    id = value.toString().strip();
                if (field.equals("params")) params = value;
            }
            if (parser.nextToken() != null) throw new Malformed("one message a line");
            if (method == null) throw new Malformed("a message needs a method");
            return new LineMessage(id, method, params);
        }
    }
}
