package smcp.contract;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.tenant.VersionRef;

/** What the tenants of this node are doing: what routing goes by. Any thread; nothing of it blocks. */
public interface Loads {
    /** A node on which nothing ever runs. */
    Loads NONE = new Loads() {
        @Override
        public boolean free(VersionRef version) {
            return false;
        }

        @Override
        public @Nullable Load of(VersionRef version) {
            return null;
        }

        @Override
        public List<Load> all() {
            return List.of();
        }

        @Override
        public void onChange(Runnable changed) {
            // nothing ever does
        }
    };

    /** Is it awake here, with a place for one more call? Asked for every call, so it allocates nothing. */
    boolean free(VersionRef version);

    /** Null if it was never asked for here. */
    @Nullable
    Load of(VersionRef version);

    /** All that are awake or being started. */
    List<Load> all();

    /** {@code changed} runs each time that a version begins to start, is awake, or is so no more; on any thread, and must not block. */
    void onChange(Runnable changed);

    /** Where a version is in its life on a node. */
    enum Phase {
        ASLEEP("z"),
        STARTING("s"),
        AWAKE("a");

        private final String letter;

        Phase(String letter) {
            this.letter = letter;
        }

        /** On the wire. */
        @JsonValue
        public String letter() {
            return letter;
        }

        /** One that this program does not know is none that serves. */
        @JsonCreator
        static Phase ofLetter(String letter) {
            for (var phase : values()) {
                if (phase.letter.equals(letter)) {
                    return phase;
                }
            }
            return ASLEEP;
        }
    }

    /**
     * One version on one node. Its names on the wire are short, because thousands of them travel several times a second.
     *
     * @param running calls that it works on
     * @param waiting calls in its queue
     * @param concurrency how many it works on at once
     * @param queue how many may wait
     * @param serviceNanos how long it works on a call, smoothed; 0 if it has not ended one lately
     * @param coldStartNanos how long it took to wake, smoothed; 0 if it was never woken there
     */
    record Load(
            @JsonProperty("v") VersionRef version,
            @JsonProperty("p") Phase phase,
            @JsonProperty("r") int running,
            @JsonProperty("w") int waiting,
            @JsonProperty("c") int concurrency,
            @JsonProperty("q") int queue,
            @JsonProperty("s") long serviceNanos,
            @JsonProperty("k") long coldStartNanos) {
        /** Calls that run or wait. */
        public int calls() {
            return running + waiting;
        }
    }
}
