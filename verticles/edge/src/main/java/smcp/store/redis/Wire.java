package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.store.redis.Dialer.Dialed;

/**
 * One connection to one server, pipelined, that makes itself again when it breaks: at once the first time, and whoever comes meanwhile waits for that; after a failed attempt in the background, and whoever comes meanwhile is told why. Confined
 * to the link's context.
 */
final class Wire {
    private static final Logger log = LoggerFactory.getLogger(Wire.class);

    private final Vertx vertx;
    private final Endpoint endpoint;
    private final Setup setup;
    private final Runnable trouble;
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

    /** @param trouble told each time the connection is lost or cannot be made */
    Wire(Vertx vertx, Endpoint endpoint, Setup setup, Runnable trouble) {
        this.vertx = vertx;
        this.endpoint = endpoint;
        this.setup = setup;
        this.trouble = trouble;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** An open connection. Fails with a fault before anything was sent. */
    Future<Dialed> dialed() {
        if (closed) {
            return Future.failedFuture(RedisFaults.unavailable("the connection is closed"));
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
        var attempt = setup.dial(endpoint).recover(cause -> Future.failedFuture(failed(cause)));
        dialing = attempt;
        return attempt.onSuccess(this::opened);
    }

    private void opened(Dialed dialed) {
        dialing = null;
        if (closed) {
            dialed.close();
            return;
        }
        if (down != null) {
            log.atInfo().addKeyValue("address", endpoint).log("Redis is back");
        }
        open = dialed;
        down = null;
        backoff.reset();
        dialed.connection().endHandler(_ -> lost(dialed, "closed by the server"));
        dialed.connection().exceptionHandler(cause -> lost(dialed, String.valueOf(cause)));
    }

    private Fault failed(Throwable cause) {
        dialing = null;
        var fault = RedisFaults.unreachable(cause);
        if (!closed) {
            if (down == null) {
                log.atWarn()
                        .addKeyValue("address", endpoint)
                        .addKeyValue("cause", String.valueOf(cause))
                        .log("Redis cannot be reached");
            }
            down = fault;
            vertx.setTimer(backoff.millis(), _ -> again());
            trouble.run();
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
        if (open != on) {
            return;
        }
        open = null;
        on.close();
        log.atWarn().addKeyValue("address", endpoint).addKeyValue("cause", why).log("a connection to Redis was lost");
        if (!closed) {
            again();
            trouble.run();
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
