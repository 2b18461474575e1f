package smcp.control;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.tenant.Shown;

/**
 * Keys of values in paths. They are taken from the path as it was sent: a router puts dots and slashes in order and makes of bytes that are no UTF-8 a character of its own, and each of that would name another key than was meant.
 */
final class ValueKeys {
    /** The parameter that says how the key stands in the path. */
    static final String ENCODING = "keyEncoding";

    /** Of {@code /admin/v1/tenants/{tenant}/kv/{key}}, split at the slashes. */
    private static final int PLACE = 6;

    private ValueKeys() {}

    static String read(String path, @Nullable String encoding) {
        var parts = path.split("/", -1);
        if (parts.length != PLACE + 1) {
            throw wrong(
                    "must be one segment of the path: write / as %2F, and . and .. with " + ENCODING + "=base64url");
        }
        return switch (encoding) {
            case null -> percent(parts[PLACE]);
            case "percent" -> percent(parts[PLACE]);
            case "base64url" -> base64(parts[PLACE]);
            default ->
                throw BadInput.of(
                        ENCODING, ENCODING + " must be one of percent, base64url, got \"" + Shown.of(encoding) + "\"");
        };
    }

    static String shown(String key) {
        return "\"" + Shown.of(key) + "\"";
    }

    private static String percent(String text) {
        var bytes = new ByteArrayOutputStream(text.length());
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c != '%') {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
                continue;
            }
            if (i + 2 >= text.length() || hex(text, i + 1) < 0 || hex(text, i + 2) < 0) {
                throw wrong("has a % that is not followed by two hexadecimal digits");
            }
            bytes.write(hex(text, i + 1) << 4 | hex(text, i + 2));
            i += 2;
        }
        return utf8(bytes.toByteArray());
    }

    private static int hex(String text, int at) {
        return Character.digit(text.charAt(at), 16);
    }

    private static String base64(String text) {
        try {
            return utf8(Base64.getUrlDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw wrong("is not base64url (RFC 4648 §5)");
        }
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw wrong("is not UTF-8");
        }
    }

    private static Fault wrong(String what) {
        return BadInput.of("key", "key " + what);
    }
}
