package smcp.session;

import io.vertx.core.internal.ContextInternal;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.EventLog;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.Reply;
import smcp.protocol.Json;

/**
 * One connection that reads a stream's log, from a position on. New frames are handed to it as they are written; whenever it has missed one, because it began late or its client was slow, it reads the log.
 * Confined to the connection's context.
 */
final class StreamReader {
    private static final Logger log = LoggerFactory.getLogger(StreamReader.class);
    private static final int AT_ONCE = 64;

    private final StreamKey key;
    private final EventLog events;
    private final Reply.EventStream out;
    private final ContextInternal context;
    private final StreamHub hub;
    private final InstantSource clock;
    private long position;
    private boolean reading;
    private boolean again;
    private boolean over;
    private volatile boolean tailing;
    /** The client was asked to come back, as soon as it has all there is; the wait in milliseconds, negative if not. */
    private long polling = -1;

    /** @param position sequence number of the last frame the client has; -1 for none */
    StreamReader(
            StreamKey key,
            long position,
            Reply.EventStream out,
            ContextInternal context,
            EventLog events,
            StreamHub hub,
            InstantSource clock) {
        this.key = key;
        this.position = position;
        this.out = out;
        this.context = context;
        this.events = events;
        this.hub = hub;
        this.clock = clock;
    }

    StreamKey key() {
        return key;
    }

    void offer(long seq, Json data) {
        context.execute(() -> {
            if (over || seq <= position) {
                return;
            }
            if (seq == position + 1 && !reading && !out.full()) {
                write(seq, data);
            } else {
                read();
            }
        });
    }

    /** There may be something new in the log. */
    void look() {
        context.execute(this::read);
    }

    /** It goes on with a stream that may be written elsewhere. */
    void tails() {
        tailing = true;
    }

    boolean tailing() {
        return tailing;
    }

    /** Reads on from the log until there is nothing more, or the client is slower than the log. */
    void read() {
        if (over) {
            return;
        }
        if (reading) {
            again = true;
            return;
        }
        reading = true;
        again = false;
        events.read(key, position, AT_ONCE, clock.instant())
                .onComplete(done -> context.execute(() -> {
                    reading = false;
                    if (over) {
                        return;
                    }
                    if (done.failed()) {
                        log.atWarn()
                                .setCause(done.cause())
                                .log("a stream's log could not be read; its connection is cut");
                        cut();
                    } else if (done.result().isEmpty()) {
                        finish();
                    } else {
                        take(done.result().get());
                    }
                }));
    }

    private void take(EventLog.Slice slice) {
        if (slice.first() > position + 1) {
            // the client was away for longer than frames are kept: what is lost cannot be hidden
            cut();
            return;
        }
        for (var event : slice.events()) {
            if (out.full()) {
                out.onDrain(this::read);
                return;
            }
            write(event.seq(), event.data());
        }
        if (slice.ended() && position >= slice.next() - 1) {
            finish();
        } else if (again || position < slice.next() - 1) {
            read();
        } else if (polling >= 0) {
            out.retry(polling);
            finish();
        }
    }

    private void write(long seq, Json data) {
        position = seq;
        out.event(key.id() + "." + seq, data.length() == 0 ? null : data);
    }

    void closeForPolling(long retryMillis) {
        context.execute(() -> {
            polling = retryMillis;
            read();
        });
    }

    /** The log has not got everything. */
    void lost() {
        context.execute(() -> {
            if (!over) {
                cut();
            }
        });
    }

    /** Another connection has taken the stream over, or its session is over. */
    void replaced() {
        context.execute(this::finish);
    }

    /** The client has gone. */
    void gone() {
        over = true;
        hub.detach(this);
    }

    private void finish() {
        if (!over) {
            gone();
            out.end();
        }
    }

    private void cut() {
        gone();
        out.cut();
    }
}
