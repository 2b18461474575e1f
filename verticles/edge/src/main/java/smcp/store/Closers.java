package smcp.store;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** What was opened so far, to be closed the other way round. Of one thread at a time. */
final class Closers {
    private final Deque<Supplier<Future<Void>>> open = new ArrayDeque<>();

    void add(Supplier<Future<Void>> closer) {
        open.push(closer);
    }

    /** Closes all, one after the other, even if one fails; fails with the last failure. */
    Future<Void> close() {
        var closed = Future.<Void>succeededFuture();
        while (!open.isEmpty()) {
            var next = open.pop();
            var before = closed;
            closed = before.transform(_ -> next.get()).compose(_ -> before);
        }
        return closed;
    }
}
