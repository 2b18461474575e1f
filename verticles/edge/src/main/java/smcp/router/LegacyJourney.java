package smcp.router;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.LegacyHost;
import smcp.contract.LegacyRequest;
import smcp.contract.Reply;

/**
 * A legacy call that another node executes, and perhaps a second one, if the first was lost or refused it before anything was done with the reply. Its state is confined to the reply's context; without a reply, to whoever
 * tells that the node is lost.
 */
final class LegacyJourney {
    private static final Logger log = LoggerFactory.getLogger(LegacyJourney.class);

    private final Ways ways;
    private final LegacyHost here;
    private final LegacyRequest request;
    private final @Nullable Reply reply;

    LegacyJourney(Ways ways, LegacyHost here, LegacyRequest request, @Nullable Reply reply) {
        this.ways = ways;
        this.here = here;
        this.request = request;
        this.reply = reply;
    }

    void to(NodeView node) {
        go(node, true);
    }

    private void go(NodeView node, boolean first) {
        if (ways.table().isHere(node)) {
            here.serve(request, reply);
            return;
        }
        ways.countForwarded();
        var sending = ways.table().sending(node, request.call().version());
        if (reply == null) {
            ways.links().serve(node.member(), request, null, fault -> {
                ended(sending, fault.kind());
                lostUnheard(node, first, fault);
            });
            // only the facts will tell how long it takes there
            if (sending != null) {
                sending.dropped();
            }
            return;
        }
        var watched = new WatchedReply(reply, new WatchedReply.Watcher() {
            @Override
            public void used(@Nullable Kind fault) {
                ended(sending, fault);
            }

            @Override
            public boolean refused(Fault fault) {
                return failed(node, first, fault);
            }

            @Override
            public void gone() {
                if (sending != null) {
                    sending.dropped();
                }
            }
        });
        ways.links()
                .serve(
                        node.member(),
                        request,
                        watched,
                        fault -> reply.context().runOnContext(_ -> watched.lost(request.requestId(), fault)));
    }

    private static void ended(@Nullable Sending sending, @Nullable Kind fault) {
        if (sending != null) {
            sending.ended(fault);
        }
    }

    /** True if the call is on its way again. */
    private boolean failed(NodeView node, boolean first, Fault fault) {
        if (!first || !ways.mayRepeat(request.call(), fault.kind())) {
            return false;
        }
        return again(node);
    }

    private boolean again(NodeView failed) {
        var next = ways.table().another(request.call().version(), failed);
        if (next == null) {
            return false;
        }
        request.call().used().addAttempt();
        ways.countRepeated();
        go(next, false);
        return true;
    }

    /**
     * A round that an answer of the client's began. If its node was lost, that node may still be writing the stream's log, so a second one must not; what becomes of the streams of a dead node is decided where
     * its streams are known.
     */
    private void lostUnheard(NodeView node, boolean first, Fault fault) {
        if (first && fault.kind() == Kind.NODE_UNREACHABLE && failed(node, true, fault)) {
            return;
        }
        log.atWarn()
                .addKeyValue("tenant", request.call().version())
                .addKeyValue("node", node.member().name())
                .addKeyValue("fault", fault.kind())
                .log("a round was given to a node that is lost");
    }
}
