package smcp.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;

/** Which connection reads which stream on this node; one each: a client that comes back before its old socket was missed takes the stream over (digest §19, 18). Thread-safe. */
final class StreamHub {
    private final Map<StreamKey, StreamReader> readers = new ConcurrentHashMap<>();

    void attach(StreamReader reader) {
        var old = readers.put(reader.key(), reader);
        if (old != null) {
            old.replaced();
        }
    }

    void detach(StreamReader reader) {
        readers.remove(reader.key(), reader);
    }

    /** A frame is in the log. */
    void written(StreamKey key, long seq, Json data) {
        var reader = readers.get(key);
        if (reader != null) {
            reader.offer(seq, data);
        }
    }

    /** The stream has ended in the log. */
    void ended(StreamKey key) {
        var reader = readers.get(key);
        if (reader != null) {
            reader.streamEnded();
        }
    }

    /** Ask the client to come back later. */
    void closeForPolling(StreamKey key, long retryMillis) {
        var reader = readers.get(key);
        if (reader != null) {
            reader.closeForPolling(retryMillis);
        }
    }

    /** A frame could not be written: what comes after it would hide the gap. */
    void lost(StreamKey key) {
        var reader = readers.get(key);
        if (reader != null) {
            reader.lost();
        }
    }

    /** These sessions are over. */
    void drop(Predicate<SessionKey> which) {
        readers.forEach((key, reader) -> {
            if (which.test(new SessionKey(key.tenant(), key.session()))) {
                reader.replaced();
            }
        });
    }

    int count() {
        return readers.size();
    }
}
