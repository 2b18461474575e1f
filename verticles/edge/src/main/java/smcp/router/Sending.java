package smcp.router;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;

/** One call on another node: counted there while it is under way, and what became of it is held for or against the node. */
final class Sending {
    private final RoutingTable table;
    private final Peer peer;
    private final Peer.Sent calls;
    private final long beganAt;
    private final AtomicBoolean over = new AtomicBoolean();

    Sending(RoutingTable table, Peer peer, Peer.Sent calls, long beganAt) {
        this.table = table;
        this.peer = peer;
        this.calls = calls;
        this.beganAt = beganAt;
        calls.began();
    }

    /** The node said something about the call. */
    void heard() {
        table.heardFrom(peer);
    }

    /** Nobody waits for it any more; that says nothing about the node. */
    void dropped() {
        if (over.compareAndSet(false, true)) {
            calls.ended();
        }
    }

    /**
     * It has ended. Held against the node is only what is the node's: a tenant that fails, is full or takes too long could otherwise take it from all others.
     *
     * @param fault null: it was answered
     */
    void ended(Fault.@Nullable Kind fault) {
        if (!over.compareAndSet(false, true)) {
            return;
        }
        calls.ended();
        switch (fault) {
            case NODE_LOST, NODE_UNREACHABLE -> table.failed(peer);
            case TIMEOUT -> {
                // a tenant may take too long; a node that says nothing at all meanwhile, neither of this call nor of
                // itself, is not there
                if (!peer.heardSince(beganAt)) {
                    table.failed(peer);
                }
            }
            case OVERLOADED -> {
                heard();
                calls.refused();
            }
            case DRAINING -> {
                heard();
                table.goes(peer);
            }
            case null, default -> {
                heard();
                table.succeeded(peer);
            }
        }
    }
}
