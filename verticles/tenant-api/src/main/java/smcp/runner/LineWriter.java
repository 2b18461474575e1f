package smcp.runner;

import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes whole lines from any thread. A failure to write means that the platform is gone; the reader will notice, so it is not an
 * error of the call that met it.
 */
final class LineWriter {
    private static final int BUFFER = 64 * 1024;

    private final OutputStream out;
    private final ReentrantLock lock = new ReentrantLock();
    private final byte[] buffer = new byte[BUFFER];
    private int filled;

    LineWriter(OutputStream out) {
        this.out = out;
    }

    /** When a line leaves. */
    enum Flush {
        NOW,
        /** The writer promises to call {@link #flush} before it waits for anything. */
        LATER
    }

    /** Puts the parts together to one line; false if it would be too long for the other side. */
    boolean line(Flush flush, byte[]... parts) {
        long length = 0;
        for (var part : parts) length += part.length;
        if (length > LineReader.MAX_LINE) return false;
        lock.lock();
        try {
            for (var part : parts) put(part);
            put(NEWLINE);
            if (flush == Flush.NOW) drain();
        } catch (IOException e) {
            filled = 0;
        } finally {
            lock.unlock();
        }
        return true;
    }

    void flush() {
        lock.lock();
        try {
            drain();
        } catch (IOException e) {
            filled = 0;
        } finally {
            lock.unlock();
        }
    }

    private static final byte[] NEWLINE = {'\n'};

    private void put(byte[] part) throws IOException {
        if (part.length > buffer.length - filled) drain();
        if (part.length > buffer.length) {
            out.write(part);
            return;
        }
        System.arraycopy(part, 0, buffer, filled, part.length);
        filled += part.length;
    }

    private void drain() throws IOException {
        if (filled == 0) return;
        int length = filled;
        filled = 0;
        out.write(buffer, 0, length);
        out.flush();
    }
}
