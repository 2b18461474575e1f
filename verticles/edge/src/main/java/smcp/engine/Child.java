package smcp.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One child process and the three threads on its pipes, from birth to the last of them gone. It ends in one of three ways: by itself, by {@link #kill} because it did what it must not, by {@link #stop}.
 * Everything that must be known about its end goes through {@link #judge} and {@link #gone}, so the futures of the steps between are dropped.
 */
final class Child {
    private static final Logger log = LoggerFactory.getLogger(Child.class);
    /** Protocol, Framing: the longest line in either direction. */
    static final int LONGEST_LINE = 16 << 20;
    /** Threads on the pipes of one process. */
    static final int THREADS = 3;
    /** For a process to leave by itself when its standard input ends. */
    private static final Duration GRACE = Duration.ofMillis(250);
    /** Between the end of the process and that of its output, either way around. */
    private static final Duration SETTLE = Duration.ofMillis(250);
    /** For the threads to leave after the process has. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Launcher launcher;
    private final Command command;
    private final Executor pool;
    private final Outbox outbox;
    private final Consumer<byte[]> line;
    private final Consumer<String> printed;
    private final Consumer<String> over;
    private final AtomicReference<@Nullable String> doom = new AtomicReference<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final AtomicBoolean judged = new AtomicBoolean();
    private final CompletableFuture<Process> process = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

    /**
     * @param line gets each line of standard output, on one thread
     * @param printed gets each line of standard error
     * @param over is told once why the process ended; not after {@link #stop}
     */
    Child(
            Launcher launcher,
            Command command,
            Executor pool,
            Outbox outbox,
            Consumer<byte[]> line,
            Consumer<String> printed,
            Consumer<String> over) {
        this.launcher = launcher;
        this.command = command;
        this.pool = pool;
        this.outbox = outbox;
        this.line = line;
        this.printed = printed;
        this.over = over;
    }

    /** Completes when process and threads are gone; never fails. */
    CompletableFuture<@Nullable Void> gone() {
        return gone;
    }

    void neverStarted() {
        gone.complete(null);
    }

    void start() {
        var _ = launcher.launch(command).whenComplete((born, failure) -> {
            if (born == null) {
                judge("could not be started: " + (failure == null ? "" : failure.getMessage()));
                gone.complete(null);
            } else {
                run(born);
            }
        });
    }

    private void run(Process born) {
        var reading = new CompletableFuture<@Nullable Void>();
        var hearing = onPool(() -> hear(born));
        var threads = CompletableFuture.allOf(reading, hearing, onPool(() -> write(born)));
        var _ = onPool(() -> read(born)).whenComplete((_, _) -> reading.complete(null));
        process.complete(born);
        var _ = reading.thenRun(() -> EngineTimer.after(SETTLE, () -> outputEnded(born)));
        var _ = born.onExit().thenRun(() -> exited(born, CompletableFuture.allOf(reading, hearing), threads));
    }

    private CompletableFuture<@Nullable Void> onPool(Runnable work) {
        try {
            return CompletableFuture.runAsync(work, pool).handle((_, failure) -> {
                if (failure != null) {
                    log.atError().setCause(failure).log("a thread of an engine failed");
                    kill("failed the platform");
                }
                return null;
            });
        } catch (RejectedExecutionException e) {
            kill("found no thread in its worker pool");
            return CompletableFuture.completedFuture(null);
        }
    }

    private void write(Process born) {
        try (var out = born.getOutputStream()) {
            outbox.writeTo(out);
        } catch (IOException e) {
            // the reader sees the end too, and says more about it
            outbox.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(Process born) {
        try (var in = born.getInputStream()) {
            var lines = new LineReader(in, LONGEST_LINE);
            for (var next = lines.next(); next != null; next = lines.next()) {
                line.accept(next);
            }
        } catch (LineReader.TooLong e) {
            kill(e.what());
        } catch (IOException e) {
            log.atDebug().setCause(e).log("output of an engine ended");
        }
    }

    private void hear(Process born) {
        try (var in = born.getErrorStream()) {
            new Printed(printed).readFrom(in);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("log of an engine ended");
        }
    }

    private void outputEnded(Process born) {
        if (born.isAlive()) {
            kill("closed its standard output");
        }
    }

    private void exited(Process born, CompletableFuture<?> output, CompletableFuture<?> threads) {
        outbox.close();
        var why = exit(born.exitValue());
        // what it said before it ended still counts; but what it started may hold the pipe open for ever
        var _ = output.thenRun(() -> judge(why));
        EngineTimer.after(SETTLE, () -> judge(why));
        var _ = threads.thenRun(() -> gone.complete(null));
        var patience = EngineTimer.after(PATIENCE, this::abandon);
        var _ = gone.thenRun(() -> patience.cancel(false));
    }

    private void abandon() {
        if (gone.complete(null)) {
            log.atWarn().log("a thread of an engine stays behind: something the tenant started holds its pipes open");
        }
    }

    private static String exit(int value) {
        return value > 128 ? "was ended by signal " + (value - 128) : "ended with exit code " + value;
    }

    private void judge(String why) {
        if (judged.compareAndSet(false, true) && !stopping.get()) {
            var reason = doom.get();
            over.accept(reason == null ? why : reason);
        }
    }

    /** Ends the process because of what it did. */
    void kill(String why) {
        if (doom.compareAndSet(null, why)) {
            destroy();
        }
    }

    /** Ends the process as asked: by the end of its input, and if that does not help, by force. */
    void stop() {
        if (stopping.compareAndSet(false, true)) {
            var _ = process.thenRun(() -> EngineTimer.after(Duration.ZERO, this::letGo));
        }
    }

    private void letGo() {
        var born = process.join();
        var family = born.descendants().toList();
        outbox.close();
        var _ = born.onExit().thenRun(() -> destroy(family));
        EngineTimer.after(GRACE, this::destroy);
    }

    private void destroy() {
        var _ = process.thenAccept(born -> {
            if (!born.isAlive()) {
                return;
            }
            // what it started would be nobody's child afterwards, and could not be found
            var family = born.descendants().toList();
            born.destroyForcibly();
            destroy(family);
        });
    }

    private static void destroy(List<ProcessHandle> family) {
        family.forEach(ProcessHandle::destroyForcibly);
    }
}
