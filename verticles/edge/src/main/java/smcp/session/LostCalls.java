package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.EventLog;
import smcp.contract.Member;
import smcp.contract.Members;
import smcp.protocol.Frames;
import smcp.protocol.Json;

/**
 * Calls that were running when their node was killed. Their streams are still there and nobody will ever end them, so a client that resumes one would wait for its answer until the stream expires: it gets an error instead. Calls
 * that wait for their client are not among them; they go on when it answers, on whichever node.
 */
public final class LostCalls {
    private static final Logger log = LoggerFactory.getLogger(LostCalls.class);
    private static final int AT_ONCE = 500;
    /** What one survivor waits longer than the one before it: usually there is nothing left to do then. */
    private static final long APART_MILLIS = 1_000;

    private final EventLog events;
    private final LegacyState state;

    private LostCalls(EventLog events, LegacyState state) {
        this.events = events;
        this.state = state;
    }

    /** Ends the streams of this node's life before; to be completed before the first call of this one. */
    public static Future<Void> end(EventLog events, LegacyState state) {
        return new LostCalls(events, state).end(null, () -> true);
    }

    /** From now on, ends the streams of nodes that are lost. */
    public static void watch(Vertx vertx, Members members, EventLog events, LegacyState state) {
        var lost = new LostCalls(events, state);
        members.listen(new Members.Listener() {
            @Override
            public void joined(Member member) {
                // a node looks after the streams of its life before by itself
            }

            @Override
            public void lost(Member member) {
                vertx.setTimer(
                        1 + rank(members) * APART_MILLIS,
                        _ -> lost.end(member.id(), () -> gone(members, member))
                                .onFailure(cause -> log.atWarn()
                                        .addKeyValue("node", member.name())
                                        .setCause(cause)
                                        .log("calls that died with a node could not be answered")));
            }
        });
    }

    /** How many of the survivors are to act before this one. */
    private static long rank(Members members) {
        var own = members.self().id();
        return members.others().stream()
                .filter(other -> other.id().compareTo(own) < 0)
                .count();
    }

    /** A node that is back, or on its way, has calls of its own. */
    private static boolean gone(Members members, Member lost) {
        return members.others().stream().noneMatch(other -> other.id().equals(lost.id()));
    }

    private interface Still {
        boolean gone();
    }

    private Future<Void> end(@Nullable String node, Still still) {
        return events.unended(node, AT_ONCE).compose(lost -> {
            if (lost.isEmpty() || !still.gone()) {
                return Future.succeededFuture();
            }
            log.atInfo().addKeyValue("streams", lost.size()).log("calls that died with their node are answered");
            return Future.all(lost.stream().map(this::end).toList()).compose(_ -> end(node, still));
        });
    }

    private Future<Void> end(EventLog.Unended stream) {
        var error = Frames.error(
                Json.of(stream.request()),
                Kind.NODE_LOST.rpcCode(),
                "the node stopped while the call was running",
                null);
        return events.append(stream.stream(), stream.next(), List.of(error))
                .compose(_ -> events.end(
                        stream.stream(),
                        state.clock().instant().plus(state.config().streamLife())))
                // it expired meanwhile: nobody waits for it any more
                .recover(cause -> cause instanceof Fault fault && fault.kind() == Kind.CURSOR_UNKNOWN
                        ? Future.succeededFuture()
                        : Future.failedFuture(cause))
                .onSuccess(_ -> state.hub().ended(stream.stream()));
    }
}
