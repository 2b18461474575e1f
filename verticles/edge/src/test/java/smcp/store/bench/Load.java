package smcp.store.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** Does one thing again and again for a while. */
@FunctionalInterface
interface Load {
    Figures run(Duration time) throws Exception;

    /**
     * What came of it.
     *
     * @param perSecond things done in a second
     * @param p50 microseconds of one, median
     * @param p99 microseconds of one
     */
    record Figures(double perSecond, double p50, double p99) {
        static Figures of(long[] nanos, long elapsed) {
            Arrays.sort(nanos);
            return new Figures(
                    nanos.length * 1e9 / elapsed,
                    nanos.length == 0 ? 0 : nanos[nanos.length / 2] / 1e3,
                    nanos.length == 0 ? 0 : nanos[(int) (nanos.length * 0.99)] / 1e3);
        }
    }

    /** A blocking piece of work; answers how many things were done by it. */
    @FunctionalInterface
    interface Work {
        int perform(long n) throws Exception;
    }

    /** {@code callers} on one event loop, each beginning its next when it has its answer. */
    static Load async(Vertx vertx, int callers, LongFunction<Future<?>> operation) {
        var context = ((VertxInternal) vertx).createEventLoopContext();
        var numbers = new AtomicLong();
        return time -> {
            var run = new Object() {
                private final Samples samples = new Samples();
                private final CompletableFuture<Figures> done = new CompletableFuture<>();
                private final long began = System.nanoTime();
                private int running = callers;

                void next() {
                    var start = System.nanoTime();
                    if (start - began >= time.toNanos() || done.isDone()) {
                        if (--running == 0) {
                            done.complete(Figures.of(samples.all(), start - began));
                        }
                        return;
                    }
                    operation.apply(numbers.getAndIncrement()).onComplete(ended -> {
                        samples.add(System.nanoTime() - start);
                        if (ended.failed()) {
                            done.completeExceptionally(ended.cause());
                        }
                        next();
                    });
                }
            };
            context.runOnContext(_ -> {
                for (var i = 0; i < callers; i++) {
                    run.next();
                }
            });
            return run.done.get(time.toSeconds() + 60, TimeUnit.SECONDS);
        };
    }

    /** On {@code threads} threads, each with what {@code maker} makes for it. */
    static Load blocking(int threads, LongFunction<Work> maker) {
        var works = new Work[threads];
        Arrays.setAll(works, maker::apply);
        var numbers = new AtomicLong();
        return time -> {
            try (var pool = Executors.newFixedThreadPool(threads)) {
                var began = System.nanoTime();
                var all = Arrays.stream(works)
                        .map(work -> pool.submit(() -> {
                            var samples = new Samples();
                            for (var start = began; start - began < time.toNanos(); ) {
                                var done = work.perform(numbers.getAndIncrement());
                                var now = System.nanoTime();
                                for (var i = 0; i < done; i++) {
                                    samples.add(now - start);
                                }
                                start = now;
                            }
                            return samples.all();
                        }))
                        .toList();
                var nanos = new long[0];
                for (var one : all) {
                    var more = one.get(time.toSeconds() + 60, TimeUnit.SECONDS);
                    var at = nanos.length;
                    nanos = Arrays.copyOf(nanos, at + more.length);
                    System.arraycopy(more, 0, nanos, at, more.length);
                }
                return Figures.of(nanos, System.nanoTime() - began);
            }
        };
    }

    /** Grows. */
    final class Samples {
        private long[] nanos = new long[1 << 16];
        private int size;

        void add(long one) {
            if (size == nanos.length) {
                nanos = Arrays.copyOf(nanos, 2 * size);
            }
            nanos[size++] = one;
        }

        int size() {
            return size;
        }

        long[] all() {
            return Arrays.copyOf(nanos, size);
        }
    }
}
