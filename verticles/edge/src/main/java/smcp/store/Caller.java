package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Brings what a store's own thread completes home to the caller. */
public final class Caller {
    private Caller() {}

    /** {@code done} as a future of the Vert.x context this is called on; without one, its callbacks run on the thread that completes it. */
    public static <T extends @Nullable Object> Future<T> future(CompletableFuture<T> done) {
        var context = Vertx.currentContext();
        return context == null ? Future.fromCompletionStage(done) : Future.fromCompletionStage(done, context);
    }
}
