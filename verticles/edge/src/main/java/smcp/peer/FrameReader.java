package smcp.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/**
 * Takes a stream of bytes apart into frames. A frame that came whole is read where it stands; the array is never written to again where a frame has been, because the JSON of a call is a slice of it.
 */
final class FrameReader {
    private static final byte[] NOTHING = {};
    /** A length that a peer only claims makes no larger array than this at once. */
    private static final int BELIEVED = 1 << 20;

    private final int maxFrame;
    private byte[] bytes = NOTHING;
    private int at;
    private int end;
    /** May what is behind {@link #end} be written to? */
    private boolean own;

    private int kind;
    private int from;
    private int to;

    FrameReader(int maxFrame) {
        this.maxFrame = maxFrame;
    }

    void feed(Buffer chunk) {
        var buf = ((BufferInternal) chunk).getByteBuf();
        var more = buf.readableBytes();
        if (at == end && buf.hasArray()) {
            bytes = buf.array();
            at = buf.arrayOffset() + buf.readerIndex();
            end = at + more;
            own = false;
            return;
        }
        room(more);
        buf.getBytes(buf.readerIndex(), bytes, end, more);
        end += more;
    }

    private void room(int more) {
        var have = end - at;
        if (own && bytes.length - end >= more) {
            return;
        }
        var known = have >= 4 ? Math.min(length() + Wire.HEADER, BELIEVED) : 0;
        var larger = new byte[Math.max(known, Math.max(have + more, have * 2))];
        System.arraycopy(bytes, at, larger, 0, have);
        bytes = larger;
        at = 0;
        end = have;
        own = true;
    }

    /** Length of the payload of the frame that begins here. @throws Malformed if it is beyond the bound */
    private int length() {
        var length = (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
        if (length < 0 || length > maxFrame) {
            throw new Malformed("a frame of " + Integer.toUnsignedString(length)
                    + " bytes, more than peer.maxFrameBytes (" + maxFrame + ")");
        }
        return length;
    }

    /** Goes to the next frame; false if it is not there yet. @throws Malformed if it is too long */
    boolean next() {
        if (end - at < Wire.HEADER) {
            return false;
        }
        var length = length();
        if (end - at - Wire.HEADER < length) {
            return false;
        }
        kind = bytes[at + 4] & 0xff;
        from = at + Wire.HEADER;
        to = from + length;
        at = to;
        return true;
    }

    /** Is there the beginning of a frame that has not come to its end? */
    boolean unfinished() {
        return end != at;
    }

    int kind() {
        return kind;
    }

    /** The fields of the frame. */
    Fields fields() {
        return new Fields(bytes, from, to);
    }
}
