package smcp.peer;

import java.nio.charset.StandardCharsets;
import smcp.protocol.Json;

/** The fields of one frame, one after the other. Everything in it is checked against the frame's end. */
final class Fields {
    private final byte[] bytes;
    private final int end;
    private int at;
    private int tag;
    private int from;
    private int to;

    Fields(byte[] bytes, int from, int end) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
    }

    /** Goes to the next field. @throws Malformed if it does not end within the frame */
    boolean next() {
        if (at == end) {
            return false;
        }
        tag = bytes[at++] & 0xff;
        var length = 0;
        for (var shift = 0; ; shift += 7) {
            if (at == end || shift > 28) {
                throw new Malformed("the length of field " + number() + " has no end");
            }
            var b = bytes[at++];
            length |= (b & 0x7f) << shift;
            if (b >= 0) {
                break;
            }
        }
        if (length < 0 || length > end - at) {
            throw new Malformed("field " + number() + " says it has " + Integer.toUnsignedString(length)
                    + " bytes, but its frame has " + (end - at) + " left");
        }
        from = at;
        to = at + length;
        at = to;
        return true;
    }

    int number() {
        return tag & ~(Wire.SKIPPABLE | Wire.UTF16);
    }

    /** For a field whose number is not known. @throws Malformed unless it may be ignored */
    void skip() {
        if (!Wire.skippable(tag)) {
            throw new Malformed("field " + number() + " is unknown here, and must not be ignored");
        }
    }

    Json json() {
        if (from == to) {
            throw new Malformed("field " + number() + " must be JSON, and is empty");
        }
        return Json.slice(bytes, from, to);
    }

    String text() {
        if ((tag & Wire.UTF16) != 0) {
            return wide();
        }
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }

    private String wide() {
        if ((to - from) % 2 != 0) {
            throw new Malformed("field " + number() + " must be UTF-16, has " + (to - from) + " bytes");
        }
        var chars = new char[(to - from) / 2];
        for (var i = 0; i < chars.length; i++) {
            chars[i] = (char) ((bytes[from + 2 * i] & 0xff) << 8 | (bytes[from + 2 * i + 1] & 0xff));
        }
        return new String(chars);
    }

    long number64() {
        var length = to - from;
        if (length > 8) {
            throw new Malformed("field " + number() + " must be a number of at most 8 bytes, has " + length);
        }
        long value = length > 0 && bytes[from] < 0 ? -1 : 0;
        for (var i = from; i < to; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }

    /** A number between bounds. */
    int number32(int least, int most) {
        var value = number64();
        if (value < least || value > most) {
            throw new Malformed("field " + number() + " must be " + least + " to " + most + ", is " + value);
        }
        return (int) value;
    }

    /** Two numbers of 4 bytes: the high half is the first. */
    long range() {
        if (to - from != 8) {
            throw new Malformed("field " + number() + " must have 8 bytes, has " + (to - from));
        }
        var value = 0L;
        for (var i = from; i < to; i++) {
            value = value << 8 | (bytes[i] & 0xff);
        }
        return value;
    }
}
