package smcp.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import smcp.contract.Addresses;
import smcp.contract.Addresses.CallCancelled;
import smcp.contract.Addresses.SessionChanged;
import smcp.contract.Addresses.SessionEnded;
import smcp.contract.Addresses.Stream;
import smcp.contract.Addresses.StreamTaken;
import smcp.contract.Addresses.StreamsGrown;
import smcp.contract.Addresses.StreamsWatched;
import smcp.contract.EventLog.StreamKey;
import smcp.contract.Everywhere;
import smcp.contract.Everywhere.Acknowledged;
import smcp.contract.Members;
import smcp.contract.SessionStore.SessionKey;
import smcp.protocol.Json;
import smcp.tenant.TenantId;

/**
 * What this node tells the others about sessions and streams, and hears from them. What must hold is acknowledged by every node; all else is a wake-up: a node reads the logs of the streams it watches now and then by
 * itself. Methods may be called from any thread.
 */
public final class OtherNodes extends VerticleBase {
    private static final Duration ANNOUNCE = Duration.ofSeconds(1);
    private static final Duration FORGET = ANNOUNCE.multipliedBy(3);
    /** Announcements between two looks at the logs of watched streams. */
    private static final int LOOK_EVERY = 5;

    private static final int MOST_WATCHED = 50_000;
    private static final int IN_ONE_MESSAGE = 500;

    private final LegacyState state;
    private final Members members;
    private final Everywhere everywhere;
    private final String self;
    /** Which nodes read a stream that may be written here. */
    private final Cache<StreamKey, Set<String>> watchers = Caffeine.newBuilder()
            .maximumSize(MOST_WATCHED)
            .expireAfterWrite(FORGET)
            .build();
    /** Streams that have grown since the watchers were told. */
    private final Set<StreamKey> grown = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean telling = new AtomicBoolean();
    private int announced;

    OtherNodes(LegacyState state, Members members, Everywhere everywhere) {
        this.state = state;
        this.members = members;
        this.everywhere = everywhere;
        this.self = members.self().id();
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(ANNOUNCE.toMillis(), _ -> announce());
        return Future.all(List.of(
                Addresses.SESSION_ENDED.on(self).serve(vertx, this::hearEnded).completion(),
                Addresses.SESSION_CHANGED
                        .on(self)
                        .serve(vertx, this::hearChanged)
                        .completion(),
                Addresses.CALL_CANCELLED.hear(vertx, this::hearCancelled).completion(),
                Addresses.STREAM_TAKEN.hear(vertx, this::hearTaken).completion(),
                Addresses.STREAMS_WATCHED.hear(vertx, this::hearWatched).completion(),
                Addresses.STREAMS_GROWN.on(self).hear(vertx, this::hearGrown).completion()));
    }

    private boolean alone() {
        return members.others().isEmpty();
    }

    /** The session is over, here and in the store. Completes when no node serves it any more. */
    Future<Void> ended(SessionKey session) {
        return everywhere.acknowledged(
                Addresses.SESSION_ENDED, new SessionEnded(session.tenant().value(), session.id()));
    }

    /** The session's record was replaced in the store. Completes when no node uses an older one. */
    Future<Void> changed(SessionKey session, long stamp) {
        return everywhere.acknowledged(
                Addresses.SESSION_CHANGED, new SessionChanged(session.tenant().value(), session.id(), stamp));
    }

    /** A client does not want the answer any more, and the call may run anywhere. */
    void cancelled(Runs.Key call) {
        if (!alone()) {
            var session = call.session();
            Addresses.CALL_CANCELLED.publish(
                    vertx, new CallCancelled(self, session.tenant().value(), session.id(), call.requestId()));
        }
    }

    /** A connection of this node reads the stream, so no other does. */
    void taken(StreamKey stream) {
        if (!alone()) {
            Addresses.STREAM_TAKEN.publish(
                    vertx, new StreamTaken(self, stream.tenant().value(), stream.session(), stream.id()));
        }
    }

    /** A connection of this node reads the stream, which another one may write. */
    void watched(StreamKey stream) {
        if (!alone()) {
            Addresses.STREAMS_WATCHED.publish(vertx, new StreamsWatched(self, List.of(travelling(stream))));
        }
    }

    /** A stream that is written here has grown, or ended. */
    void grown(StreamKey stream) {
        if (watchers.getIfPresent(stream) != null && grown.add(stream) && telling.compareAndSet(false, true)) {
            context.runOnContext(_ -> tellWatchers());
        }
    }

    private void tellWatchers() {
        telling.set(false);
        var news = new HashMap<String, List<Stream>>();
        for (var streams = grown.iterator(); streams.hasNext(); ) {
            var stream = streams.next();
            streams.remove();
            var nodes = watchers.getIfPresent(stream);
            if (nodes != null) {
                nodes.forEach(node ->
                        news.computeIfAbsent(node, _ -> new ArrayList<>()).add(travelling(stream)));
            }
        }
        news.forEach((node, streams) -> inPieces(streams)
                .forEach(piece -> Addresses.STREAMS_GROWN.on(node).publish(vertx, new StreamsGrown(piece))));
    }

    private void announce() {
        if (alone()) {
            return;
        }
        var reading = state.hub().tailed();
        inPieces(reading.stream().map(OtherNodes::travelling).toList())
                .forEach(piece -> Addresses.STREAMS_WATCHED.publish(vertx, new StreamsWatched(self, piece)));
        if (++announced % LOOK_EVERY == 0) {
            reading.forEach(state.hub()::look);
        }
    }

    private Future<Acknowledged> hearEnded(SessionEnded ended) {
        state.dropHere(new SessionKey(new TenantId(ended.tenant()), ended.session()));
        return Future.succeededFuture(Acknowledged.YES);
    }

    private Future<Acknowledged> hearChanged(SessionChanged changed) {
        state.sessions().changed(new SessionKey(new TenantId(changed.tenant()), changed.session()), changed.stamp());
        return Future.succeededFuture(Acknowledged.YES);
    }

    private void hearCancelled(CallCancelled cancelled) {
        if (!cancelled.node().equals(self)) {
            var session = new SessionKey(new TenantId(cancelled.tenant()), cancelled.session());
            state.cancelHere(Runs.Key.of(session, Json.of(cancelled.request())));
        }
    }

    private void hearTaken(StreamTaken taken) {
        if (!taken.node().equals(self)) {
            var tenant = new TenantId(taken.tenant());
            if (taken.stream().isEmpty()) {
                state.takenElsewhere(new SessionKey(tenant, taken.session()));
            } else {
                state.hub().takenElsewhere(new StreamKey(tenant, taken.session(), taken.stream()));
            }
        }
    }

    private void hearWatched(StreamsWatched watched) {
        if (watched.node().equals(self)) {
            return;
        }
        for (var stream : watched.streams()) {
            watchers.asMap()
                    .merge(
                            new StreamKey(new TenantId(stream.tenant()), stream.session(), stream.id()),
                            Set.of(watched.node()),
                            OtherNodes::union);
        }
    }

    private static Set<String> union(Set<String> some, Set<String> more) {
        if (some.containsAll(more)) {
            return some;
        }
        var all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private void hearGrown(StreamsGrown grown) {
        grown.streams()
                .forEach(stream ->
                        state.hub().look(new StreamKey(new TenantId(stream.tenant()), stream.session(), stream.id())));
    }

    private static Stream travelling(StreamKey stream) {
        return new Stream(stream.tenant().value(), stream.session(), stream.id());
    }

    private static <T> List<List<T>> inPieces(List<T> all) {
        var pieces = new ArrayList<List<T>>();
        for (var from = 0; from < all.size(); from += IN_ONE_MESSAGE) {
            pieces.add(all.subList(from, Math.min(all.size(), from + IN_ONE_MESSAGE)));
        }
        return pieces;
    }
}
