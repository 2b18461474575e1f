package smcp.tenant;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What one tenant may use on one node, and keep. Each has a default; a package may wish for less, only the operator's record raises one.
 *
 * @param concurrency calls running at once
 * @param queue calls waiting for one of those places
 * @param callTimeout wall clock of one call, waiting for a client's answer not counted
 * @param startTimeout wall clock from waking the engine to its first answer
 * @param responseBytes longest single frame the tenant may send
 * @param notices notifications (progress, log, other) one call may send
 * @param idle silence after which the version is put to sleep
 * @param storage what it may keep, on all nodes together
 */
public record Limits(
        int concurrency,
        int queue,
        Duration callTimeout,
        Duration startTimeout,
        int responseBytes,
        int notices,
        Duration idle,
        Storage storage) {
    public static final Limits DEFAULT = new Limits(
            32, 256, Duration.ofSeconds(60), Duration.ofSeconds(10), 8 << 20, 10_000, Duration.ofMinutes(10));

    /**
     * What a tenant may keep. The defaults are like what is free elsewhere.
     *
     * @param kvEntries values
     * @param kvBytes of all keys and values
     * @param valueBytes of one value
     * @param blobs large values
     * @param blobBytes of all blobs
     */
    public record Storage(int kvEntries, long kvBytes, int valueBytes, int blobs, long blobBytes) {
        public static final Storage DEFAULT = new Storage(10_000, 100L << 20, 1 << 20, 10_000, 1L << 30);

        public Storage {
            between("limits.kvEntries", kvEntries, 0, 10_000_000);
            between("limits.kvBytes", kvBytes, 0L, 1L << 40);
            between("limits.valueBytes", valueBytes, 0, 25 << 20);
            between("limits.blobs", blobs, 0, 10_000_000);
            between("limits.blobBytes", blobBytes, 0L, 1L << 50);
        }

        Storage atMost(Storage ceiling) {
            return new Storage(
                    Math.min(kvEntries, ceiling.kvEntries),
                    Math.min(kvBytes, ceiling.kvBytes),
                    Math.min(valueBytes, ceiling.valueBytes),
                    Math.min(blobs, ceiling.blobs),
                    Math.min(blobBytes, ceiling.blobBytes));
        }
    }

    /** With what a tenant may keep by default. */
    public Limits(
            int concurrency,
            int queue,
            Duration callTimeout,
            Duration startTimeout,
            int responseBytes,
            int notices,
            Duration idle) {
        this(concurrency, queue, callTimeout, startTimeout, responseBytes, notices, idle, Storage.DEFAULT);
    }

    public Limits {
        between("limits.concurrency", concurrency, 1, 10_000);
        between("limits.queue", queue, 0, 100_000);
        between("limits.responseBytes", responseBytes, 1024, 64 << 20);
        between("limits.notices", notices, 0, 1_000_000);
        millis("limits.callTimeoutMs", callTimeout, Duration.ofMillis(1), Duration.ofHours(1));
        millis("limits.startTimeoutMs", startTimeout, Duration.ofMillis(1), Duration.ofMinutes(5));
        millis("limits.idleMs", idle, Duration.ofSeconds(1), Duration.ofDays(30));
    }

    /** What a package or an operator asks for; null is "the default". Times in milliseconds. */
    public record Wish(
            @Nullable Integer concurrency,
            @Nullable Integer queue,
            @Nullable Long callTimeoutMs,
            @Nullable Long startTimeoutMs,
            @Nullable Integer responseBytes,
            @Nullable Integer notices,
            @Nullable Long idleMs,
            @Nullable Integer kvEntries,
            @Nullable Long kvBytes,
            @Nullable Integer valueBytes,
            @Nullable Integer blobs,
            @Nullable Long blobBytes) {
        public static final Wish NONE = new Wish(null, null, null, null, null, null, null);

        /** With nothing to say about what is kept. */
        public Wish(
                @Nullable Integer concurrency,
                @Nullable Integer queue,
                @Nullable Long callTimeoutMs,
                @Nullable Long startTimeoutMs,
                @Nullable Integer responseBytes,
                @Nullable Integer notices,
                @Nullable Long idleMs) {
            this(
                    concurrency,
                    queue,
                    callTimeoutMs,
                    startTimeoutMs,
                    responseBytes,
                    notices,
                    idleMs,
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        @JsonCreator
        public Wish(
                @JsonProperty("concurrency") @Nullable Integer concurrency,
                @JsonProperty("queue") @Nullable Integer queue,
                @JsonProperty("callTimeoutMs") @Nullable Long callTimeoutMs,
                @JsonProperty("startTimeoutMs") @Nullable Long startTimeoutMs,
                @JsonProperty("responseBytes") @Nullable Integer responseBytes,
                @JsonProperty("notices") @Nullable Integer notices,
                @JsonProperty("idleMs") @Nullable Long idleMs,
                @JsonProperty("kvEntries") @Nullable Integer kvEntries,
                @JsonProperty("kvBytes") @Nullable Long kvBytes,
                @JsonProperty("valueBytes") @Nullable Integer valueBytes,
                @JsonProperty("blobs") @Nullable Integer blobs,
                @JsonProperty("blobBytes") @Nullable Long blobBytes) {
            this.concurrency = concurrency;
            this.queue = queue;
            this.callTimeoutMs = callTimeoutMs;
            this.startTimeoutMs = startTimeoutMs;
            this.responseBytes = responseBytes;
            this.notices = notices;
            this.idleMs = idleMs;
            this.kvEntries = kvEntries;
            this.kvBytes = kvBytes;
            this.valueBytes = valueBytes;
            this.blobs = blobs;
            this.blobBytes = blobBytes;
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
                    idleMs == null ? base.idle() : Duration.ofMillis(idleMs),
                    over(base.storage()));
        }

        private Storage over(Storage base) {
            return new Storage(
                    kvEntries == null ? base.kvEntries() : kvEntries,
                    kvBytes == null ? base.kvBytes() : kvBytes,
                    valueBytes == null ? base.valueBytes() : valueBytes,
                    blobs == null ? base.blobs() : blobs,
                    blobBytes == null ? base.blobBytes() : blobBytes);
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
                shorter(idle, ceiling.idle),
                storage.atMost(ceiling.storage));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }

    /** By the name and in the unit in which limits are given. */
    private static void millis(String name, Duration value, Duration least, Duration most) {
        between(name, value.toMillis(), least.toMillis(), most.toMillis());
    }

    private static <T extends Comparable<T>> void between(String name, T value, T least, T most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " must be " + least + " to " + most + ", got " + value);
        }
    }
}
