package smcp.session;

import io.vertx.core.Future;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.EventLog;
import smcp.protocol.Frames;
import smcp.protocol.Json;

/**
 * Calls that were running when their node was killed. Their streams are still there and nobody will ever end them, so a client that resumes one would wait for its answer until the stream expires: it gets an error instead. Calls
 * that wait for their client are not among them; they go on when it answers.
 */
public final class LostCalls {
    private static final Logger log = LoggerFactory.getLogger(LostCalls.class);
    private static final int AT_ONCE = 500;

    private final EventLog events;
    private final Duration life;
    private final InstantSource clock;

    private LostCalls(EventLog events, Duration life, InstantSource clock) {
        this.events = events;
        this.life = life;
        this.clock = clock;
    }

    /**
     * Ends their streams; to be called before the first call of the node's life.
     *
     * @param life for which an ended stream may be fetched
     */
    public static Future<Void> end(EventLog events, Duration life, InstantSource clock) {
        return new LostCalls(events, life, clock).end();
    }

    private Future<Void> end() {
        return events.unended(AT_ONCE).compose(lost -> {
            if (lost.isEmpty()) {
                return Future.succeededFuture();
            }
            log.atInfo().addKeyValue("streams", lost.size()).log("calls that died with the node are answered");
            return Future.all(lost.stream().map(this::end).toList()).compose(_ -> end());
        });
    }

    private Future<Void> end(EventLog.Unended stream) {
        var error = Frames.error(
                Json.of(stream.request()),
                Kind.ENGINE_LOST.rpcCode(),
                "the node stopped while the call was running",
                null);
        return events.append(stream.stream(), stream.next(), List.of(error))
                .compose(_ -> events.end(stream.stream(), clock.instant().plus(life)))
                // it expired meanwhile: nobody waits for it any more
                .recover(cause -> cause instanceof Fault fault && fault.kind() == Kind.CURSOR_UNKNOWN
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause));
    }
}
