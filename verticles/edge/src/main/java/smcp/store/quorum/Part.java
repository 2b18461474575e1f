package smcp.store.quorum;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A piece of a request: one entry of the log. A request of megabytes is cut, so that no entry holds up the heartbeats behind it, and no member needs a buffer as big as the biggest request. Parts may come in any order and more than once.
 *
 * @param id of the request
 * @param at from 0
 * @param of how many
 */
@SuppressWarnings("ArrayRecordComponent") // compared by id only
record Part(Id id, int at, int of, byte[] bytes) {
    /** Of one part, head included. */
    static final int MOST_BYTES = 1 << 20;

    private static final int HEAD = 25;
    private static final byte FORMAT = 1;

    /**
     * Names a request for ever: who repeats it repeats the name.
     *
     * @param run random, of one run of a node
     */
    record Id(long run, long number) {}

    static List<Part> cut(Id id, byte[] request) {
        var size = MOST_BYTES - HEAD;
        var count = Math.max(1, Math.ceilDiv(request.length, size));
        var parts = new ArrayList<Part>(count);
        for (var at = 0; at < count; at++) {
            var to = Math.min(request.length, (at + 1) * size);
            parts.add(new Part(id, at, count, Arrays.copyOfRange(request, at * size, to)));
        }
        return parts;
    }

    byte[] encoded() {
        return ByteBuffer.allocate(HEAD + bytes.length)
                .put(FORMAT)
                .putLong(id.run())
                .putLong(id.number())
                .putInt(at)
                .putInt(of)
                .put(bytes)
                .array();
    }

    static Part decode(ByteBuffer in) {
        var format = in.get();
        if (format != FORMAT) {
            throw new IllegalStateException("the log of the registry was written by a newer program: format " + format);
        }
        var id = new Id(in.getLong(), in.getLong());
        var part = new Part(id, in.getInt(), in.getInt(), new byte[in.remaining()]);
        in.get(part.bytes());
        return part;
    }
}
