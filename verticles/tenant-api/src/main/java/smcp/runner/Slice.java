package smcp.runner;

import java.nio.charset.StandardCharsets;

/** A range of a byte array that nobody changes while it is in use: one JSON value in UTF-8. */
@SuppressWarnings("ArrayRecordComponent") // never compared; copying is what it is there to avoid
public record Slice(byte[] bytes, int from, int to) {
    public Slice {
        java.util.Objects.checkFromToIndex(from, to, bytes.length);
    }

    /** All of an array. */
    public static Slice of(byte[] bytes) {
        return new Slice(bytes, 0, bytes.length);
    }

    /** A JSON text. */
    public static Slice of(String json) {
        return of(json.getBytes(StandardCharsets.UTF_8));
    }

    /** How many bytes. */
    public int length() {
        return to - from;
    }

    @Override
    public String toString() {
        return new String(bytes, from, length(), StandardCharsets.UTF_8);
    }
}
