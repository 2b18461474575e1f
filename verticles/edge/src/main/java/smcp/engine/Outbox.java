package smcp.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import smcp.protocol.Json;

/** Lines on their way to a process. Any thread puts; one writer takes all there is and writes it in one go, so that the more there is to say the fewer system calls a line costs. */
final class Outbox {
    /** Unwritten bytes above which no call is taken; a single longer line is, if nothing is before it. */
    static final int MOST = 8 << 20;
    /** What cancellations and answers may take beyond that: they shorten the work, so they go where a call would not. */
    private static final int RESERVE = 1 << 20;

    private static final int USUAL = 64 << 10;

    private final Object lock = new Object();
    private byte[] filling = new byte[USUAL];
    private byte[] spare = new byte[USUAL];
    private int length;
    private boolean closed;
    private boolean idle;

    /** Queues a call; false if there is no room for it, or nobody to write to. */
    boolean put(Json line) {
        return put(line, MOST);
    }

    /** Queues a short message about a call that is under way. */
    boolean putBeyond(Json line) {
        return put(line, MOST + RESERVE);
    }

    private boolean put(Json line, int most) {
        synchronized (lock) {
            var size = length + line.length() + 1;
            if (closed || size < 0 || (size > most && length > 0)) {
                return false;
            }
            if (size > filling.length) {
                filling = Arrays.copyOf(filling, Math.max(size, filling.length * 2));
            }
            System.arraycopy(line.bytes(), line.from(), filling, length, line.length());
            filling[size - 1] = '\n';
            length = size;
            if (idle) {
                lock.notifyAll();
            }
            return true;
        }
    }

    /** Writes until {@link #close}; what was put before that is written still. For one thread. */
    void writeTo(OutputStream out) throws IOException, InterruptedException {
        while (true) {
            byte[] batch;
            int size;
            synchronized (lock) {
                while (length == 0 && !closed) {
                    idle = true;
                    lock.wait();
                    idle = false;
                }
                if (length == 0) {
                    return;
                }
                batch = filling;
                size = length;
                filling = spare;
                length = 0;
            }
            out.write(batch, 0, size);
            out.flush();
            spare = batch.length > MOST / 8 ? new byte[USUAL] : batch;
        }
    }

    /** Nothing more is taken. */
    void close() {
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
        }
    }
}
