package smcp.contract;

import io.vertx.core.Future;
import smcp.bus.Address;

/** Makes sure that a thing holds on every node before somebody is told that it does (design §5: ending a session, revoking a key, undeploying). */
@FunctionalInterface
public interface Everywhere {
    /** Nobody else is there. */
    Everywhere HERE_ONLY = new Everywhere() {
        @Override
        public <Q extends Record> Future<Void> acknowledged(Address<Q, Acknowledged> address, Q body) {
            return Future.succeededFuture();
        }
    };

    /**
     * Asks every other live node at {@code address.on(its id)}. Completes when each has acknowledged or is no member any more; fails with {@link smcp.bus.Fault.Kind#STORE_UNAVAILABLE}, naming the node, if one is still a member
     * and has not answered within the deadline of the cluster. What was to hold is stored already then, and will hold there within the lease of what nodes remember.
     */
    <Q extends Record> Future<Void> acknowledged(Address<Q, Acknowledged> address, Q body);

    /** It holds on this node. */
    record Acknowledged() {
        public static final Acknowledged YES = new Acknowledged();
    }
}
