package smcp.store.backup;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/** Work that is under way with a store: so much that the store can put it together, so little that it stands in memory. Of one thread. */
final class Flight<T> {
    private static final int MOST = 256;
    private static final long MOST_BYTES = 8 << 20;

    private record One<T>(Future<T> future, long bytes) {}

    private final Deque<One<T>> under = new ArrayDeque<>();
    private long bytes;

    /** Must something land before there is room for so much? */
    boolean full(long more) {
        return !under.isEmpty() && (under.size() >= MOST || bytes + more > MOST_BYTES);
    }

    void add(Future<T> future, long weight) {
        under.add(new One<>(future, weight));
        bytes += weight;
    }

    boolean isEmpty() {
        return under.isEmpty();
    }

    /** The oldest one's result, when it is there. */
    @CanIgnoreReturnValue
    T land() {
        var one = under.remove();
        bytes -= one.bytes();
        return Waiting.on(one.future());
    }
}
