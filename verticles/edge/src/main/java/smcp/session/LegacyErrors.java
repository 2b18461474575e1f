package smcp.session;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.protocol.Splice;

/** Modern error codes as the legacy revisions know them (digest §13, §18). */
final class LegacyErrors {
    private static final int RESOURCE_NOT_FOUND = -32002;
    private static final int INVALID_PARAMS = -32602;
    private static final int CAPABILITY_MISSING = -32021;

    private LegacyErrors() {}

    /** @param asToolError is better told to the model than to the program around it */
    record Told(int code, String message, @Nullable Json data, boolean asToolError) {}

    static Told of(Method method, int code, String message, @Nullable Json data, String name) {
        if (code == CAPABILITY_MISSING) {
            return new Told(INVALID_PARAMS, message, null, method == Method.TOOLS_CALL);
        }
        if (code == INVALID_PARAMS && method == Method.RESOURCES_READ) {
            var uri = new Splice(64)
                    .put('{')
                    .putString("uri")
                    .put(':')
                    .putString(name)
                    .put('}')
                    .json();
            return new Told(RESOURCE_NOT_FOUND, message, data == null ? uri : data, false);
        }
        return new Told(code, message, data, false);
    }

    /** A tool result that a model can read and act on. */
    static Json toolError(String message) {
        return new Splice(96 + message.length())
                .put(ascii("{\"content\":[{\"type\":\"text\",\"text\":"))
                .putString(message)
                .put(ascii("}],\"isError\":true}"))
                .json();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
