package smcp.router;

import java.util.Map;
import smcp.contract.Loads.Load;
import smcp.contract.Member;
import smcp.tenant.VersionRef;

/**
 * What is known of one node when a choice is made.
 *
 * @param region number of its region within the {@link Situation}
 * @param hash of its id, for {@link Rendezvous}
 * @param roundTripNanos to it and back, with all that is added for its place; 0 for this node
 * @param delayNanos how late its event loop is, and how much older than fresh its facts are
 * @param loads what is awake or being started there; of this node nothing, because that is known exactly and asked for at each call
 */
record NodeView(
        Member member,
        int region,
        long hash,
        long roundTripNanos,
        Fitness fitness,
        long delayNanos,
        Map<VersionRef, Load> loads) {}
