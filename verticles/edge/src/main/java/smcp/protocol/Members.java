package smcp.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The members of a JSON object as they stand in its bytes; for the paths that are not hot. */
public final class Members {
    private static final JsonFactory FACTORY = EnvelopeParser.factory(1_001);

    private Members() {}

    /** In order, by decoded name; of a name that occurs twice the last. Empty if {@code object} is absent or no object. */
    public static Map<String, Json> of(@Nullable Json object) {
        var members = new LinkedHashMap<String, Json>();
        if (object == null) {
            return members;
        }
        try (var parser = FACTORY.createParser(object.bytes(), object.from(), object.length())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return members;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var name = parser.currentName();
                parser.nextToken();
                var from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                var to = (int) parser.currentLocation().getByteOffset();
                members.put(name, Json.slice(object.bytes(), object.from() + from, object.from() + to));
            }
            return members;
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON", e);
        }
    }
}
