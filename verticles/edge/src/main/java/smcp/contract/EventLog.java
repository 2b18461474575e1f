package smcp.contract;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;
import smcp.tenant.TenantId;

/**
 * The frames of legacy streams, kept so that a client can resume on any node. A stream belongs to one session. Bounded in frames and bytes per stream: the oldest go first.
 */
public interface EventLog {
    /**
     * Which stream of whom.
     *
     * @param id random, characters {@code A-Za-z0-9_-}
     */
    record StreamKey(TenantId tenant, String session, String id) {}

    /**
     * One frame.
     *
     * @param seq counts from 0 within the stream, without gaps
     * @param data one JSON-RPC message in UTF-8; of length 0 for a priming event
     */
    record Event(long seq, Json data) {}

    /**
     * A piece of a stream.
     *
     * @param events after the position asked for, in order
     * @param first sequence number of the oldest frame still kept; greater than the position asked for plus one means frames were lost
     * @param next sequence number the next frame will get
     * @param ended nothing will be appended any more
     */
    record Slice(List<Event> events, long first, long next, boolean ended) {}

    /**
     * A stream that was not ended.
     *
     * @param request the client's id of the request it answers, JSON text
     * @param next sequence number the next frame will get
     */
    record Unended(StreamKey stream, String request, long next) {}

    /** Opens a stream that answers {@code request} (JSON text) and may be read until {@code expires}. */
    Future<Void> open(StreamKey stream, String request, Instant expires);

    /** Appends frames at {@code seq}, {@code seq+1}, …; there is one writer. A repeated append of what is there changes nothing. Fails with {@link smcp.bus.Fault.Kind#CURSOR_UNKNOWN} if the stream is gone. */
    Future<Void> append(StreamKey stream, long seq, List<Json> frames);

    /** No more frames will come; it may be read until {@code expires}. */
    Future<Void> end(StreamKey stream, Instant expires);

    /** Frames after {@code after} (-1: from the start), at most {@code most}; empty if the stream is unknown or expired. */
    Future<Optional<Slice>> read(StreamKey stream, long after, int most, Instant now);

    /**
     * Streams whose calls a node runs, or ran when it was killed: opened or gone on with by it, not ended, and not waiting for the client; at most {@code most}.
     *
     * @param node id of one of those that share the store; null is this node
     */
    Future<List<Unended>> unended(@Nullable String node, int most);

    /** Removes what expired before {@code now}. */
    Future<Integer> sweep(Instant now);
}
