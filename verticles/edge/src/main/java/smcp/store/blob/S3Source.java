package smcp.store.blob;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import smcp.bus.Fault;

/**
 * An object's bytes, asked for a few buffers ahead. If the connection breaks, the rest is asked for again from where it broke, a bounded number of times in a row; the object must still be the same. Confined to the context it was made on.
 */
final class S3Source implements PulledStream.Source {
    private static final int AHEAD = 4;

    private final Context context;
    private final LongFunction<Future<S3Body>> again;
    private final Function<Throwable, Fault> words;
    private final long length;
    private final int attempts;

    private final Deque<Buffer> arrived = new ArrayDeque<>();
    private @Nullable Promise<Optional<Buffer>> waiting;
    private @Nullable Tap tap;
    private long received;
    private int failed;
    private boolean closed;

    /**
     * @param length bytes that must come
     * @param attempts failures in a row that are borne
     * @param again the bytes from this one on
     */
    S3Source(
            Context context,
            long length,
            int attempts,
            LongFunction<Future<S3Body>> again,
            Function<Throwable, Fault> words) {
        this.context = context;
        this.length = length;
        this.attempts = attempts;
        this.again = again;
        this.words = words;
    }

    void begin(S3Body body) {
        var fresh = new Tap();
        tap = fresh;
        body.subscribe(fresh, fresh::onError);
    }

    @Override
    public Future<Optional<Buffer>> next() {
        var buffer = arrived.poll();
        if (buffer != null) {
            if (tap != null) {
                tap.more();
            }
            return Future.succeededFuture(Optional.of(buffer));
        }
        if (received == length) {
            return Future.succeededFuture(Optional.empty());
        }
        var promise = Promise.<Optional<Buffer>>promise();
        waiting = promise;
        if (tap != null && tap.ended) {
            resume(tap.failure);
        }
        return promise.future();
    }

    @Override
    public void close() {
        closed = true;
        arrived.clear();
        if (tap != null) {
            tap.cancel();
        }
    }

    /** Asks for the rest; only when somebody waits for it, so that a slow reader does not spend the attempts. */
    private void resume(@Nullable Throwable failure) {
        var cause = failure == null ? new EOFException("the body ended after " + received + " bytes") : failure;
        failed++;
        tap = null;
        if (failed >= attempts) {
            answer(Future.failedFuture(words.apply(cause)));
            return;
        }
        again.apply(received)
                .onComplete(body -> context.runOnContext(_ -> {
                    if (body.failed()) {
                        answer(Future.failedFuture(words.apply(body.cause())));
                    } else {
                        begin(body.result());
                        if (closed && tap != null) {
                            tap.cancel();
                        }
                    }
                }));
    }

    private void answer(Future<Optional<Buffer>> answer) {
        var promise = waiting;
        waiting = null;
        if (promise != null) {
            answer.onComplete(promise);
        }
    }

    private void arrived(Buffer buffer) {
        received += buffer.length();
        failed = 0;
        if (received > length) {
            answer(Future.failedFuture(words.apply(new IOException("more bytes came than were announced"))));
            close();
        } else if (waiting != null) {
            answer(Future.succeededFuture(Optional.of(buffer)));
            if (tap != null) {
                tap.more();
            }
        } else {
            arrived.add(buffer);
        }
    }

    /** One response's body. */
    private final class Tap implements Subscriber<ByteBuffer> {
        private @Nullable Subscription subscription;
        private boolean cancelled;
        private boolean ended;
        private @Nullable Throwable failure;

        private void home(Runnable event) {
            context.runOnContext(_ -> event.run());
        }

        @Override
        public void onSubscribe(Subscription given) {
            home(() -> {
                subscription = given;
                if (cancelled) {
                    given.cancel();
                } else {
                    given.request(AHEAD);
                }
            });
        }

        @Override
        public void onNext(ByteBuffer bytes) {
            var copy = new byte[bytes.remaining()];
            bytes.get(copy);
            home(() -> {
                if (ended) {
                    return; // its failure overtook it: these bytes are asked for again
                }
                if (!cancelled && copy.length > 0) {
                    arrived(Buffer.buffer(copy));
                } else {
                    more();
                }
            });
        }

        @Override
        public void onError(Throwable cause) {
            home(() -> over(cause));
        }

        @Override
        public void onComplete() {
            home(() -> over(null));
        }

        private void over(@Nullable Throwable cause) {
            if (ended) {
                return;
            }
            ended = true;
            failure = cause;
            if (cancelled || waiting == null) {
                return;
            }
            if (received == length) {
                answer(Future.succeededFuture(Optional.empty()));
            } else {
                resume(cause);
            }
        }

        private void more() {
            if (subscription != null && !cancelled) {
                subscription.request(1);
            }
        }

        private void cancel() {
            cancelled = true;
            if (subscription != null) {
                subscription.cancel();
            }
        }
    }
}
