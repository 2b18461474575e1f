package smcp.engine;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Cuts a stream into lines; reads in large pieces and holds no more than the longest line it allows. For one thread. */
final class LineReader {
    private static final int USUAL = 64 << 10;

    private final InputStream in;
    private final int longest;
    private byte[] buffer = new byte[USUAL];
    private int from;
    private int to;

    LineReader(InputStream in, int longest) {
        this.in = in;
        this.longest = longest;
    }

    /**
     * The next line in an array of its own, without its newline; null at the end, where an unfinished line does not count.
     *
     * @throws TooLong if there is no newline in time
     */
    byte @Nullable [] next() throws IOException, TooLong {
        var looked = from;
        while (true) {
            for (var i = looked; i < to; i++) {
                if (buffer[i] == '\n') {
                    if (i - from > longest) {
                        throw new TooLong(longest);
                    }
                    var line = Arrays.copyOfRange(buffer, from, i);
                    from = i + 1;
                    return line;
                }
            }
            if (to - from > longest) {
                throw new TooLong(longest);
            }
            var seen = to - from;
            makeRoom();
            looked = from + seen;
            var more = in.read(buffer, to, buffer.length - to);
            if (more < 0) {
                return null;
            }
            to += more;
        }
    }

    private void makeRoom() {
        var held = to - from;
        if (held == 0) {
            // a line far above the usual does not keep its memory
            buffer = buffer.length > USUAL * 16 ? new byte[USUAL] : buffer;
            from = 0;
            to = 0;
        } else if (to == buffer.length) {
            var size = held > buffer.length / 2
                    ? (int) Math.min(buffer.length * 2L, longest + (long) USUAL)
                    : buffer.length;
            var target = size == buffer.length ? buffer : new byte[size];
            System.arraycopy(buffer, from, target, 0, held);
            buffer = target;
            from = 0;
            to = held;
        }
    }

    /** No newline where one must be. */
    static final class TooLong extends Exception {
        private final int longest;

        TooLong(int longest) {
            super("line longer than " + longest + " bytes", null, false, false);
            this.longest = longest;
        }

        /** What the process did. */
        String what() {
            return "sent a line longer than " + longest + " bytes";
        }
    }
}
