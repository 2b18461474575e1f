package smcp.peer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;

/** Puts frames into one array. Large JSON that ends a frame is not copied, but goes out behind the array as it stands in its own. */
final class FrameWriter {
    /** Below it copying is cheaper than a second buffer. */
    private static final int LARGE = 8 << 10;

    private byte[] bytes;
    private int length;
    private int frame;
    private @Nullable ByteBuf done;

    FrameWriter(int expected) {
        bytes = new byte[Math.max(32, expected)];
    }

    @CanIgnoreReturnValue
    FrameWriter begin(int kind) {
        room(Wire.HEADER);
        frame = length;
        length += 4;
        bytes[length++] = (byte) kind;
        return this;
    }

    @CanIgnoreReturnValue
    FrameWriter end() {
        size(length - frame - Wire.HEADER);
        return this;
    }

    /** Ends the frame with this field. */
    @CanIgnoreReturnValue
    FrameWriter end(int number, Json last) {
        if (last.length() < LARGE) {
            return put(number, last).end();
        }
        head(number, last.length());
        size(length - frame - Wire.HEADER + last.length());
        var front = Unpooled.wrappedBuffer(bytes, 0, length);
        var tail = Unpooled.wrappedBuffer(last.bytes(), last.from(), last.length());
        done = done == null ? Unpooled.wrappedBuffer(front, tail) : Unpooled.wrappedBuffer(done, front, tail);
        bytes = new byte[32];
        length = 0;
        return this;
    }

    private void size(int payload) {
        bytes[frame] = (byte) (payload >>> 24);
        bytes[frame + 1] = (byte) (payload >>> 16);
        bytes[frame + 2] = (byte) (payload >>> 8);
        bytes[frame + 3] = (byte) payload;
    }

    @CanIgnoreReturnValue
    FrameWriter put(int number, Json json) {
        head(number, json.length());
        room(json.length());
        System.arraycopy(json.bytes(), json.from(), bytes, length, json.length());
        length += json.length();
        return this;
    }

    /** Leaves the field out if there is nothing in it. */
    @CanIgnoreReturnValue
    FrameWriter putIfAny(int number, @Nullable Json json) {
        return json == null ? this : put(number, json);
    }

    /** Leaves the field out if there is nothing in it. */
    @CanIgnoreReturnValue
    FrameWriter putIfAny(int number, @Nullable String text) {
        return text == null ? this : put(number, text);
    }

    @CanIgnoreReturnValue
    FrameWriter put(int number, String text) {
        var start = length;
        head(number, text.length());
        room(text.length());
        for (var i = 0; i < text.length(); i++) {
            var c = text.charAt(i);
            if (c >= 0x80) {
                length = start;
                return putWide(number, text);
            }
            bytes[length++] = (byte) c;
        }
        return this;
    }

    private FrameWriter putWide(int number, String text) {
        if (StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            return put(number, Json.of(text));
        }
        // by hand: the JDK's encoders put something else in the place of half a pair
        head(number | Wire.UTF16, 2 * text.length());
        room(2 * text.length());
        for (var i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) (text.charAt(i) >>> 8);
            bytes[length++] = (byte) text.charAt(i);
        }
        return this;
    }

    /** The fewest bytes of two's complement that hold it, highest first; none at all for 0. */
    @CanIgnoreReturnValue
    FrameWriter put(int number, long value) {
        var size = value == 0 ? 0 : 8 - (Long.numberOfLeadingZeros(value < 0 ? ~value : value) - 1) / 8;
        head(number, size);
        room(size);
        for (var shift = (size - 1) * 8; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** Leaves the field out if it is 0. */
    @CanIgnoreReturnValue
    FrameWriter putUnlessZero(int number, long value) {
        return value == 0 ? this : put(number, value);
    }

    /** A field that says something by being there. */
    @CanIgnoreReturnValue
    FrameWriter put(int number) {
        head(number, 0);
        return this;
    }

    @CanIgnoreReturnValue
    FrameWriter putRange(int number, int from, int to) {
        head(number, 8);
        room(8);
        for (var shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (from >>> shift);
        }
        for (var shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (to >>> shift);
        }
        return this;
    }

    private void head(int number, int size) {
        room(6);
        bytes[length++] = (byte) number;
        var rest = size;
        while (rest > 0x7f) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
        }
    }

    /** All frames so far; this writer is not used afterwards. */
    Buffer buffer() {
        var last = Unpooled.wrappedBuffer(bytes, 0, length);
        if (done == null) {
            return BufferInternal.buffer(last);
        }
        return BufferInternal.buffer(length == 0 ? done : Unpooled.wrappedBuffer(done, last));
    }
}
