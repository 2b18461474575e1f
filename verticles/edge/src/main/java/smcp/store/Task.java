package smcp.store;

import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A piece of work for a thread that owns a connection, with the future that tells its end. Run at most once. */
public final class Task<T> {
    /** The work: statements on one connection. A {@link smcp.bus.Fault} thrown here undoes it and nothing else. */
    @FunctionalInterface
    public interface Work<T> {
        T run(Statements db) throws SQLException;
    }

    private final Work<T> work;
    private final Consumer<? super T> committed;
    private final int weight;
    private final long since = System.nanoTime();
    private final CompletableFuture<T> done = new CompletableFuture<>();
    private boolean ran;
    private @Nullable T result;
    private @Nullable Throwable failure;

    Task(int weight, Work<T> work, Consumer<? super T> committed) {
        this.weight = weight;
        this.work = work;
        this.committed = committed;
    }

    CompletableFuture<T> done() {
        return done;
    }

    /** Bytes it holds while it waits. */
    int weight() {
        return weight;
    }

    /** True if its caller has been told already (it waited too long): then it must not run. */
    boolean over() {
        return done.isDone();
    }

    long age(long nanoTime) {
        return nanoTime - since;
    }

    void run(Statements db) throws SQLException {
        ran = true;
        result = work.run(db);
    }

    void failed(Throwable why) {
        failure = why;
    }

    /** Fails at once, whatever came of it. */
    void fail(Throwable why) {
        var _ = done.completeExceptionally(why);
    }

    /** The transaction it was part of is committed. Does nothing for one that did not run. */
    void settle() {
        if (!ran) {
            return;
        }
        if (failure != null) {
            fail(failure);
            return;
        }
        var value = Objects.requireNonNull(result);
        committed.accept(value);
        var _ = done.complete(value);
    }
}
