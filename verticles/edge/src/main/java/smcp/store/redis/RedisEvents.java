package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.contract.EventLog;
import smcp.protocol.Json;
import smcp.store.Checked;
import smcp.store.StateBounds;
import smcp.tenant.TenantId;

/**
 * Event logs: a hash and a list each. An append is one round trip. The writes of one stream follow each other even if its writer does not wait for them: opening may take several steps, and a server that has lost its scripts (a restart) does not
 * do in order what it was sent in order.
 */
final class RedisEvents implements EventLog {
    private static final int AT_ONCE = 200;
    private static final int MOST_WAITING = 10_000;

    private final RedisLink link;
    private final StateKeys keys;
    private final StateBounds bounds;
    private final TenantIndex index;
    private final NodeStreams running;
    /** The last write under way of each stream. */
    private final ConcurrentMap<StreamKey, Future<?>> last = new ConcurrentHashMap<>();

    private final AtomicInteger waiting = new AtomicInteger();

    RedisEvents(RedisLink link, StateKeys keys, StateBounds bounds, NodeStreams running) {
        this.link = link;
        this.keys = keys;
        this.bounds = bounds;
        this.index = new TenantIndex(link, "streams");
        this.running = running;
    }

    private <T> Future<T> inTurn(StreamKey stream, Supplier<Future<T>> write) {
        if (waiting.incrementAndGet() > MOST_WAITING) {
            waiting.decrementAndGet();
            return Future.failedFuture(
                    RedisFaults.unavailable("more than " + MOST_WAITING + " writes of streams wait"));
        }
        var turn = new Turn<T>();
        last.compute(stream, (_, before) -> turn.after(before, write));
        var mine = turn.mine();
        mine.onComplete(_ -> {
            waiting.decrementAndGet();
            var _ = last.remove(stream, mine);
        });
        return mine;
    }

    /** One write's place among those of its stream. */
    private static final class Turn<T> {
        private Future<T> mine = Future.failedFuture("not begun");

        Future<T> after(@Nullable Future<?> before, Supplier<Future<T>> write) {
            mine = before == null || before.isComplete() ? write.get() : before.transform(_ -> write.get());
            return mine;
        }

        Future<T> mine() {
            return mine;
        }
    }

    @Override
    public Future<Void> open(StreamKey stream, String request, Instant expires) {
        return Checked.in(() -> {
            Checked.stream(stream);
            var tenant = stream.tenant();
            var touched = List.of(
                    keys.stream(stream),
                    keys.frames(stream),
                    keys.of(tenant, "streams"),
                    keys.of(tenant, "streams.due"),
                    keys.owned(tenant, stream.session()),
                    keys.base(tenant));
            var args = List.of(
                    bytes(Instants.text(expires)),
                    StateKeys.name(stream),
                    bytes(stream.id()),
                    bytes(request),
                    running.node());
            return inTurn(
                    stream,
                    () -> running.in(tenant)
                            .compose(_ -> index.cover(tenant, StateScripts.STREAM_OPEN, touched, args))
                            .mapEmpty());
        });
    }

    @Override
    public Future<Void> append(StreamKey stream, long seq, List<Json> frames) {
        if (!Checked.sound(stream)) {
            return Future.failedFuture(Checked.gone());
        }
        var args = new ArrayList<byte[]>(frames.size() + 3);
        args.add(bytes(seq));
        args.add(bytes(bounds.streamFrames()));
        args.add(bytes(bounds.streamBytes()));
        frames.forEach(frame -> args.add(frame.detached().bytes()));
        var touched = List.of(keys.stream(stream), keys.frames(stream));
        return inTurn(
                stream,
                () -> link.run(StateScripts.STREAM_APPEND, touched, args)
                        .compose(answer -> appended(Answer.of(answer), seq)));
    }

    private static Future<Void> appended(Answer answer, long seq) {
        if (answer.isList()) {
            return Future.failedFuture(Checked.gap(answer.number(0), seq));
        }
        return switch ((int) answer.number()) {
            case 0 -> Future.succeededFuture();
            case -1 -> Future.failedFuture(Checked.gone());
            default -> Future.failedFuture(Checked.ended());
        };
    }

    @Override
    public Future<Void> end(StreamKey stream, Instant expires) {
        if (!Checked.sound(stream)) {
            return Future.succeededFuture();
        }
        var tenant = stream.tenant();
        var touched = List.of(
                keys.stream(stream),
                keys.frames(stream),
                keys.of(tenant, "streams"),
                keys.of(tenant, "streams.due"),
                keys.base(tenant));
        var args = List.of(bytes(Instants.text(expires)), StateKeys.name(stream));
        return inTurn(
                stream,
                () -> index.cover(tenant, StateScripts.STREAM_END, touched, args)
                        .mapEmpty());
    }

    @Override
    public Future<Optional<Slice>> read(StreamKey stream, long after, int most, Instant now) {
        if (!Checked.sound(stream)) {
            return Future.succeededFuture(Optional.empty());
        }
        return link.run(
                        StateScripts.STREAM_READ,
                        List.of(keys.stream(stream), keys.frames(stream)),
                        List.of(bytes(after), bytes(most), bytes(Instants.text(now))))
                .map(Answer::of)
                .map(answer -> answer.isList() ? Optional.of(slice(answer, after)) : Optional.empty());
    }

    private static Slice slice(Answer answer, long after) {
        var first = answer.number(0);
        var seq = Math.max(first, after + 1);
        var events = new ArrayList<Event>();
        var frames = answer.at(3);
        for (var i = 0; i < frames.size(); i++) {
            events.add(new Event(seq++, Json.of(frames.bytes(i))));
        }
        return new Slice(events, first, answer.number(1), answer.at(2).yes());
    }

    @Override
    public Future<List<Unended>> unended(@Nullable String node, int most) {
        return node == null ? running.all(most) : running.of(node).all(most);
    }

    @Override
    public Future<Integer> sweep(Instant now) {
        var swept = new AtomicInteger();
        return index.visit(
                        now,
                        (tenant, number) -> some(tenant, number, now).map(answer -> {
                            swept.addAndGet((int) answer.number(2));
                            return TenantIndex.Look.of(answer, false);
                        }))
                .map(_ -> swept.get());
    }

    private Future<Answer> some(TenantId tenant, long number, Instant now) {
        var args = List.of(bytes(number), bytes(Instants.text(now)), bytes(AT_ONCE));
        return link.run(StateScripts.STREAM_SWEEP, List.of(keys.base(tenant)), args)
                .map(Answer::of);
    }
}
