package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.store.redis.Dialer.Dialed;

/**
 * One connection to one server, pipelined, that makes itself again when it breaks: at once the first time, and whoever comes meanwhile waits for that; after a failed attempt in the background, and whoever comes meanwhile is told why. Confined
 * to the link's context.
 */
final class Wire {
    private final Vertx vertx;
    private final Endpoint endpoint;
    private final Setup setup;
    private final Watcher watcher;
    private final Backoff backoff = new Backoff();

    private @Nullable Dialed open;
    private @Nullable Future<Dialed> dialing;
    private @Nullable Fault down;
    private boolean closed;

    /** Dials a server and makes sure that it is what it should be. */
    @FunctionalInterface
    interface Setup {
        Future<Dialed> dial(Endpoint endpoint);
    }

    /** Hears of the fate of connections. */
    interface Watcher {
        void opened(Endpoint endpoint);

        /** Each time one is lost or cannot be made. */
        void lost(Endpoint endpoint, String why);
    }

    Wire(Vertx vertx, Endpoint endpoint, Setup setup, Watcher watcher) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.setup = setup;
        this.watcher = watcher;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** An open connection. Fails with a fault before anything was sent. */
    Future<Dialed> dialed() {
        if (closed) {
            return Future.failedFuture(over());
        }
        if (open != null) {
            return Future.succeededFuture(open);
        }
        if (down != null) {
            return Future.failedFuture(down);
        }
        return dialing == null ? dial() : dialing;
    }

    /** Sends over {@code on}. A connection that does not answer in time is given up: what came behind would wait as well. */
    Future<@Nullable Response> send(Dialed on, Request request, long millis) {
        return on.connection()
                .send(request)
                .timeout(millis, TimeUnit.MILLISECONDS)
                .onFailure(cause -> {
                    if (cause instanceof TimeoutException) {
                        lost(on, "no answer within " + millis + " ms");
                    }
                });
    }

    private Future<Dialed> dial() {
        var attempt =
                setup.dial(endpoint).compose(this::unlessClosed).recover(cause -> Future.failedFuture(failed(cause)));
        dialing = attempt.isComplete() ? null : attempt; // what fails at once has been told already
        return attempt.onSuccess(this::opened);
    }

    private Future<Dialed> unlessClosed(Dialed dialed) {
        if (!closed) {
            return Future.succeededFuture(dialed);
        }
        dialed.close();
        return Future.failedFuture(over());
    }

    private static Fault over() {
        return RedisFaults.unavailable("the connection is closed");
    }

    private void opened(Dialed dialed) {
        dialing = null;
        open = dialed;
        down = null;
        backoff.reset();
        watcher.opened(endpoint);
        dialed.connection().endHandler(_ -> lost(dialed, "closed by the server"));
        dialed.connection().exceptionHandler(cause -> lost(dialed, String.valueOf(cause)));
    }

    private Fault failed(Throwable cause) {
        dialing = null;
        var fault = RedisFaults.unreachable(cause);
        if (!closed) {
            down = fault;
            vertx.setTimer(backoff.millis(), _ -> again());
            watcher.lost(endpoint, String.valueOf(cause));
        }
        return fault;
    }

    private void again() {
        if (!closed && open == null && dialing == null) {
            var _ = dial(); // told in opened() and failed()
        }
    }

    /** Gives {@code on} up, if it is still the open one. */
    void lost(Dialed on, String why) {
        if (!on.equals(open)) {
            return;
        }
        open = null;
        on.close();
        if (!closed) {
            again();
            watcher.lost(endpoint, why);
        }
    }

    void close() {
        closed = true;
        if (open != null) {
            Objects.requireNonNull(open).close();
            open = null;
        }
    }
}
