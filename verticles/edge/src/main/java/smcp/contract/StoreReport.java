package smcp.contract;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node's stores promise and how they are doing, for the operator. */
public interface StoreReport {
    List<Store> stores();

    /** Does something small on every store, and tells what came of it. */
    Future<List<Way>> check();

    /**
     * What a store promises about an acknowledged write.
     *
     * @param name what is kept there
     * @param kind of the store
     * @param durability where the write is then, one word
     * @param fencing what keeps out a writer that was overtaken and does not know it
     * @param loss what can still take the write away
     */
    record Store(String name, String kind, String durability, String fencing, String loss) {}

    /**
     * One way to a store: a file's writer or readers, a connection.
     *
     * @param took the check, until it was done or had failed
     * @param trouble what is wrong; null if nothing is known to be
     */
    record Way(String name, Duration took, @Nullable String trouble) {}
}
