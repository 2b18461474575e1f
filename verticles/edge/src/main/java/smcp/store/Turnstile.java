package smcp.store;

import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/** Lets a few big pieces of work through at a time; the others wait in line, whose length and weight are bounded, and for no longer than {@link Lane#PATIENCE}. Any thread. */
final class Turnstile {
    private static final int LONGEST_LINE = 1_024;
    private static final long HEAVIEST_LINE = 128 << 20;

    private final String what;
    private final int places;
    private final Deque<Waiting> line = new ArrayDeque<>();
    private long weight;
    private int inside;

    private record Waiting(int weight, long since, Runnable enter, CompletableFuture<?> done) {}

    /** @param what waits here, for the words of a refusal */
    Turnstile(String what, int places) {
        this.what = what;
        this.places = places;
    }

    /** @param weight bytes that are held while it waits */
    <T> Future<T> pass(int weight, Supplier<Future<T>> work) {
        var done = new CompletableFuture<T>();
        var answer = Caller.future(done);
        var waiting = new Waiting(weight, System.nanoTime(), () -> begin(work, done), done);
        if (enters(waiting)) {
            waiting.enter().run();
        }
        return answer;
    }

    /** False if it stands in line now, or was refused. */
    private synchronized boolean enters(Waiting next) {
        if (inside < places) {
            inside++;
            return true;
        }
        if (line.size() == LONGEST_LINE || weight + next.weight() > HEAVIEST_LINE) {
            var _ = next.done()
                    .completeExceptionally(new Fault(
                            Fault.Kind.STORE_UNAVAILABLE, what + ": more work is waiting than the disk can take"));
            return false;
        }
        weight += next.weight();
        line.add(next);
        return false;
    }

    private <T> void begin(Supplier<Future<T>> work, CompletableFuture<T> done) {
        Future<T> begun;
        try {
            begun = work.get();
        } catch (RuntimeException e) {
            begun = Future.failedFuture(e);
        }
        begun.onComplete(result -> {
            leave();
            if (result.succeeded()) {
                var _ = done.complete(result.result());
            } else {
                var _ = done.completeExceptionally(result.cause());
            }
        });
    }

    private void leave() {
        var next = next();
        if (next != null) {
            next.enter().run();
        }
    }

    /** Who gets the place that is free now. */
    private synchronized @Nullable Waiting next() {
        while (true) {
            var next = line.poll();
            if (next == null) {
                inside--;
                return null;
            }
            weight -= next.weight();
            if (!next.done().isDone()) {
                return next;
            }
        }
    }

    /** Answers those who waited too long. */
    void expire(long nanoTime) {
        var late = new ArrayList<Waiting>();
        synchronized (this) {
            line.forEach(waiting -> {
                if (nanoTime - waiting.since() > Lane.PATIENCE) {
                    late.add(waiting);
                }
            });
        }
        for (var waiting : late) {
            var _ = waiting.done()
                    .completeExceptionally(new Fault(
                            Fault.Kind.STORE_UNAVAILABLE,
                            what + ": no turn within " + Lane.PATIENCE / 1_000_000_000L + " s"));
        }
    }
}
