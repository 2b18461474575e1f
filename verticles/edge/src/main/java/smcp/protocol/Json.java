package smcp.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A JSON value as it stands in somebody's bytes: UTF-8, well-formed, immutable by agreement. Never printed again, only spliced. */
public final class Json {
    public static final Json EMPTY_OBJECT = of("{}");
    public static final Json NULL = of("null");

    private final byte[] bytes;
    private final int from;
    private final int to;

    private Json(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** The value that stands at {@code [from, to)} of {@code bytes}; the caller vouches for its being well-formed and does not change the array. */
    public static Json slice(byte[] bytes, int from, int to) {
        return new Json(bytes, from, to);
    }

    public static Json of(byte[] bytes) {
        return new Json(bytes, 0, bytes.length);
    }

    public static Json of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] bytes() {
        return bytes;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    public int length() {
        return to - from;
    }

    public byte first() {
        return bytes[from];
    }

    /** A copy that does not hold on to the bytes around it. */
    public Json detached() {
        return from == 0 && to == bytes.length ? this : of(copy());
    }

    public byte[] copy() {
        var copy = new byte[length()];
        System.arraycopy(bytes, from, copy, 0, copy.length);
        return copy;
    }

    public String text() {
        return new String(bytes, from, length(), StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Json json && Arrays.equals(bytes, from, to, json.bytes, json.from, json.to);
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    /** Length only: the content may be somebody's secret. */
    @Override
    public String toString() {
        return "Json[" + length() + " bytes]";
    }
}
