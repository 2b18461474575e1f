package smcp.vault;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Objects;
import java.util.function.Supplier;

/** Where ciphers run: short texts at once, for they cost microseconds; long ones on a worker, for an event loop must not stop for milliseconds. */
final class Crypto {
    private static final int SHORT = 128 << 10;

    private final Vertx vertx;

    Crypto(Vertx vertx) {
        this.vertx = vertx;
    }

    <T> Future<T> run(int bytes, Supplier<T> work) {
        if (bytes > SHORT) {
            return vertx.executeBlocking(work::get, false).map(Objects::requireNonNull);
        }
        try {
            return Future.succeededFuture(work.get());
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }
}
