package smcp.contract;

import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.protocol.Envelope;
import smcp.protocol.Json;
import smcp.protocol.Method;

/** Checks that both eras make on the params of a call. */
public final class CallParams {
    private CallParams() {}

    /** {@code params.name} or {@code params.uri}, whichever the method has; empty for a completion. @throws Fault if it must be there and is not */
    public static String name(Method method, Envelope message) {
        return switch (method.named()) {
            case NAME -> required("params.name", message.name());
            case URI -> required("params.uri", message.uri());
            case NOTHING -> "";
        };
    }

    /** {@code params.arguments}; null if there are none. @throws Fault if they are no object */
    public static @Nullable Json arguments(Method method, Envelope message) {
        var arguments = message.arguments();
        var takes = method == Method.TOOLS_CALL || method == Method.PROMPTS_GET;
        if (takes && arguments != null && arguments.first() != '{') {
            throw new Fault(Kind.INVALID_PARAMS, "params.arguments must be an object");
        }
        return arguments;
    }

    private static String required(String field, @Nullable String value) {
        if (value == null) {
            throw new Fault(Kind.INVALID_PARAMS, field + " must be a string");
        }
        return value;
    }

    /** @throws Fault if it is neither a string nor an integer */
    public static @Nullable Json progressToken(@Nullable Json token) {
        if (token == null) {
            return null;
        }
        var first = token.first();
        var integer = (first == '-' || (first >= '0' && first <= '9')) && !fractional(token);
        if (first != '"' && !integer) {
            throw new Fault(Kind.INVALID_PARAMS, "params._meta.progressToken must be a string or an integer");
        }
        return token;
    }

    private static boolean fractional(Json number) {
        for (var i = number.from(); i < number.to(); i++) {
            var c = number.bytes()[i];
            if (c == '.' || c == 'e' || c == 'E') {
                return true;
            }
        }
        return false;
    }
}
