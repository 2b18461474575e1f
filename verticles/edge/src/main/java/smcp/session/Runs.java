package smcp.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;

/** Legacy calls under way on this node, by session and the client's own request id, so that a cancellation finds them. Thread-safe. */
final class Runs {
    /** What is under way. */
    interface Run {
        /** The client does not want the answer any more. Any thread. */
        void cancelled(String reason);
    }

    /** @param requestId the id as JSON text: {@code 1} and {@code "1"} are two */
    record Key(SessionKey session, String requestId) {
        static Key of(SessionKey session, Json id) {
            return new Key(session, id.text());
        }
    }

    private final Map<Key, Run> runs = new ConcurrentHashMap<>();

    /** False if a request with this id is already under way in the session. */
    boolean begin(Key key, Run run) {
        return runs.putIfAbsent(key, run) == null;
    }

    void replace(Key key, Run run) {
        runs.put(key, run);
    }

    void end(Key key) {
        runs.remove(key);
    }

    @Nullable
    Run find(Key key) {
        return runs.get(key);
    }

    void cancelAll(SessionKey session) {
        runs.forEach((key, run) -> {
            if (key.session().equals(session)) {
                run.cancelled("the session ended");
            }
        });
    }

    int count() {
        return runs.size();
    }
}
