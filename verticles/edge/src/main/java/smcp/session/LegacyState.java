package smcp.session;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import smcp.contract.SessionStore;
import smcp.contract.SessionStore.SessionKey;
import smcp.contract.Standing;
import smcp.tenant.TenantId;

/** What the event loops of one node share about legacy sessions. Thread-safe. */
public final class LegacyState {
    private final SessionConfig config;
    private final Sessions sessions;
    private final InstantSource clock;
    private final StreamHub hub = new StreamHub();
    private final Runs runs = new Runs();
    private final Map<SessionKey, ChangeStream> changeStreams = new ConcurrentHashMap<>();

    public LegacyState(SessionStore store, SessionConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
        this.sessions = new Sessions(store, config, clock);
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

    /** Ends everything of a session that is open on this node. */
    void drop(SessionKey session) {
        drop(session::equals);
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
