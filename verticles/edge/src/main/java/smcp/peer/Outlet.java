package smcp.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** The way back of one stream. Counts what waits in it, so that a call never holds more than its bound. Confined to the stream's context; writing to a stream that has gone does nothing. */
final class Outlet {
    private final HttpServerResponse response;
    private final int bound;
    private long queued;
    private boolean over;

    Outlet(HttpServerResponse response, int bound) {
        this.response = response;
        this.bound = bound;
    }

    /** False if too much waits already: nothing was written. One frame may be larger than the bound, a second one must not wait behind it. */
    boolean write(Buffer frames) {
        if (over) {
            return true;
        }
        if (queued > bound) {
            return false;
        }
        var written = response.write(frames);
        if (!written.isComplete()) {
            var length = frames.length();
            queued += length;
            var _ = written.onComplete(_ -> queued -= length);
        }
        return true;
    }

    /** Writes the last frames, whatever waits. */
    void end(Buffer frames) {
        if (!over) {
            over = true;
            var _ = response.end(frames);
        }
    }

    /** Does the other node not take what it is given? */
    boolean full() {
        return !over && response.writeQueueFull();
    }

    void onDrain(Runnable drained) {
        if (over) {
            return;
        }
        response.drainHandler(_ -> {
            response.drainHandler(null);
            drained.run();
        });
    }

    /** {@code gone} runs if the stream ends before its answer does. */
    void onGone(Runnable gone) {
        response.exceptionHandler(_ -> {
            // the close that follows says it
        });
        response.closeHandler(_ -> {
            if (!over) {
                over = true;
                gone.run();
            }
        });
    }

    boolean over() {
        return over;
    }
}
