package smcp.session;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import smcp.contract.SessionStore;
import smcp.contract.SessionStore.SessionKey;

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
        runs.cancelAll(session);
        hub.drop(session);
        var changes = changeStreams.remove(session);
        if (changes != null) {
            changes.replaced();
        }
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
