package smcp.session;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;
import smcp.protocol.JsonText;
import smcp.protocol.Splice;

/** Legacy calls under way on this node, by session and the client's own request id, so that a cancellation finds them. Thread-safe. */
final class Runs {
    /** What is under way. */
    interface Run {
        /** The client does not want the answer any more. Any thread. */
        void cancelled(String reason);

        /** Is it over, although nobody said so? */
        default boolean expired(Instant now) {
            return false;
        }
    }

    /** @param requestId the id as JSON text: {@code 1} and {@code "1"} are two */
    record Key(SessionKey session, String requestId) {
        /** However the client escapes a string, it is the same id. */
        static Key of(SessionKey session, Json id) {
            var text = id.text();
            return new Key(
                    session,
                    text.indexOf('\\') < 0
                            ? text
                            : new String(Splice.quote(JsonText.string(id)), StandardCharsets.UTF_8));
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

    /** Ends {@code run} unless another round of the call has taken its place. */
    void end(Key key, Run run) {
        runs.remove(key, run);
    }

    @Nullable
    Run find(Key key) {
        return runs.get(key);
    }

    void cancelAll(Predicate<SessionKey> which) {
        runs.forEach((key, run) -> {
            if (which.test(key.session())) {
                run.cancelled("the session ended");
            }
        });
    }

    /** Forgets what is over. */
    void expire(Instant now) {
        runs.values().removeIf(run -> run.expired(now));
    }

    int count() {
        return runs.size();
    }
}
