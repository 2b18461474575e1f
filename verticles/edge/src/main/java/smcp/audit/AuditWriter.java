package smcp.audit;

import io.vertx.core.Promise;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.audit.AuditConfig.WhenFull;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/** The one thread that writes a log. It comes by every few milliseconds and writes what has gathered, so that whoever made an entry wakes nobody; after a while without work it sleeps until it is woken. */
final class AuditWriter implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(AuditWriter.class);
    private static final int BATCH = 1_024;
    private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long RETRY = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int IDLE_ROUNDS = 100;

    private final AuditConfig config;
    private final InstantSource clock;
    private final AuditFiles files;
    private final AuditQueue queue;
    private final LongConsumer written;
    private final Promise<Void> ended = Promise.promise();
    private final Thread thread;
    /** Taken from the queue and not written yet. */
    private List<AuditEntry> batch = List.of();

    private long syncedAt = System.nanoTime();
    private int idle;
    private volatile boolean asleep;
    private volatile boolean closing;
    private volatile @Nullable String trouble;

    /** @param written hears how many records were written */
    AuditWriter(AuditConfig config, InstantSource clock, AuditFiles files, AuditQueue queue, LongConsumer written) {
        this.config = config;
        this.clock = clock;
        this.files = files;
        this.queue = queue;
        this.written = written;
        this.thread = Thread.ofPlatform().name("smcp-audit").unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Why nothing can be written now; null if it can. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** To be called when the queue has something new. */
    void nudge() {
        if (asleep) {
            LockSupport.unpark(thread);
        }
    }

    void hurry() {
        LockSupport.unpark(thread);
    }

    /** Writes what waits, and ends. */
    Promise<Void> close() {
        closing = true;
        LockSupport.unpark(thread);
        return ended;
    }

    @Override
    public void run() {
        try {
            while (!closing || !queue.isEmpty() || !batch.isEmpty()) {
                var free = round();
                if (closing && !free) {
                    log.atError()
                            .addKeyValue("records", queue.size() + batch.size())
                            .log("the node stops, and records of its audit log cannot be written: " + trouble);
                    break;
                }
            }
            files.close();
            ended.complete();
        } catch (IOException | RuntimeException e) {
            ended.fail(e);
        } finally {
            settle("the node stops");
        }
    }

    /** Writes once what has gathered, then rests; false if it could not be written. */
    private boolean round() {
        try {
            var worked = write();
            if (trouble != null) {
                log.atWarn().log("the audit log can be written again");
                trouble = null;
            }
            rest(worked);
            return true;
        } catch (IOException | RuntimeException e) {
            if (trouble == null) {
                log.atError().setCause(e).log("the audit log cannot be written");
            }
            var why = e.getMessage() == null ? e.toString() : e.getMessage();
            trouble = why;
            settle(why);
            if (!closing) {
                LockSupport.parkNanos(this, RETRY);
            }
            return false;
        }
    }

    private boolean write() throws IOException {
        if (batch.isEmpty()) {
            batch = queue.drain(BATCH);
        }
        var lost = queue.takeLost();
        if (batch.isEmpty() && lost == 0) {
            if (System.nanoTime() - syncedAt >= config.sync().toNanos()) {
                sync();
            }
            return false;
        }
        var lines = new ArrayList<AuditEntry>(batch.size() + 1);
        if (lost > 0) {
            lines.add(new AuditEntry.Lost(clock.millis(), lost));
        }
        lines.addAll(batch);
        try {
            files.write(lines);
        } catch (IOException | RuntimeException e) {
            queue.lostAgain(lost);
            throw e;
        }
        var done = batch;
        batch = List.of();
        written.accept(lines.size());
        finish(done);
        return true;
    }

    private void finish(List<AuditEntry> done) throws IOException {
        var promises = done.stream()
                .filter(AuditEntry.Admin.class::isInstance)
                .map(entry -> ((AuditEntry.Admin) entry).written())
                .toList();
        if (promises.isEmpty() && System.nanoTime() - syncedAt < config.sync().toNanos()) {
            return;
        }
        try {
            sync();
            promises.forEach(Promise::tryComplete);
        } catch (IOException e) {
            promises.forEach(promise -> settle(promise, String.valueOf(e.getMessage())));
            throw e;
        }
    }

    private void sync() throws IOException {
        files.sync();
        syncedAt = System.nanoTime();
    }

    private void rest(boolean worked) {
        idle = worked ? 0 : idle + 1;
        if (closing) {
            return;
        }
        if (idle < IDLE_ROUNDS) {
            LockSupport.parkNanos(this, GATHER);
            return;
        }
        asleep = true;
        if (queue.isEmpty() && !closing) {
            LockSupport.parkNanos(this, Math.max(GATHER, config.sync().toNanos()));
        }
        asleep = false;
    }

    /** Nobody waits for a disk that does not come back: who asked hears what is so. The records stay, and are written when they can be. */
    private void settle(String why) {
        Consumer<AuditEntry> answer = entry -> {
            if (entry instanceof AuditEntry.Admin admin) {
                settle(admin.written(), why);
            }
        };
        batch.forEach(answer);
        queue.forEach(answer);
    }

    private void settle(Promise<Void> waiting, String why) {
        if (config.whenFull() == WhenFull.SERVE) {
            waiting.tryComplete();
        } else {
            waiting.tryFail(new Fault(
                    Kind.STORE_UNAVAILABLE, "it was done, but the audit log could not be written (" + why + ")"));
        }
    }
}
