package smcp.session;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.Everywhere;
import smcp.contract.Members;
import smcp.contract.SessionStore;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.Standing;
import smcp.tenant.TenantId;

/** What the event loops of one node share about legacy sessions. Thread-safe. */
public final class LegacyState {
    private static final Logger log = LoggerFactory.getLogger(LegacyState.class);

    private final SessionConfig config;
    private final Sessions sessions;
    private final InstantSource clock;
    private final OtherNodes others;
    private final StreamHub hub;
    private final Runs runs = new Runs();
    private final Map<SessionKey, ChangeStream> changeStreams = new ConcurrentHashMap<>();

    /** @param everywhere makes sure that what is over is over on every node */
    public LegacyState(
            SessionStore store, SessionConfig config, Members members, Everywhere everywhere, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.others = new OtherNodes(this, members, everywhere);
        this.hub = new StreamHub(others::grown, others::taken, others::watched);
        this.sessions = new Sessions(store, config, others::changed, clock);
    }

    /** To be deployed before anything is served. */
    public VerticleBase verticle() {
        return others;
    }

    SessionConfig config() {
        return config;
    }

    Sessions sessions() {
        return sessions;
    }

    InstantSource clock() {
        return clock;
    }

    StreamHub hub() {
        return hub;
    }

    Runs runs() {
        return runs;
    }

    Map<SessionKey, ChangeStream> changeStreams() {
        return changeStreams;
    }

    /** Ends a session for good. Completes when nothing of it is open on any node. */
    Future<Void> end(SessionKey session) {
        return sessions.end(session.tenant(), session.id()).compose(_ -> {
            dropHere(session);
            return others.ended(session);
        });
    }

    /** The session is over: nobody is let into it on this node, and what is open for it ends. */
    void dropHere(SessionKey session) {
        sessions.forget(session);
        drop(session::equals);
    }

    /** The session was found to be over by this node alone; the others hear of it when they can. */
    void expired(SessionKey session) {
        dropHere(session);
        others.ended(session)
                .onFailure(cause -> log.atDebug().setCause(cause).log("not every node has heard of a session's end"));
    }

    /** The client does not want the answer any more, wherever the call runs. */
    void cancel(Runs.Key call) {
        cancelHere(call);
        others.cancelled(call);
    }

    void cancelHere(Runs.Key call) {
        var run = runs.find(call);
        if (run != null) {
            run.cancelled("the client cancelled it");
        }
    }

    /** A connection of this node is the session's stream of changes now. */
    void listens(ChangeStream stream) {
        var session = stream.session();
        var old = changeStreams.put(session, stream);
        if (old != null) {
            old.replaced();
        }
        others.taken(new StreamKey(session.tenant(), session.id(), ""));
    }

    void takenElsewhere(SessionKey session) {
        var old = changeStreams.remove(session);
        if (old != null) {
            old.replaced();
        }
    }

    /** Ends everything of a tenant that is not served any more. Any thread. */
    public void drop(TenantId tenant) {
        drop(session -> session.tenant().equals(tenant));
    }

    private void drop(Predicate<SessionKey> which) {
        runs.cancelAll(which);
        hub.drop(which);
        end(stream -> which.test(stream.session()));
    }

    /** Ends the GET streams of callers who would not be let in any more. Any thread. */
    public void endUnless(Standing standing) {
        end(stream -> !standing.stands(stream.session().tenant(), stream.principal()));
    }

    private void end(Predicate<ChangeStream> which) {
        changeStreams.values().removeIf(stream -> {
            var ends = which.test(stream);
            if (ends) {
                stream.replaced();
            }
            return ends;
        });
    }

    /** Ends all streams of this node: it drains. Clients with an event id come back, to another node. */
    public void dropStreams() {
        changeStreams.forEach((_, stream) -> stream.replaced());
        changeStreams.clear();
    }

    /** Open streams of both kinds. */
    public int streams() {
        return hub.count() + changeStreams.size();
    }

    /** Calls under way, waiting for their client included. */
    public int calls() {
        return runs.count();
    }
}
