package smcp.vault;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;

/** One look at everything of an owner: its pace, and what came of it. Written by the rotation's thread, read by any. */
final class Pass {
    private static final Logger log = LoggerFactory.getLogger(Pass.class);
    private static final long LONGEST_STEP_MINUTES = 60;
    /** Looking at something costs the stores less than sealing it anew. */
    private static final int LOOKS = 10;

    private static final int MOST_SHOWN = 5;

    private final long nanosEach;
    private final BooleanSupplier stopped;
    private final List<String> failing = new ArrayList<>();
    private long nextAt = System.nanoTime();
    private final AtomicLong examined = new AtomicLong();
    private final AtomicLong resealed = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    /** @param perSecond things sealed anew, at most */
    Pass(int perSecond, BooleanSupplier stopped) {
        this.nanosEach = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.stopped = stopped;
    }

    /** What was done with one thing. */
    enum Done {
        /** The primary key had sealed it already, or it is gone. */
        NOTHING,
        RESEALED
    }

    /** One thing. What fails is counted and left; what was changed at the same time was sealed by whoever changed it. */
    void one(String what, Supplier<Future<Done>> work) throws InterruptedException {
        if (stopped.getAsBoolean()) {
            throw new InterruptedException();
        }
        try {
            if (await(work.get()) == Done.RESEALED) {
                resealed.incrementAndGet();
                pause(nanosEach);
            } else {
                pause(nanosEach / LOOKS);
            }
        } catch (RuntimeException e) {
            if (stopped.getAsBoolean()) {
                throw new InterruptedException();
            }
            var fault = Fault.from(e);
            if (fault.kind() != Kind.CONFLICT) {
                failed(what, fault, e);
                pause(nanosEach);
            }
        }
        examined.incrementAndGet();
    }

    /** A page of a list, or what else must come for the pass to go on. */
    static <T> T await(Future<T> future) {
        try {
            return future.await(LONGEST_STEP_MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw new Fault(Kind.STORE_UNAVAILABLE, "no answer within " + Duration.ofMinutes(LONGEST_STEP_MINUTES), e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            // Vert.x throws it undeclared
            Thread.currentThread().interrupt();
            throw new Fault(Kind.CANCELLED, "interrupted", e);
        }
    }

    void failed(String what, Fault fault, Throwable cause) {
        failed.incrementAndGet();
        synchronized (failing) {
            if (failing.size() < MOST_SHOWN) {
                failing.add(fault.kind() == Kind.SEALED ? fault.message() : what + ": " + fault.message());
                log.atWarn().addKeyValue("what", what).setCause(cause).log("cannot be sealed anew");
            }
        }
    }

    /** A pause is made up for by those that were not needed, within a tenth of a second. */
    private void pause(long nanos) throws InterruptedException {
        var now = System.nanoTime();
        nextAt = Math.max(nextAt, now - TimeUnit.MILLISECONDS.toNanos(100)) + nanos;
        var wait = nextAt - now;
        if (wait > TimeUnit.MILLISECONDS.toNanos(5)) {
            TimeUnit.NANOSECONDS.sleep(wait);
        }
    }

    long examined() {
        return examined.get();
    }

    long resealed() {
        return resealed.get();
    }

    boolean clean() {
        return failed.get() == 0;
    }

    List<String> failing() {
        synchronized (failing) {
            return List.copyOf(failing);
        }
    }
}
