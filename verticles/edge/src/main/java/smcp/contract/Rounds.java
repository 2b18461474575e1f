package smcp.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.protocol.Json;
import smcp.protocol.Splice;
import smcp.tenant.Shown;

/** Rules of multi-round trips that both eras share (design §4, MCP 2026-07-28, Multi Round-Trip Requests). */
public final class Rounds {
    /** Rounds of one call; the next question ends it. */
    public static final int MOST = 8;

    private static final int MOST_REQUESTS = 64;
    private static final JsonFactory FACTORY = new JsonFactory();

    private Rounds() {}

    /** The members of an object of objects, in order. @throws Fault if {@code json} is none, naming {@code field} */
    public static Map<String, Json> objects(String field, Json json) {
        var members = new LinkedHashMap<String, Json>();
        try (var parser = FACTORY.createParser(json.bytes(), json.from(), json.length())) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Fault(Kind.INVALID_PARAMS, field + " must be an object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                var key = parser.currentName();
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new Fault(Kind.INVALID_PARAMS, field + "[\"" + Shown.of(key) + "\"] must be an object");
                }
                var from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                var to = (int) parser.currentLocation().getByteOffset();
                members.put(key, Json.slice(json.bytes(), json.from() + from, json.from() + to));
                if (members.size() > MOST_REQUESTS) {
                    throw new Fault(Kind.INVALID_PARAMS, field + " has more than " + MOST_REQUESTS + " members");
                }
            }
        } catch (IOException e) {
            throw new Fault(Kind.INVALID_PARAMS, field + " must be an object", e);
        }
        return members;
    }

    /** {@code result} (an {@code input_required} result) with {@code sealed} as its {@code requestState}. */
    public static Json withState(Json result, @Nullable Json oldState, String sealed) {
        var quoted = Splice.quote(sealed);
        var out = new Splice(result.length() + quoted.length + 24);
        if (oldState != null) {
            return out.put(result.bytes(), result.from(), oldState.from())
                    .put(quoted)
                    .put(result.bytes(), oldState.to(), result.to())
                    .json();
        }
        return out.put('{')
                .putString("requestState")
                .put(':')
                .put(quoted)
                .put(',')
                .put(result.bytes(), result.from() + 1, result.to())
                .json();
    }
}
