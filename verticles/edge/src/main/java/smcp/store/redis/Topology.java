package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;

/** Which server has the keys of a slot. Looked up when the link opens, after every trouble, and now and then. Confined to the link's context. */
abstract class Topology {
    private static final Logger log = LoggerFactory.getLogger(Topology.class);

    private final Vertx vertx;
    private final Runnable changed;
    private final Backoff backoff = new Backoff();
    private @Nullable Future<Boolean> looking;
    private @Nullable Fault lastFailure;
    private boolean known;
    private boolean closed;

    Topology(Vertx vertx, Runnable changed) {
        this.vertx = vertx;
        this.changed = changed;
    }

    /** Looks once; true if something is other than it was. */
    abstract Future<Boolean> look();

    /** Null if nobody has the slot. */
    abstract @Nullable Endpoint master(int slot);

    /** All that {@link #master} may answer. */
    abstract Set<Endpoint> masters();

    /** Dials a server and makes sure that it is what it should be. */
    abstract Future<Dialer.Dialed> dial(Endpoint endpoint);

    /** The server for a slot. Waits for the first look, and not for any other. */
    final Future<Endpoint> find(int slot) {
        if (known) {
            var found = master(slot);
            return found != null
                    ? Future.succeededFuture(found)
                    : Future.failedFuture(RedisFaults.unavailable("no server of the cluster has slot " + slot));
        }
        return lastFailure != null
                ? Future.failedFuture(lastFailure)
                : refresh().compose(_ -> find(slot));
    }

    /** Looks again; one look at a time, and after a failed one another by itself. */
    final Future<Boolean> refresh() {
        if (looking != null) {
            return looking;
        }
        var attempt = look().recover(cause -> Future.failedFuture(failed(cause)));
        looking = attempt.isComplete() ? null : attempt; // what fails at once has been told already
        return attempt.onSuccess(this::looked);
    }

    private void looked(boolean other) {
        looking = null;
        if (lastFailure != null) {
            log.atInfo().log("the servers of Redis are known again");
        }
        lastFailure = null;
        known = true;
        backoff.reset();
        if (other && !closed) {
            changed.run();
        }
    }

    private Fault failed(Throwable cause) {
        looking = null;
        var fault = RedisFaults.unreachable(cause);
        if (!closed) {
            if (lastFailure == null) {
                log.atWarn()
                        .addKeyValue("cause", String.valueOf(cause))
                        .log("the servers of Redis cannot be looked up");
            }
            lastFailure = fault;
            vertx.setTimer(backoff.millis(), _ -> {
                if (!closed) {
                    var _ = refresh(); // told in looked() and failed()
                }
            });
        }
        return fault;
    }

    final void close() {
        closed = true;
    }
}
