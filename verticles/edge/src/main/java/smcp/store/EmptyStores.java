package smcp.store;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.BlobStore;
import smcp.contract.Registry;

/**
 * Stores made empty, for a restore. From before the first thing is taken away until {@link #finish} the data directory bears a mark with which no node opens it: whatever interrupts a restore, nothing half is ever served. Blocks.
 */
public final class EmptyStores implements AutoCloseable {
    private static final long LONGEST_MINUTES = 2;

    private final DataDir directory;
    private final List<Place<?>> places = new ArrayList<>();
    private final Closers closers = new Closers();
    private final List<String> moved = new ArrayList<>();
    private @Nullable Backend backend;
    private @Nullable BlobStore blobs;
    private @Nullable Registry registry;

    private EmptyStores(DataDir directory) {
        this.directory = directory;
    }

    /** Where state and blobs go, in a data directory that is locked. */
    public record Places(Place<Backend> state, Place<BlobStore> blobs) {}

    /** How who knows the kinds comes to them. */
    @FunctionalInterface
    public interface Layout {
        Places in(Path directory) throws IOException;
    }

    /** The place of the state that needs nothing but this node: SQLite. */
    public static Place<Backend> stateOfNode(Path directory, StoreConfig config) {
        if (config.kind() == StoreConfig.Kind.MEMORY) {
            throw new Fault(
                    Fault.Kind.INVALID_INPUT,
                    "store.kind is memory, which keeps nothing: restore into a configuration with another kind");
        }
        return new SqlitePlace(directory, config);
    }

    /**
     * Locks the data directory, marks it, empties and opens the places. Fails with {@link Fault.Kind#CONFLICT}, having changed nothing, if there is something and it is not to be replaced.
     *
     * @param replace what is there: files are moved aside ({@link #moved} names them), shared places are emptied
     */
    public static EmptyStores make(Path dataDir, Layout layout, boolean replace, Instant now) {
        try {
            var made = new EmptyStores(DataDir.lock(dataDir));
            try {
                made.begin(layout, replace, now);
                return made;
            } catch (IOException | RuntimeException e) {
                made.close();
                throw e;
            }
        } catch (IOException e) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "data directory " + dataDir + " cannot be used: " + e, e);
        }
    }

    private void begin(Layout layout, boolean replace, Instant now) throws IOException {
        var at = layout.in(directory.root());
        places.add(at.state());
        places.add(at.blobs());
        var mark = directory.restoring();
        if (mark == null) {
            if (!replace) {
                refuseOccupied();
            }
            directory.restoring(DataDir.EMPTYING);
        }
        // what an interrupted restore had put here is worth nothing; what it had not yet moved away is
        clear(DataDir.FILLING.equals(mark) ? null : aside(now));
        directory.restoring(DataDir.FILLING);
        var state = at.state().open();
        closers.add(state.close()::now);
        backend = state.store();
        registry = await(StoredRegistry.open(backend.registry()));
        var files = at.blobs().open();
        closers.add(files.close()::now);
        blobs = files.store();
    }

    private void refuseOccupied() throws IOException {
        for (var place : places) {
            var found = place.occupied();
            if (found != null) {
                throw new Fault(
                        Fault.Kind.CONFLICT,
                        "there is something already (" + found
                                + "): a backup is restored into an empty store; with --replace what is there makes room");
            }
        }
    }

    private void clear(@Nullable Path aside) throws IOException {
        for (var place : places) {
            if (place.occupied() != null) {
                moved.add(place.clear(aside));
            }
        }
        directory.syncNames();
    }

    private Path aside(Instant now) {
        var name = DateTimeFormatter.ISO_INSTANT
                .format(now.truncatedTo(ChronoUnit.SECONDS))
                .replace(":", "");
        return directory.root().resolve("replaced-" + name);
    }

    /** What became of what was there, as sentences. */
    public List<String> moved() {
        return List.copyOf(moved);
    }

    public Path root() {
        return directory.root();
    }

    public Backend backend() {
        return Objects.requireNonNull(backend);
    }

    public BlobStore blobs() {
        return Objects.requireNonNull(blobs);
    }

    /** What was restored so far. */
    public Registry registry() {
        return Objects.requireNonNull(registry);
    }

    /** Answers those who waited too long for a store; called every second or so. */
    public void expire(long nanoTime) {
        backend().expire(nanoTime);
    }

    /** Closes the stores and takes the mark away: the restore is whole. */
    public void finish() {
        try {
            await(closers.close());
            for (var place : places) {
                place.finished();
            }
            directory.syncNames();
            directory.restoring(null);
        } catch (IOException e) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "the restore could not be finished: " + e, e);
        }
    }

    /** The mark stays if the restore was not finished. */
    @Override
    public void close() {
        try {
            await(closers.close());
        } finally {
            unlock();
        }
    }

    private void unlock() {
        try {
            directory.unlock();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.await(LONGEST_MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "no answer within " + LONGEST_MINUTES + " minutes", e);
        }
    }
}
