package smcp.store.backup;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A stream read by a thread that waits for each piece; so no more than one stands in memory. Its handlers run on one context. */
final class Drained {
    private final Context context;
    private final ReadStream<Buffer> stream;
    private CompletableFuture<Optional<Buffer>> next = new CompletableFuture<>();

    Drained(Context context, ReadStream<Buffer> stream) {
        this.context = context;
        this.stream = stream;
        stream.exceptionHandler(this::fail);
        stream.endHandler(_ -> give(Optional.empty()));
        stream.handler(piece -> give(Optional.of(piece)));
    }

    private synchronized void give(Optional<Buffer> piece) {
        var _ = next.complete(piece);
    }

    private synchronized void fail(Throwable cause) {
        var _ = next.completeExceptionally(cause);
    }

    /** Empty at the end. */
    Optional<Buffer> next() {
        context.runOnContext(_ -> stream.fetch(1));
        var piece = Waiting.on(Future.fromCompletionStage(current()));
        synchronized (this) {
            // the end and a failure stay
            if (piece.isPresent()) {
                next = new CompletableFuture<>();
            }
        }
        return piece;
    }

    private synchronized CompletableFuture<Optional<Buffer>> current() {
        return next;
    }
}
