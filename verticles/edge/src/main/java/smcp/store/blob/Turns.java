package smcp.store.blob;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One at a time for each key, in the order of asking, without a thread that waits. */
final class Turns {
    private final Map<String, Future<?>> last = new HashMap<>();

    <T extends @Nullable Object> Future<T> inTurn(String key, Supplier<Future<T>> work) {
        Future<T> mine;
        synchronized (last) {
            var before = last.get(key);
            mine = before == null
                    ? Future.succeededFuture().compose(_ -> work.get())
                    : before.transform(_ -> work.get());
            last.put(key, mine);
        }
        return mine.onComplete(_ -> {
            synchronized (last) {
                var _ = last.remove(key, mine);
            }
        });
    }
}
