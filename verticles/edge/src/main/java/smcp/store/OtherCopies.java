package smcp.store;

import io.vertx.core.Future;
import java.util.function.Supplier;

/** Other copies of a package, for when the one at hand is damaged or sealed with a key that is gone. */
public interface OtherCopies {
    /** There is only the one. */
    OtherCopies NONE = new OtherCopies() {
        @Override
        public <T> Future<T> until(String hash, Supplier<Future<T>> use) {
            return use.get();
        }
    };

    /** Does {@code use}, which reads the package; while that fails because of what is read, again with the next other copy in the place of the one here. Fails as {@code use} did at last. */
    <T> Future<T> until(String hash, Supplier<Future<T>> use);
}
