package smcp.contract;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A node, as every other node of the cluster knows it. Fixed for one run of the node: what changes while it runs (load, health, draining) travels as facts on the bus.
 *
 * @param id of the node, for as long as its data directory; 16 hexadecimal digits
 * @param run names one start of the node: a node that was killed and started again is another member with the same id
 * @param name for people; unique in the cluster
 * @param region where it stands
 * @param zone within the region
 * @param host address on which the other nodes reach it
 * @param peerPort of the peer link at that address
 * @param program version of the program it runs
 */
public record Member(
        @JsonProperty("id") String id,
        @JsonProperty("run") String run,
        @JsonProperty("name") String name,
        @JsonProperty("region") String region,
        @JsonProperty("zone") String zone,
        @JsonProperty("host") String host,
        @JsonProperty("peerPort") int peerPort,
        @JsonProperty("program") String program) {

    /** The same run of the same node. */
    public boolean is(Member other) {
        return run.equals(other.run) && id.equals(other.id);
    }
}
