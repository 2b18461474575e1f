package smcp.ingress;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code Accept} and {@code Content-Type} as media types, not as substrings (digest §19, 16). */
final class Accepts {
    /** As the revisions tell clients to send it, and nearly all do. */
    private static final String USUAL = "application/json, text/event-stream";

    private Accepts() {}

    /** May a message be answered with JSON and with a stream? */
    static boolean allowsBoth(@Nullable String accept) {
        return USUAL.equals(accept) || (allows(accept, "application/json") && allows(accept, "text/event-stream"));
    }

    /** Is the body declared as JSON? Parameters such as a charset do not matter. */
    static boolean isJson(@Nullable String contentType) {
        return contentType != null && type(contentType).equals("application/json");
    }

    /** May the answer be of this type? A missing header means anything. */
    static boolean allows(@Nullable String accept, String wanted) {
        if (accept == null || accept.isBlank()) {
            return true;
        }
        var family = wanted.substring(0, wanted.indexOf('/')) + "/*";
        for (var range : accept.split(",", -1)) {
            var type = type(range);
            if ((type.equals(wanted) || type.equals(family) || type.equals("*/*")) && !refused(range)) {
                return true;
            }
        }
        return false;
    }

    private static boolean refused(String range) {
        for (var parameter : range.split(";", -1)) {
            var text = parameter.strip().toLowerCase(Locale.ROOT);
            if (text.startsWith("q=") && text.substring(2).matches("0(\\.0*)?")) {
                return true;
            }
        }
        return false;
    }

    private static String type(String value) {
        var end = value.indexOf(';');
        return (end < 0 ? value : value.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
