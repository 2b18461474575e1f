package smcp.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Values of {@code Mcp-Name} and {@code Mcp-Param-*}: literal, or {@code =?base64?…?=} (MCP 2026-07-28, Transports › Streamable HTTP, value encoding). */
public final class HeaderValue {
    private static final String PREFIX = "=?base64?";
    private static final String SUFFIX = "?=";

    private HeaderValue() {}

    /** The decoded value; null if it carries both markers and what is between them is no canonical Base64 of UTF-8, or if it has characters no header may have. */
    public static @Nullable String decode(String raw) {
        var value = strip(raw);
        for (var i = 0; i < value.length(); i++) {
            var c = value.charAt(i);
            if (c != '\t' && (c < 0x20 || c > 0x7e)) {
                return null;
            }
        }
        if (!value.startsWith(PREFIX)
                || !value.endsWith(SUFFIX)
                || value.length() < PREFIX.length() + SUFFIX.length()) {
            return value;
        }
        return decodeBase64(value.substring(PREFIX.length(), value.length() - SUFFIX.length()));
    }

    private static @Nullable String decodeBase64(String payload) {
        // the JDK's decoder accepts missing padding and stray bits; a canonical value survives the round trip
        if (payload.length() % 4 != 0) {
            return null;
        }
        try {
            var bytes = Base64.getDecoder().decode(payload);
            if (!Base64.getEncoder().encodeToString(bytes).equals(payload)) {
                return null;
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return null;
        }
    }

    /** Without the spaces and tabs around it (RFC 9110 §5.5). */
    private static String strip(String raw) {
        var from = 0;
        var to = raw.length();
        while (from < to && blank(raw.charAt(from))) {
            from++;
        }
        while (to > from && blank(raw.charAt(to - 1))) {
            to--;
        }
        return raw.substring(from, to);
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t';
    }
}
