package smcp.protocol;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

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
        if (length + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(length + more, buffer.length * 2));
        }
        System.arraycopy(bytes, from, buffer, length, more);
        length += more;
        return this;
    }

    @CanIgnoreReturnValue
    public Splice put(char ascii) {
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, buffer.length * 2);
        }
        buffer[length++] = (byte) ascii;
        return this;
    }

    @CanIgnoreReturnValue
    public Splice put(long number) {
        return put(Long.toString(number).getBytes(StandardCharsets.US_ASCII));
    }

    /** A Java string as a JSON string, escaped (RFC 8259 §7). */
    @CanIgnoreReturnValue
    public Splice putString(String text) {
        return put(quote(text));
    }

    public static byte[] quote(String text) {
        var inner = JsonStringEncoder.getInstance().quoteAsUTF8(text);
        var quoted = new byte[inner.length + 2];
        quoted[0] = '"';
        System.arraycopy(inner, 0, quoted, 1, inner.length);
        quoted[quoted.length - 1] = '"';
        return quoted;
    }

    public int length() {
        return length;
    }

    /** What was put together; this splice is not used afterwards. */
    public Json json() {
        return Json.slice(buffer, 0, length);
    }
}
