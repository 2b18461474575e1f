package smcp.contract;

import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/**
 * Calls on other nodes, over the links to them. Two faults tell what a link knows: {@link smcp.bus.Fault.Kind#NODE_UNREACHABLE}, the other node has certainly not seen the call, and
 * {@link smcp.bus.Fault.Kind#NODE_LOST}, it may have executed it. A link that closes, or whose node is removed from the cluster, ends its calls at once.
 */
public interface PeerCalls {
    /** Calls of the modern revision on {@code member}. The tenant's own events pass through as they are; a {@code cancel} arrives there as one. */
    TenantCall on(Member member);

    /**
     * A legacy call on {@code member}: what the other node does with its reply is done with {@code reply}, as slowly as the client reads.
     *
     * @param lost hears the fault if the node is lost before anything has been done with {@code reply}; later than that the reply is cut, and its client comes back for the rest of its stream
     */
    void serve(Member member, LegacyRequest request, @Nullable Reply reply, Consumer<Fault> lost);

    /** Smoothed time there and back, in nanoseconds; empty while there is no link. */
    OptionalLong roundTripNanos(Member member);
}
