package smcp.runner;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads lines that end in {@code \n}. Each is an array of its own, because calls refer to it while they run. One thread. */
final class LineReader {
    /** {@code docs/guides/runner-protocol.md}, Framing. */
    static final int MAX_LINE = 16 * 1024 * 1024;

    private static final int CHUNK = 64 * 1024;

    private final InputStream in;
    private byte[] buffer = new byte[CHUNK];
    private int from;
    private int to;

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line without its end, or null at the end of input. An unfinished last line is dropped. */
    byte @Nullable [] next() throws IOException, TooLong {
        int searched = from;
        while (true) {
            int end = newline(searched);
            if (end >= 0) {
                var line = Arrays.copyOfRange(buffer, from, end);
                from = end + 1;
                return line;
            }
            searched = to;
            if (to - from > MAX_LINE) {
                skipLine();
                throw new TooLong();
            }
            int before = from;
            makeRoom();
            searched -= before - from;
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) return null;
            to += read;
        }
    }

    /** Whether the next line is here already. */
    boolean ready() {
        return newline(from) >= 0;
    }

    private int newline(int start) {
        for (int i = start; i < to; i++) if (buffer[i] == '\n') return i;
        return -1;
    }

    private void makeRoom() {
        if (from == to) {
            from = to = 0;
            if (buffer.length > CHUNK) buffer = new byte[CHUNK];
        } else if (to == buffer.length) {
            var target = to - from > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
            System.arraycopy(buffer, from, target, 0, to - from);
            buffer = target;
            to -= from;
            from = 0;
        }
    }

    private void skipLine() throws IOException {
        int end = -1;
        while (end < 0) {
            from = to = 0;
            int read = in.read(buffer, 0, buffer.length);
            if (read < 0) return;
            to = read;
            end = newline(0);
        }
        from = end + 1;
    }

    /** A line beyond the limit was skipped. */
    static final class TooLong extends Exception {
        TooLong() {
            super("a line may have " + MAX_LINE + " bytes", null, false, false);
        }
    }
}
