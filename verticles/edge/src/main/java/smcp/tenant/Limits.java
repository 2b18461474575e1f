package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant may use on one node. Each has a default; a package may wish for less, only the operator's record raises one.
 *
 * @param concurrency calls running at once
 * @param queue calls waiting for one of those places
 * @param callTimeout wall clock of one call, waiting for a client's answer not counted
 * @param startTimeout wall clock from waking the engine to its first answer
 * @param responseBytes longest single frame the tenant may send
 * @param notices notifications (progress, log, other) one call may send
 * @param idle silence after which the version is put to sleep
 */
public record Limits(
        int concurrency,
        int queue,
        Duration callTimeout,
        Duration startTimeout,
        int responseBytes,
        int notices,
        Duration idle) {
    public static final Limits DEFAULT = new Limits(
            32, 256, Duration.ofSeconds(60), Duration.ofSeconds(10), 8 << 20, 10_000, Duration.ofMinutes(10));

    public Limits {
        between("limits.concurrency", concurrency, 1, 10_000);
        between("limits.queue", queue, 0, 100_000);
        between("limits.responseBytes", responseBytes, 1024, 64 << 20);
        between("limits.notices", notices, 0, 1_000_000);
        between("limits.callTimeout", callTimeout, Duration.ofMillis(1), Duration.ofHours(1));
        between("limits.startTimeout", startTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
        between("limits.idle", idle, Duration.ofSeconds(1), Duration.ofDays(30));
    }

    /** What a package or an operator asks for; null is "the default". Times in milliseconds. */
    public record Wish(
            @Nullable Integer concurrency,
            @Nullable Integer queue,
            @Nullable Long callTimeoutMs,
            @Nullable Long startTimeoutMs,
            @Nullable Integer responseBytes,
            @Nullable Integer notices,
            @Nullable Long idleMs) {
        public static final Wish NONE = new Wish(null, null, null, null, null, null, null);

        @JsonCreator
        public Wish(
                @JsonProperty("concurrency") @Nullable Integer concurrency,
                @JsonProperty("queue") @Nullable Integer queue,
                @JsonProperty("callTimeoutMs") @Nullable Long callTimeoutMs,
                @JsonProperty("startTimeoutMs") @Nullable Long startTimeoutMs,
                @JsonProperty("responseBytes") @Nullable Integer responseBytes,
                @JsonProperty("notices") @Nullable Integer notices,
                @JsonProperty("idleMs") @Nullable Long idleMs) {
            this.concurrency = concurrency;
            this.queue = queue;
            this.callTimeoutMs = callTimeoutMs;
            this.startTimeoutMs = startTimeoutMs;
            this.responseBytes = responseBytes;
            this.notices = notices;
            this.idleMs = idleMs;
        }

        /** {@code base} with what is wished put in its place. */
        public Limits over(Limits base) {
            return new Limits(
                    concurrency == null ? base.concurrency() : concurrency,
                    queue == null ? base.queue() : queue,
                    callTimeoutMs == null ? base.callTimeout() : Duration.ofMillis(callTimeoutMs),
                    startTimeoutMs == null ? base.startTimeout() : Duration.ofMillis(startTimeoutMs),
                    responseBytes == null ? base.responseBytes() : responseBytes,
                    notices == null ? base.notices() : notices,
                    idleMs == null ? base.idle() : Duration.ofMillis(idleMs));
        }
    }

    /** The stricter of each pair: a package's wish under the operator's ceiling. */
    public Limits atMost(Limits ceiling) {
        return new Limits(
                Math.min(concurrency, ceiling.concurrency),
                Math.min(queue, ceiling.queue),
                shorter(callTimeout, ceiling.callTimeout),
                shorter(startTimeout, ceiling.startTimeout),
                Math.min(responseBytes, ceiling.responseBytes),
                Math.min(notices, ceiling.notices),
                shorter(idle, ceiling.idle));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    private static <T extends Comparable<T>> void between(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
        }
    }
}
