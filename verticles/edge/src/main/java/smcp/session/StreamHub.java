package smcp.session;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;

/** Which connection reads which stream on this node; one each: a client that comes back before its old socket was missed takes the stream over (digest §19, 18). Thread-safe. */
final class StreamHub {
    private final Map<StreamKey, StreamReader> readers = new ConcurrentHashMap<>();
    private final Consumer<StreamKey> grown;
    private final Consumer<StreamKey> taken;
    private final Consumer<StreamKey> watched;

    /**
     * @param grown hears of streams that were written to on this node; other nodes may read them
     * @param taken hears of streams that a client came back for, so that no other connection reads them any more
     * @param watched hears of streams that are read on this node, and that another one may write
     */
    StreamHub(Consumer<StreamKey> grown, Consumer<StreamKey> taken, Consumer<StreamKey> watched) {
        this.grown = grown;
        this.taken = taken;
        this.watched = watched;
    }

    /** The stream begins here, with this connection. */
    void attach(StreamReader reader) {
        var old = readers.put(reader.key(), reader);
        if (old != null) {
            old.replaced();
        }
    }

    /** The client came back for the rest of its stream. */
    void resume(StreamReader reader) {
        reader.tails();
        attach(reader);
        taken.accept(reader.key());
        watched.accept(reader.key());
    }

    /** The call waits for its client: whichever node gets the last answer goes on with it, and with its stream. */
    void writtenAnywhere(StreamKey key) {
        var reader = readers.get(key);
        if (reader != null) {
            reader.tails();
            watched.accept(key);
        }
    }

    /** Streams that are read here and perhaps written elsewhere. */
    List<StreamKey> tailed() {
        return readers.values().stream()
                .filter(StreamReader::tailing)
                .map(StreamReader::key)
                .toList();
    }

    /** There may be something new in the stream's log. */
    void look(StreamKey key) {
        var reader = readers.get(key);
        if (reader != null) {
            reader.look();
        }
    }

    /** The client came back for the rest of its stream, to another node. */
    void takenElsewhere(StreamKey key) {
        var reader = readers.get(key);
        if (reader != null) {
            reader.replaced();
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
        grown.accept(key);
    }

    /** The stream has ended in the log. */
    void ended(StreamKey key) {
        look(key);
        grown.accept(key);
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
