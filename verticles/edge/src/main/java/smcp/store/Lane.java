package smcp.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;

/**
 * A bounded queue of tasks and the threads that serve it, each with a connection of its own. What does not fit is refused at once; what waited longer than {@link #PATIENCE} is told so; what was accepted is always
 * answered. A connection that met trouble with the disk is thrown away and opened anew for the next task, so a store whose disk comes back works again without a restart.
 */
final class Lane {
    /** Longest wait of a caller. A write that was being executed at its end may still come to be. */
    static final long PATIENCE = 10_000_000_000L;

    private static final Logger log = LoggerFactory.getLogger(Lane.class);
    private static final long MOST_BYTES = 64 << 20;

    /** Opens a connection. */
    @FunctionalInterface
    interface Opener {
        Statements open() throws SQLException;
    }

    /** Executes a batch of tasks and settles each; throws if none of them is to be settled but failed. */
    @FunctionalInterface
    interface Execution {
        void execute(Statements db, List<Task<?>> batch) throws SQLException;
    }

    private final Path file;
    private final Opener opener;
    private final Execution execution;
    private final int batch;
    private final BlockingQueue<Task<?>> queue;
    private final AtomicLong bytes = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger running;
    private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
    private final List<Seat> seats = new ArrayList<>();
    private volatile boolean closed;

    /** @param first the connection of the first thread; the others open theirs when they first need one */
    Lane(
            String name,
            Path file,
            int size,
            int capacity,
            int batch,
            Opener opener,
            Execution execution,
            @Nullable Statements first) {
        this.file = file;
        this.opener = opener;
        this.execution = execution;
        this.batch = batch;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.running = new AtomicInteger(size);
        for (var i = 0; i < size; i++) {
            var seat = new Seat(i == 0 ? first : null);
            seats.add(seat);
            threads.add(Thread.ofPlatform().name(name + "-" + i).daemon().unstarted(() -> serve(seat)));
        }
        threads.forEach(Thread::start);
    }

    /** Takes the task, or fails it. */
    void submit(Task<?> task) {
        if (bytes.addAndGet(task.weight()) > MOST_BYTES || closed || !queue.offer(task)) {
            refuse(task);
        } else if (closed && queue.remove(task)) {
            refuse(task);
        }
    }

    private void refuse(Task<?> task) {
        bytes.addAndGet(-task.weight());
        task.fail(new Fault(
                Fault.Kind.STORE_UNAVAILABLE,
                file.getFileName() + (closed ? " is closed" : ": more work is waiting than the disk can take")));
    }

    /** Answers those who waited too long. Called now and then, from any thread. */
    void expire(long nanoTime) {
        queue.forEach(task -> expire(task, nanoTime));
        seats.forEach(seat -> seat.tasks.forEach(task -> expire(task, nanoTime)));
    }

    private void expire(Task<?> task, long nanoTime) {
        if (task.age(nanoTime) > PATIENCE) {
            task.fail(new Fault(
                    Fault.Kind.STORE_UNAVAILABLE,
                    file.getFileName() + ": no answer from the disk within " + PATIENCE / 1_000_000_000L + " s"));
        }
    }

    /** Serves what is queued, refuses what comes, and ends the threads. */
    CompletableFuture<Boolean> close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        return ended;
    }

    /** One thread's place: its connection, if it has one now, and what it is working on. */
    private static final class Seat {
        private @Nullable Statements db;
        private volatile List<Task<?>> tasks = List.of();

        Seat(@Nullable Statements db) {
            this.db = db;
        }
    }

    private void serve(Seat seat) {
        try {
            while (!closed || !queue.isEmpty()) {
                var tasks = take();
                if (!tasks.isEmpty()) {
                    seat.tasks = tasks;
                    attempt(seat, tasks);
                    seat.tasks = List.of();
                }
            }
        } finally {
            drop(seat);
            if (running.decrementAndGet() == 0) {
                var _ = ended.complete(true);
            }
        }
    }

    private List<Task<?>> take() {
        var tasks = new ArrayList<Task<?>>();
        try {
            tasks.add(closed ? queue.remove() : queue.take());
        } catch (InterruptedException | NoSuchElementException _) {
            return tasks; // closing
        }
        if (batch > 1) {
            var _ = queue.drainTo(tasks, batch - 1);
        }
        for (var task : tasks) {
            bytes.addAndGet(-task.weight());
        }
        tasks.removeIf(Task::over);
        return tasks;
    }

    private void attempt(Seat seat, List<Task<?>> tasks) {
        try {
            var db = seat.db;
            if (db == null) {
                db = opener.open();
                seat.db = db;
            }
            execution.execute(db, tasks);
        } catch (Throwable e) { // whatever it is, those who wait must hear of it
            if (!(e instanceof Fault)) {
                drop(seat);
            }
            var fault = SqliteFaults.fault(file, e);
            if (fault.kind() == Fault.Kind.INTERNAL) { // troubles of the disk are told once, by the store's health
                log.atWarn().addKeyValue("file", file).setCause(e).log("store failed");
            }
            tasks.forEach(task -> task.fail(fault));
        }
    }

    private void drop(Seat seat) {
        try {
            if (seat.db != null) {
                seat.db.close();
            }
        } catch (SQLException e) {
            log.atWarn().addKeyValue("file", file).setCause(e).log("a connection could not be closed");
        } finally {
            seat.db = null;
        }
    }
}
