package smcp.peer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** One open connection, and the calls on it. Calls come and go on any event loop; all else is confined to the context. */
final class Carrier {
    private static final Buffer PING = Buffer.buffer(new byte[8]);

    final Line line;
    final HttpClientConnection connection;
    final ContextInternal context;
    final RequestOptions request;
    private final long mostCalls;
    private final int streams;
    private final long began = System.nanoTime();
    private final Set<Carried> calls = ConcurrentHashMap.newKeySet();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicInteger started = new AtomicInteger();
    private volatile boolean dead;
    private volatile boolean retired;
    private String why = "the connection was closed";
    private long pinged;
    private boolean waiting;
    private long looked;

    Carrier(Line line, HttpClientConnection connection, ContextInternal context, int version, int streams) {
        this.line = line;
        this.connection = connection;
        this.context = context;
        this.streams = streams;
        this.mostCalls = Math.min(Carriage.STREAMS, connection.maxActiveStreams());
        this.request = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setURI(Wire.CALLS)
                .putHeader(Wire.VERSION, String.valueOf(version));
    }

    /** On the context. */
    void begin() {
        line.link.roundTrip().opened();
        connection.closeHandler(_ -> context.emit(_ -> closed()));
        connection.goAwayHandler(_ -> context.emit(_ -> {
            line.leave(this);
            retire();
        }));
        var config = line.link.config;
        var every = Math.max(
                1, Math.min(config.pingEvery().toMillis(), config.pingWithin().toMillis() / 4));
        looked = System.nanoTime();
        ping(looked);
        line.link.vertx.setPeriodic(
                every,
                timer -> context.emit(_ -> {
                    if (dead) {
                        line.link.vertx.cancelTimer(timer);
                    } else {
                        look(System.nanoTime(), every * 1_000_000);
                    }
                }));
    }

    private void look(long now, long every) {
        var late = now - looked > 3 * every;
        looked = now;
        if (waiting) {
            // a node that stood still itself has not read the answers that wait for it
            if (!late && now - pinged > line.link.config.pingWithin().toNanos()) {
                kill("it did not answer a ping within "
                        + line.link.config.pingWithin().toMillis() + " ms");
                return;
            }
        } else if (now - pinged >= line.link.config.pingEvery().toNanos() - every / 2) {
            ping(now);
        }
        calls.forEach(call -> call.look(now));
    }

    private void ping(long now) {
        pinged = now;
        waiting = true;
        // one that is never answered is not completed either; looking at the clock ends it
        var _ = connection.ping(PING).onSuccess(_ -> {
            waiting = false;
            line.link.roundTrip().measured(System.nanoTime() - now);
        });
    }

    int calls() {
        return count.get();
    }

    boolean full() {
        return dead || retired || count.get() >= mostCalls;
    }

    /** From here on the call hears when the connection is lost. False if it is already. Any thread. */
    boolean add(Carried call) {
        calls.add(call);
        count.incrementAndGet();
        if (started.incrementAndGet() == streams) {
            context.emit(_ -> line.worn());
        }
        return !dead;
    }

    /** Any thread. */
    void remove(Carried call) {
        if (calls.remove(call)) {
            var left = count.decrementAndGet();
            if (retired && left == 0) {
                context.emit(_ -> closeIfDone());
            }
        }
    }

    /** On the context: takes no more calls, and is closed behind the last. */
    void retire() {
        retired = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (retired && count.get() == 0 && !dead) {
            kill("its calls have ended");
        }
    }

    /** On the context: the calls end now, whatever the connection still does. */
    void kill(String reason) {
        if (!dead) {
            why = reason;
            var _ = connection.close();
            closed();
        }
    }

    private void closed() {
        if (dead) {
            return;
        }
        dead = true;
        line.link.roundTrip().closed();
        var lived =
                System.nanoTime() - began > line.link.config.reconnectWithin().toNanos();
        line.gone(this, why, lived);
        calls.forEach(call -> call.lineLost(why));
    }
}
