package smcp.session;

import io.vertx.core.Context;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Reply;
import smcp.protocol.Json;

/** What is heard of a round that was begun by an answer of the client's: it has no connection, only its stream. Whoever executes it writes that; if nobody does, its end is written here. */
final class Handover implements Reply {
    private static final Logger log = LoggerFactory.getLogger(Handover.class);
    private final LegacyRun until;
    private final Runs runs;

    /** @param until holds the call's place, so that a cancellation finds it */
    Handover(LegacyRun until, Runs runs) {
        this.until = until;
        this.runs = runs;
    }

    @Override
    public Context context() {
        return until.context();
    }

    @Override
    public void accepted() {
        runs.end(Runs.Key.of(until.session, until.requestId), until);
    }

    @Override
    public void fault(@Nullable Json id, Fault fault) {
        if (fault.kind() == Kind.NODE_LOST) {
            // it may have written to the stream, so only who knows how far it came can end it: see LostCalls
            log.atInfo().addKeyValue("tenant", until.call.version()).log("a round was lost with its node");
            accepted();
        } else if (!until.over()) {
            until.broken(fault);
        }
    }

    @Override
    public void header(String name, String value) {
        throw unexpected();
    }

    @Override
    public void result(Json id, Json result) {
        throw unexpected();
    }

    @Override
    public void failed(Json id, int code, String message, @Nullable Json data) {
        throw unexpected();
    }

    @Override
    public void done() {
        throw unexpected();
    }

    @Override
    public EventStream stream() {
        throw unexpected();
    }

    @Override
    public void onGone(Runnable gone) {
        // there is no connection to go
    }

    private static IllegalStateException unexpected() {
        return new IllegalStateException("a round behind the first answers on its stream");
    }
}
