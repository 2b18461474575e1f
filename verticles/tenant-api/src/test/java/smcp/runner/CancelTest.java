package smcp.runner;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import smcp.api.Call;
import smcp.runner.Execution.OnCancel;
import smcp.runner.Host.Heard;
import smcp.runner.Host.RequestOf;

class CancelTest {
    @Test
    void aCancelledCallIsInterruptedAndSaysNothingMore() throws Exception {
        var started = new CountDownLatch(1);
        var hooks = new AtomicInteger();
        var interrupted = new CountDownLatch(1);
        try (var host = Host.of(mcp -> mcp.tool("waits").handle((_, call) -> {
                    call.onCancel(hooks::incrementAndGet);
                    started.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        call.progress(1);
                        call.onCancel(hooks::incrementAndGet);
                        interrupted.countDown();
                        throw e;
                    }
                    return "x";
                }));
                var pool = Executors.newSingleThreadExecutor()) {
            var heard = new Heard();
            var execution =
                    host.runner.call(RequestOf.tool("waits", "{}").progress().build(), heard);
            var running = pool.submit(execution::run);
            assertThat(started.await(10, SECONDS)).isTrue();

            execution.cancel(OnCancel.INTERRUPT);
            execution.cancel(OnCancel.INTERRUPT);

            running.get(10, SECONDS);
            assertThat(interrupted.getCount()).isZero();
            assertThat(hooks).hasValue(2);
            assertThat(heard.events).isEmpty();
            assertThat(host.failures)
                    .as("giving up is no failure of the tenant")
                    .isEmpty();
            Callable<Boolean> flag = Thread::interrupted;
            assertThat(pool.submit(flag).get(10, SECONDS))
                    .as("the pool's thread comes back clean")
                    .isFalse();
        }
    }

    @Test
    void anInlineToolIsToldButNotInterrupted() throws Exception {
        var started = new CountDownLatch(1);
        try (var host = Host.of(mcp -> mcp.tool("spins").inline().handle((_, call) -> {
                    started.countDown();
                    while (!call.cancelled()) Thread.onSpinWait();
                    return Thread.currentThread().isInterrupted();
                }));
                var pool = Executors.newSingleThreadExecutor()) {
            var heard = new Heard();
            var execution = host.runner.call(RequestOf.tool("spins", "{}").build(), heard);
            Future<Boolean> flag = pool.submit(() -> {
                execution.run();
                return Thread.interrupted();
            });
            assertThat(started.await(10, SECONDS)).isTrue();

            execution.cancel(OnCancel.INTERRUPT);

            assertThat(flag.get(10, SECONDS)).isFalse();
            assertThat(heard.events).isEmpty();
        }
    }

    @Test
    void aCallCancelledBeforeItRunsNeverRuns() throws Exception {
        var runs = new AtomicInteger();
        try (var host = Host.of(mcp -> mcp.tool("counts").handle((_, _) -> runs.incrementAndGet()))) {
            var heard = new Heard();
            var execution = host.runner.call(RequestOf.tool("counts", "{}").build(), heard);
            execution.cancel(OnCancel.TELL);
            execution.run();

            assertThat(runs).hasValue(0);
            assertThat(heard.events).isEmpty();
        }
    }

    @Test
    void nothingIsSaidAfterTheAnswer() throws Exception {
        var kept = new AtomicReference<@Nullable Call>();
        try (var host = Host.of(mcp -> mcp.tool("leaks").handle((_, call) -> {
            kept.set(call);
            return "x";
        }))) {
            var heard = host.run(RequestOf.tool("leaks", "{}").progress());
            var call = kept.get();
            assertThat(call).isNotNull();
            call.progress(5);
            call.closeStream(java.time.Duration.ZERO);

            assertThat(heard.events).containsExactly("complete");
        }
    }

    record Count(int n) {}

    @Test
    void manyCallsAtOnceStayApart() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("echo").input(Count.class).handle((args, call) -> {
                    call.progress(args.n());
                    return args.n();
                }));
                var pool = Executors.newFixedThreadPool(8)) {
            var calls = new ArrayList<Future<Heard>>();
            for (int i = 0; i < 2_000; i++) {
                var request = RequestOf.tool("echo", "{\"n\":" + i + "}").progress();
                calls.add(pool.submit(() -> host.run(request)));
            }
            for (int i = 0; i < calls.size(); i++) {
                assertThat(calls.get(i).get(30, SECONDS).text()).isEqualTo(String.valueOf(i));
                assertThat(calls.get(i).get().events)
                        .containsExactly("progress " + (double) i + " null null", "complete");
            }
        }
    }

    @Test
    void theContextLoaderIsTheTenantsDuringACallAndTheHostsAfterIt() throws Exception {
        try (var host = Host.of(mcp -> mcp.tool("loader")
                .handle((_, _) -> Thread.currentThread().getContextClassLoader().toString()))) {
            var before = Thread.currentThread().getContextClassLoader();
            Thread.currentThread().setContextClassLoader(null);
            try {
                assertThat(host.tool("loader", "{}").text())
                        .isEqualTo(Host.class.getClassLoader().toString());
                assertThat(Thread.currentThread().getContextClassLoader()).isNull();
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
        }
    }
}
