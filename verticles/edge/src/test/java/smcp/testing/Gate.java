package smcp.testing;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;

/** Holds answers back while it is shut. */
public final class Gate {
    private volatile Promise<Void> opened = Promise.promise();
    private volatile boolean shut;
    private final AtomicInteger waiting = new AtomicInteger();

    public void shut() {
        opened = Promise.promise();
        shut = true;
    }

    public void open() {
        shut = false;
        opened.complete();
    }

    /** How many answers were held back so far. */
    public int held() {
        return waiting.get();
    }

    /** {@code answer}, when the gate is open. */
    public <T> Future<T> pass(Future<T> answer) {
        if (!shut) {
            return answer;
        }
        var opening = opened.future();
        var _ = waiting.incrementAndGet();
        return answer.compose(value -> opening.map(value));
    }
}
