package smcp.store;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import smcp.contract.BlobStore;

/** Where blobs are kept: opened by who knows the kind, closed by {@link Stores}. */
public interface BlobBackend {
    BlobStore blobs();

    /** What the store promises about an acknowledged blob. */
    Durability durability();

    /** How the ways to the store are doing; it looks after them itself. */
    default List<Health> health() {
        return List.of();
    }

    /** Ends what is being read and written, refuses what comes, and leaves no thread or connection behind. */
    Future<Void> close();

    /** Opens one, in a data directory that is locked already. */
    @FunctionalInterface
    interface Opener {
        Future<? extends BlobBackend> open(Path dataDir);
    }
}
