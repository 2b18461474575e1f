package smcp.store;

import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where something is kept, for who restores a backup into it: it may hold something else, be damaged or half restored, so it is not opened as a node would. What it does may block.
 *
 * @param <T> what it opens as
 */
public interface Place<T> {
    /** What is there, in the operator's words; null if nothing is. */
    @Nullable
    String occupied() throws IOException;

    /**
     * Takes away what is there. Who shares this place with other nodes marks it first, so that none of them opens it until {@link #finished}; what lies in the data directory is marked with that.
     *
     * @param aside directory to move files to; null: what is there is worth nothing
     * @return what was done, as a sentence for the operator
     */
    String clear(@Nullable Path aside) throws IOException;

    /** Opens it, empty as it is now or half restored. */
    Opened<T> open() throws IOException;

    /** The restore is whole: nodes may open it. */
    void finished() throws IOException;

    /**
     * @param close leaves nothing open
     */
    record Opened<T>(T store, Closing close) {}

    /** Closes something. */
    @FunctionalInterface
    interface Closing {
        Future<Void> now();
    }
}
