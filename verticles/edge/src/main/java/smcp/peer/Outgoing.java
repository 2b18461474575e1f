package smcp.peer;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/** One call to another node: a stream there and back. Confined to the context of whoever made the call. */
abstract class Outgoing implements Carried {
    /** The other node ends a call at its deadline; this much later it is clear that it does not. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(2);

    /** What becomes of a request that is still on its way out when nobody waits for its answer any more. */
    enum Request {
        /** What it asks for is not wanted. */
        DROPPED,
        /** It leaves: what it asks for is to be done all the same. */
        WHOLE
    }

    final Carrier carrier;
    final ContextInternal home;
    private final long deadlineNanos;
    private final FrameReader reader;
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private @Nullable Future<Void> written;
    private boolean over;

    Outgoing(Carrier carrier, ContextInternal home, long deadlineNanos) {
        this.carrier = carrier;
        this.home = home;
        this.deadlineNanos = deadlineNanos;
        this.reader = new FrameReader(carrier.line.link.config.maxFrameBytes());
    }

    /** One frame of the answer. @throws Malformed if it is none */
    abstract void frame(int kind, Fields fields);

    /** The call ends with this; called once at most. */
    abstract void broken(Fault fault);

    /** Does whoever hears the answer want no more of it for now? */
    abstract boolean slow();

    /** May it be ended when its time is over? */
    abstract boolean timed();

    final void send(Buffer body) {
        if (carrier.add(this)) {
            home.emit(body, this::begin);
        } else {
            home.emit(_ -> fail(carrier.line.link.unreachable("its connection was closed")));
        }
    }

    private void begin(Buffer body) {
        if (!over) {
            carrier.connection.request(carrier.request).onComplete(made -> made(made, body));
        }
    }

    private void made(AsyncResult<HttpClientRequest> made, Buffer body) {
        if (made.failed()) {
            fail(carrier.line.link.unreachable(String.valueOf(made.cause().getMessage())));
            return;
        }
        var stream = made.result();
        if (over) {
            var _ = stream.reset(Wire.CANCEL);
            return;
        }
        request = stream;
        stream.exceptionHandler(this::failed);
        stream.response().onComplete(this::answered);
        written = stream.end(body);
    }

    private void answered(AsyncResult<HttpClientResponse> answer) {
        if (over) {
            return;
        }
        if (answer.failed()) {
            failed(answer.cause());
            return;
        }
        var arrived = answer.result();
        response = arrived;
        if (arrived.statusCode() != 200) {
            var why = arrived.getHeader(Wire.REFUSED);
            var said = why == null ? "it answered " + arrived.statusCode() : why;
            fail(
                    arrived.statusCode() == Incoming.FAILED
                            ? carrier.line.link.lost(said)
                            : carrier.line.link.unreachable(said));
            return;
        }
        arrived.exceptionHandler(this::failed).handler(this::more).endHandler(_ -> ended());
    }

    private void more(Buffer chunk) {
        if (over) {
            return;
        }
        reader.feed(chunk);
        read();
        if (!over && slow()) {
            pause();
        }
    }

    private void pause() {
        if (response != null) {
            var _ = response.pause();
        }
    }

    /** Goes on after {@link #slow}. */
    final void resume() {
        read();
        if (!over && !slow() && response != null) {
            var _ = response.resume();
        }
    }

    private void read() {
        try {
            while (!over && !slow() && reader.next()) {
                if (!Wire.skippable(reader.kind())) {
                    frame(reader.kind(), reader.fields());
                }
            }
        } catch (Malformed e) {
            cancel(Request.DROPPED);
            broken(carrier.line.link.lost("its answer is malformed: " + e.getMessage()));
        }
    }

    private void ended() {
        if (!over) {
            fail(carrier.line.link.lost("its answer has no end"));
        }
    }

    private void failed(Throwable cause) {
        if (!over) {
            fail(unseen(cause) ? carrier.line.link.unreachable(text(cause)) : carrier.line.link.lost(text(cause)));
        }
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** Is it certain that the other node has not seen the call? It acts on a whole request only, and says so of those it has not looked at (RFC 9113 §6.8, §8.7). */
    private boolean unseen(@Nullable Throwable cause) {
        if (written == null || written.failed()) {
            return true;
        }
        if (cause instanceof StreamResetException reset) {
            return reset.getCode() == Wire.REFUSED_STREAM;
        }
        return cause instanceof HttpClosedException closed
                && closed.goAway() != null
                && request != null
                && request.streamId() > closed.goAway().getLastStreamId();
    }

    @Override
    public final void lineLost(String why) {
        home.emit(_ -> {
            if (!over) {
                fail(unseen(null) ? carrier.line.link.unreachable(why) : carrier.line.link.lost(why));
            }
        });
    }

    /** Ends the call if it is long past its time. */
    @Override
    public final void look(long now) {
        if (now - deadlineNanos > GRACE) {
            home.emit(_ -> {
                if (!over && timed()) {
                    cancel(Request.DROPPED);
                    broken(new Fault(
                            Kind.TIMEOUT,
                            "node " + carrier.line.link.member.name() + " did not end the call at its deadline"));
                }
            });
        }
    }

    private void fail(Fault fault) {
        if (!over) {
            finish();
            broken(fault);
        }
    }

    /** The answer is complete: nothing more is heard. */
    final void finish() {
        over = true;
        carrier.remove(this);
    }

    /** Nobody waits for the answer any more. */
    final void cancel(Request its) {
        if (over) {
            return;
        }
        finish();
        var stream = request;
        if (stream == null || written == null) {
            return;
        }
        var _ = its == Request.WHOLE ? written.onComplete(_ -> stream.reset(Wire.CANCEL)) : stream.reset(Wire.CANCEL);
    }

    final boolean over() {
        return over;
    }
}
