package smcp.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Puts JSON together from pieces of other JSON, without printing any of it again. */
public final class Splice {
    private byte[] buffer;
    private int length;

    public Splice(int expected) {
        buffer = new byte[Math.max(64, expected)];
    }

    /** {@code whole} without the ranges {@code cuts} (pairs of absolute from and to, ascending). */
    static Json without(Json whole, int[] cuts) {
        var out = new Splice(whole.length());
        var at = whole.from();
        for (var i = 0; i < cuts.length; i += 2) {
            out.put(whole.bytes(), at, cuts[i]);
            at = cuts[i + 1];
        }
        out.put(whole.bytes(), at, whole.to());
        return out.json();
    }

    @CanIgnoreReturnValue
    public Splice put(byte[] constant) {
        return put(constant, 0, constant.length);
    }

    @CanIgnoreReturnValue
    public Splice put(Json json) {
        return put(json.bytes(), json.from(), json.to());
    }

    @CanIgnoreReturnValue
    public Splice put(byte[] bytes, int from, int to) {
        var more = to - from;
        makeRoom(more);
        System.arraycopy(bytes, from, buffer, length, more);
        length += more;
        return this;
    }

    @CanIgnoreReturnValue
    public Splice put(char ascii) {
        makeRoom(1);
        buffer[length++] = (byte) ascii;
        return this;
    }

    private void makeRoom(int more) {
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, buffer.length * 2));
        }
    }

    @CanIgnoreReturnValue
    public Splice put(long number) {
        return put(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    /** A Java string as a JSON string, escaped (RFC 8259 §7). Most are plain ASCII and go straight in: the audit log's keys and words are put here for every call. */
    @CanIgnoreReturnValue
    public Splice putString(String text) {
        var start = length;
        put('"');
        makeRoom(text.length() + 1);
        for (var i = 0; i < text.length(); i++) {
            var next = text.charAt(i);
            if (next < ' ' || next > '~' || next == '"' || next == '\\') {
                length = start;
                return put(quote(text));
            }
            buffer[length++] = (byte) next;
        }
        return put('"');
    }

    /** A Java string as a JSON string. */
    public static byte[] quote(String text) {
        var inner = whole(text)
                ? JsonStringEncoder.getInstance().quoteAsUTF8(text)
                : escaped(text).getBytes(StandardCharsets.US_ASCII);
        var quoted = new byte[inner.length + 2];
        quoted[0] = '"';
        System.arraycopy(inner, 0, quoted, 1, inner.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    /** Half a surrogate pair cannot be written in UTF-8, but JSON can escape it (RFC 8259 §8.2), so somebody's string may hold one. */
    private static boolean whole(String text) {
        for (var i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isHighSurrogate(text.charAt(i))
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static String escaped(String text) {
        var out = new StringBuilder(text.length() * 6);
        for (var i = 0; i < text.length(); i++) {
            out.append("\\u").append(HexFormat.of().toHexDigits(text.charAt(i)));
        }
        return out.toString();
    }

    public int length() {
        return length;
    }

    /** What was put together; this splice is not used afterwards. */
    public Json json() {
        return Json.slice(buffer, 0, length);
    }
}
