package smcp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.TenantCall;
import smcp.protocol.Json;

/** A tenant that does what a test says: it answers at once with what was set, or leaves its calls to the test. */
public final class ScriptedTenant implements TenantCall {
    private static final Duration SOON = Duration.ofSeconds(10);

    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private volatile @Nullable CallEvent always;

    /** A call in the test's hands. Events are said on the test's own thread, as an engine's would be. */
    public static final class Taken {
        private final Call call;
        private final CallSink sink;
        private final List<String> cancelled = new CopyOnWriteArrayList<>();

        Taken(Call call, CallSink sink) {
            this.call = call;
            this.sink = sink;
        }

        public Call call() {
            return call;
        }

        @CanIgnoreReturnValue
        public Taken notice(String method, String params) {
            sink.accept(new CallEvent.Notice(method, Json.of(params)));
            return this;
        }

        @CanIgnoreReturnValue
        public Taken progress(int progress) {
            return notice(
                    "notifications/progress",
                    "{\"progressToken\":" + text(call.progressToken()) + ",\"progress\":" + progress + "}");
        }

        @CanIgnoreReturnValue
        public Taken closeStream(long retryMillis) {
            sink.accept(new CallEvent.CloseStream(Duration.ofMillis(retryMillis)));
            return this;
        }

        public void result(String json) {
            sink.accept(new CallEvent.Result(Json.of(json)));
        }

        public void fails(int code, String message, @Nullable String data) {
            sink.accept(new CallEvent.Failed(code, message, data == null ? null : Json.of(data)));
        }

        public void breaks(Fault fault) {
            sink.accept(new CallEvent.Broken(fault));
        }

        public boolean isCancelled() {
            return !cancelled.isEmpty();
        }

        private static String text(@Nullable Json json) {
            return json == null ? "null" : json.text();
        }
    }

    /** Every call ends with this from now on. */
    public void answers(String result) {
        always = new CallEvent.Result(Json.of(result));
    }

    public void fails(int code, String message, @Nullable String data) {
        always = new CallEvent.Failed(code, message, data == null ? null : Json.of(data));
    }

    /** Calls wait for the test from now on. */
    public void waits() {
        always = null;
    }

    @Override
    public Running start(Call call, CallSink sink) {
        var mine = new Taken(call, sink);
        taken.add(mine);
        sink.accept(CallEvent.Begun.NOW);
        var end = always;
        if (end != null) {
            sink.accept(end);
            return Running.ENDED;
        }
        return mine.cancelled::add;
    }

    /** The next call that reached the tenant. */
    public Taken next() {
        try {
            var next = taken.poll(SOON.toMillis(), TimeUnit.MILLISECONDS);
            assertThat(next).as("a call of the tenant").isNotNull();
            return Objects.requireNonNull(next);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** True if nothing has reached the tenant that was not taken. */
    public boolean untouched() {
        return taken.isEmpty();
    }
}
