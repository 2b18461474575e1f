package smcp.engine;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.Executor;
import smcp.protocol.Json;

/** Lines on their way to a process. Any thread puts; one writer takes all there is and writes it in one go, so that the more there is to say the fewer system calls a line costs. */
final class Outbox {
    /** Unwritten bytes above which no call is taken; a single longer line is, if nothing is before it. */
    static final int MOST = 8 << 20;
    /** What cancellations and answers may take beyond that: they shorten the work, so they go where a call would not. */
    private static final int RESERVE = 1 << 20;

    private static final int USUAL = 64 << 10;

    private final Executor later;
    private final Object lock = new Object();
    private byte[] filling = new byte[USUAL];
    private byte[] spare = new byte[USUAL];
    private int length;
    private boolean closed;
    private boolean idle;
    /** The idle writer will be woken by a task that is on its way. */
    private boolean waking;

    /**
     * @param later runs the waking of an idle writer, soon: an event loop that has read many calls at once puts them all before the writer begins, which saves the process a system call for each and the loop
     *     a wake-up
     */
    Outbox(Executor later) {
        this.later = later;
    }

    /** Queues a call; false if there is no room for it, or nobody to write to. */
    boolean put(Json line) {
        return put(line, MOST);
    }

    /** Queues a short message about a call that is under way. */
    boolean putBeyond(Json line) {
        return put(line, MOST + RESERVE);
    }

    private boolean put(Json line, int most) {
        boolean wake;
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
            wake = idle && !waking;
            waking |= wake;
        }
        if (wake) {
            later.execute(this::wake);
        }
        return true;
    }

    private void wake() {
        synchronized (lock) {
            waking = false;
            lock.notifyAll();
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
