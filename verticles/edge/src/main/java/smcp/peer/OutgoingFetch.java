package smcp.peer;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.streams.ReadStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.BlobStore.Blob;
import smcp.contract.BlobStore.BlobKey;
import smcp.contract.BlobStore.Range;
import smcp.contract.BlobStore.Reading;
import smcp.contract.PeerBlobs;

/** A package on its way from another node: asks for it, and is the stream of what arrives. Confined to the context of whoever asked; the methods of the stream may be called on any thread. */
final class OutgoingFetch implements Carried, ReadStream<Buffer> {
    /** Nothing of what is wanted arrives for so long. */
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Carrier carrier;
    private final ContextInternal home;
    private final BlobKey key;
    private final Promise<Optional<Reading>> answer;
    private final long began = System.nanoTime();

    private @Nullable Handler<Buffer> handler;
    private @Nullable Handler<Void> endHandler;
    private @Nullable Handler<Throwable> exceptionHandler;

    // below: of the context
    private @Nullable HttpClientRequest request;
    private @Nullable HttpClientResponse response;
    private long length;
    private long arrived;
    /** Buffers that were asked for and did not come yet. */
    private long wanted = 1;

    private long heard = began;
    private boolean over;
    private @Nullable Fault failure;

    OutgoingFetch(Carrier carrier, ContextInternal home, BlobKey key) {
        this.carrier = carrier;
        this.home = home;
        this.key = key;
        this.answer = home.promise();
    }

    Future<Optional<Reading>> send() {
        if (carrier.add(this)) {
            home.emit(_ -> begin());
        } else {
            home.emit(_ -> fail(Kind.NODE_UNREACHABLE, "its connection was closed"));
        }
        return answer.future();
    }

    private void begin() {
        if (!over) {
            var options = new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setURI(Packages.path(key))
                    .putHeader(Wire.VERSION, carrier.request.getHeaders().get(Wire.VERSION));
            carrier.connection.request(options).onComplete(this::made);
        }
    }

    private void made(AsyncResult<HttpClientRequest> made) {
        if (made.failed()) {
            fail(Kind.NODE_UNREACHABLE, text(made.cause()));
            return;
        }
        var stream = made.result();
        if (over) {
            var _ = stream.reset(Wire.CANCEL);
            return;
        }
        request = stream;
        stream.exceptionHandler(cause -> fail(Kind.NODE_LOST, text(cause)));
        stream.response().onComplete(this::answered);
        var _ = stream.end();
    }

    private void answered(AsyncResult<HttpClientResponse> answered) {
        if (over) {
            return;
        }
        if (answered.failed()) {
            fail(Kind.NODE_LOST, text(answered.cause()));
            return;
        }
        var given = answered.result().pause().exceptionHandler(cause -> fail(Kind.NODE_LOST, text(cause)));
        switch (given.statusCode()) {
            case 200 -> take(given);
            case 404 -> {
                finish();
                var _ = given.resume();
                answer.complete(Optional.empty());
            }
            default -> {
                var why = given.getHeader(Wire.REFUSED);
                fail(Kind.NODE_UNREACHABLE, why == null ? "it answered " + given.statusCode() : why);
            }
        }
    }

    private void take(HttpClientResponse given) {
        Blob blob;
        try {
            blob = blob(given);
        } catch (NumberFormatException _) {
            fail(Kind.NODE_LOST, "what it answered is no package");
            return;
        }
        if (blob.bytes() < 0 || blob.bytes() > PeerBlobs.LONGEST) {
            fail(Kind.NODE_LOST, "its package has " + blob.bytes() + " bytes, " + PeerBlobs.LONGEST + " are the most");
            return;
        }
        response = given;
        length = blob.bytes();
        wanted = 0;
        var _ = given.handler(this::more).endHandler(_ -> ended());
        answer.complete(Optional.of(new Reading(blob, Range.ALL, this, this::cancel)));
    }

    private Blob blob(HttpClientResponse given) {
        var etag = given.getHeader(HttpHeaders.ETAG);
        if (etag == null || etag.length() < 2) {
            throw new NumberFormatException("no etag");
        }
        return new Blob(
                key.name(),
                Long.parseLong(given.getHeader(HttpHeaders.CONTENT_LENGTH)),
                etag.substring(1, etag.length() - 1),
                given.getHeader(Wire.SHA256),
                Instant.ofEpochMilli(Long.parseLong(given.getHeader(Wire.STORED))));
    }

    private void more(Buffer chunk) {
        if (over) {
            return;
        }
        heard = System.nanoTime();
        arrived += chunk.length();
        if (wanted != Long.MAX_VALUE && wanted > 0) {
            wanted--;
        }
        if (arrived > length) {
            fail(Kind.NODE_LOST, "it sent more of the package than it has");
            return;
        }
        Handler<Buffer> to;
        synchronized (this) {
            to = handler;
        }
        if (to != null) {
            to.handle(chunk);
        }
    }

    private void ended() {
        if (over) {
            return;
        }
        if (arrived < length) {
            fail(Kind.NODE_LOST, "its package broke off");
            return;
        }
        finish();
        Handler<Void> to;
        synchronized (this) {
            to = endHandler;
        }
        if (to != null) {
            to.handle(null);
        }
    }

    @Override
    public void lineLost(String why) {
        home.emit(_ -> fail(response == null ? Kind.NODE_UNREACHABLE : Kind.NODE_LOST, why));
    }

    @Override
    public void look(long now) {
        home.emit(_ -> {
            if (wanted > 0 && now - heard > SILENCE.toNanos()) {
                fail(Kind.TIMEOUT, "it sent nothing for " + SILENCE.toSeconds() + " s");
            } else if (now - began > IncomingFetch.LONGEST.toNanos()) {
                fail(Kind.TIMEOUT, "the package was on its way for " + IncomingFetch.LONGEST.toMinutes() + " min");
            }
        });
    }

    private void fail(Kind kind, String why) {
        if (over) {
            return;
        }
        cancelNow();
        var fault = new Fault(
                kind,
                "node " + carrier.line.link.member.name()
                        + (kind == Kind.NODE_UNREACHABLE
                                ? " could not be asked for a package: "
                                : " did not send a package: ")
                        + why);
        failure = fault;
        if (!answer.tryFail(fault)) {
            Handler<Throwable> to;
            synchronized (this) {
                to = exceptionHandler;
            }
            if (to != null) {
                to.handle(fault);
            }
        }
    }

    private static String text(Throwable cause) {
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private void cancel() {
        home.emit(_ -> cancelNow());
    }

    private void cancelNow() {
        if (!over) {
            finish();
            if (request != null) {
                var _ = request.reset(Wire.CANCEL);
            }
        }
    }

    private void finish() {
        over = true;
        carrier.remove(this);
    }

    @Override
    public OutgoingFetch exceptionHandler(@Nullable Handler<Throwable> given) {
        synchronized (this) {
            exceptionHandler = given;
        }
        if (given != null) {
            // it may have failed before anybody listened
            home.emit(_ -> {
                if (failure != null) {
                    given.handle(failure);
                }
            });
        }
        return this;
    }

    @Override
    public OutgoingFetch handler(@Nullable Handler<Buffer> given) {
        synchronized (this) {
            handler = given;
        }
        return this;
    }

    @Override
    public OutgoingFetch endHandler(@Nullable Handler<Void> given) {
        synchronized (this) {
            endHandler = given;
        }
        return this;
    }

    @Override
    public OutgoingFetch pause() {
        home.emit(_ -> {
            wanted = 0;
            if (!over && response != null) {
                var _ = response.pause();
            }
        });
        return this;
    }

    @Override
    public OutgoingFetch resume() {
        return fetch(Long.MAX_VALUE);
    }

    @Override
    public OutgoingFetch fetch(long amount) {
        home.emit(_ -> {
            if (wanted == 0) {
                heard = System.nanoTime();
            }
            wanted = wanted + amount < 0 ? Long.MAX_VALUE : wanted + amount;
            if (!over && response != null) {
                var _ = response.fetch(amount);
            }
        });
        return this;
    }
}
