package smcp.store;

import smcp.bus.Fault;
import smcp.tenant.Shown;

/** Checks of strings that become keys. SQLite keeps text as UTF-8, in which a lone surrogate has no form: two different keys would become one. */
public final class Text {
    private Text() {}

    public static void check(String what, String value, int most) {
        if (value.isEmpty() || value.length() > most) {
            throw new Fault(
                    Fault.Kind.INVALID_INPUT,
                    what + " must have 1 to " + most + " characters, got " + value.length() + ": " + shown(value));
        }
        if (!sound(value)) {
            throw new Fault(
                    Fault.Kind.INVALID_INPUT, what + " must not hold NUL or half a surrogate pair: " + shown(value));
        }
    }

    /** Has every character a form of its own in the store? */
    public static boolean sound(String value) {
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c == 0) {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == value.length()
                        || !Character.isLowSurrogate(value.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    public static String shown(String value) {
        return "\"" + Shown.of(value) + "\"";
    }
}
