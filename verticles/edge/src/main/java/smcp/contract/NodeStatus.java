package smcp.contract;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import smcp.tenant.VersionRef;

/**
 * What a node says of itself, several times a second: that it is there, and how busy. All of it is absolute, so that one that is lost is made good by the next that is whole.
 *
 * @param node its {@link Member#id}
 * @param run its {@link Member#run}
 * @param number counts up within a run; one with a lower number than was heard is old
 * @param whole {@code loads} has everything that is awake there, as far as it fits; otherwise only what has changed since the one before
 * @param draining it takes no calls from others any more
 * @param overloaded it cannot keep up, whoever's calls they are
 * @param lagNanos how late its event loop is, smoothed
 * @param awake versions awake there, listed or not
 * @param running calls that they work on
 * @param waiting calls in their queues
 * @param asleep not awake any more since the one before
 */
public record NodeStatus(
        @JsonProperty("node") String node,
        @JsonProperty("run") String run,
        @JsonProperty("number") long number,
        @JsonProperty("whole") boolean whole,
        @JsonProperty("draining") boolean draining,
        @JsonProperty("overloaded") boolean overloaded,
        @JsonProperty("lagNanos") long lagNanos,
        @JsonProperty("awake") int awake,
        @JsonProperty("running") int running,
        @JsonProperty("waiting") int waiting,
        @JsonProperty("loads") List<Loads.Load> loads,
        @JsonProperty("asleep") List<VersionRef> asleep) {
    public NodeStatus {
        loads = List.copyOf(loads);
        asleep = List.copyOf(asleep);
    }
}
