package smcp.store.backup;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/** How a thread that copies waits for a store. */
final class Waiting {
    private static final long LONGEST_SECONDS = 120;

    private Waiting() {}

    @CanIgnoreReturnValue
    static <T extends @Nullable Object> T on(Future<T> future) {
        try {
            return future.await(LONGEST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "no answer within " + LONGEST_SECONDS + " s", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Vert.x throws it undeclared
            Thread.currentThread().interrupt();
            throw new Fault(Fault.Kind.CANCELLED, "interrupted", e);
        }
    }
}
