package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import smcp.contract.EventLog;
import smcp.contract.EventLog.StreamKey;
import smcp.protocol.Json;

/**
 * Writes the frames of one stream: into the log first, to the reader then, so that what a client saw it can never miss when it comes back (digest §3.2, write-ahead). Frames that come while an append is
 * under way go together in the next. Confined to the context of the call's current round; rounds of one call follow each other, so there is one writer at a time.
 */
final class StreamWriter {
    private final StreamKey key;
    private final EventLog events;
    private final StreamHub hub;
    private final Duration life;
    private final InstantSource clock;
    private final ContextInternal context;
    private long next;
    private List<Json> waiting = new ArrayList<>();
    private Future<Void> last = Future.succeededFuture();
    private boolean appending;

    /** @param next sequence number of the next frame */
    StreamWriter(
            StreamKey key,
            long next,
            EventLog events,
            StreamHub hub,
            Duration life,
            InstantSource clock,
            ContextInternal context) {
        this.key = key;
        this.next = next;
        this.events = events;
        this.hub = hub;
        this.life = life;
        this.clock = clock;
        this.context = context;
    }

    /** Opens a new stream that answers {@code request}; its frames may be fetched for {@code atLeast} from now, or until it ends. */
    void open(Json request, Duration atLeast) {
        last = here(events.open(key, request.text(), clock.instant().plus(atLeast)));
    }

    StreamKey key() {
        return key;
    }

    /** Sequence number the next frame will get. */
    long next() {
        return next + waiting.size();
    }

    /** Completes when the frame is in the log. */
    Future<Void> write(Json frame) {
        waiting.add(frame);
        if (!appending) {
            appending = true;
            last = last.compose(_ -> append());
        }
        return last;
    }

    private Future<Void> append() {
        var frames = waiting;
        var first = next;
        waiting = new ArrayList<>();
        appending = false;
        next += frames.size();
        return here(events.append(key, first, frames)).map(_ -> {
            for (var i = 0; i < frames.size(); i++) {
                hub.written(key, first + i, frames.get(i));
            }
            return null;
        });
    }

    /** Completes when all frames so far are in the log. */
    Future<Void> settled() {
        return last;
    }

    /** No more frames. Completes when the log knows. */
    Future<Void> end() {
        last = last.compose(_ -> here(events.end(key, clock.instant().plus(life))))
                .map(_ -> {
                    hub.ended(key);
                    return null;
                });
        return last;
    }

    /** Brings a store's answer home to our context, wherever the store completed it. */
    private <T> Future<T> here(Future<T> answer) {
        var promise = context.<T>promise();
        answer.onComplete(promise);
        return promise.future();
    }
}
