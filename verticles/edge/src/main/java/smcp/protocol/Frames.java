package smcp.protocol;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** JSON-RPC messages put together from their parts. */
public final class Frames {
    private static final byte[] HEAD_ID = ascii("{\"jsonrpc\":\"2.0\",\"id\":");
    private static final byte[] HEAD = ascii("{\"jsonrpc\":\"2.0\"");
    private static final byte[] METHOD = ascii(",\"method\":");
    private static final byte[] PARAMS = ascii(",\"params\":");
    private static final byte[] RESULT = ascii(",\"result\":");
    private static final byte[] ERROR_CODE = ascii(",\"error\":{\"code\":");
    private static final byte[] MESSAGE = ascii(",\"message\":");
    private static final byte[] DATA = ascii(",\"data\":");

    private Frames() {}

    public static Json result(Json id, Json result) {
        return new Splice(HEAD_ID.length + id.length() + RESULT.length + result.length() + 1)
                .put(HEAD_ID)
                .put(id)
                .put(RESULT)
                .put(result)
                .put('}')
                .json();
    }

    /** @param id left out if null: {@code "id":null} is in no schema (digest §5) */
    public static Json error(@Nullable Json id, int code, String message, @Nullable Json data) {
        var out = new Splice(128 + message.length()).put(HEAD);
        if (id != null) {
            out.put(ascii(",\"id\":")).put(id);
        }
        out.put(ERROR_CODE).put(code).put(MESSAGE).putString(message);
        if (data != null) {
            out.put(DATA).put(data);
        }
        return out.put('}').put('}').json();
    }

    public static Json notification(String method, Json params) {
        return new Splice(64 + method.length() + params.length())
                .put(HEAD)
                .put(METHOD)
                .putString(method)
                .put(PARAMS)
                .put(params)
                .put('}')
                .json();
    }

    public static Json request(Json id, String method, Json params) {
        return new Splice(64 + id.length() + method.length() + params.length())
                .put(HEAD_ID)
                .put(id)
                .put(METHOD)
                .putString(method)
                .put(PARAMS)
                .put(params)
                .put('}')
                .json();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
