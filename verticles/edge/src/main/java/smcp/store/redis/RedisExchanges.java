package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import smcp.contract.Exchange;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionStore.SessionKey;
import smcp.store.Checked;
import smcp.store.RecordJson;
import smcp.tenant.TenantId;

/** Exchanges, a hash each. */
final class RedisExchanges implements ExchangeStore {
    /** Bytes of records in one answer, give or take one record. */
    private static final int AT_ONCE = 8 << 20;

    private static final int MOST_AT_ONCE = 1_000;

    private final RedisLink link;
    private final StateKeys keys;
    private final TenantIndex index;
    private final NodeStreams running;

    RedisExchanges(RedisLink link, StateKeys keys, NodeStreams running) {
        this.link = link;
        this.keys = keys;
        this.index = new TenantIndex(link, "exchanges");
        this.running = running;
    }

    private List<byte[]> touched(SessionKey session, String id) {
        var tenant = session.tenant();
        return List.of(
                keys.exchange(session, id),
                keys.of(tenant, "exchanges"),
                keys.of(tenant, "exchanges.due"),
                keys.owned(tenant, session.id()),
                keys.base(tenant));
    }

    private static byte[] child(SessionKey session, String id) {
        return bytes(StateKeys.child(session.id(), id));
    }

    @Override
    public Future<Void> create(SessionKey session, Exchange exchange) {
        return Checked.in(() -> {
            var json = Checked.json(session, exchange);
            var args = List.of(
                    bytes(Instants.text(exchange.deadline())),
                    child(session, exchange.id()),
                    bytes(exchange.id()),
                    bytes(exchange.stamp()),
                    json,
                    child(session, exchange.stream()));
            return index.cover(session.tenant(), StateScripts.EXCHANGE_CREATE, touched(session, exchange.id()), args)
                    .compose(made ->
                            made.yes() ? Future.succeededFuture() : Future.failedFuture(Checked.taken("exchange")));
        });
    }

    @Override
    public Future<Optional<Exchange>> find(SessionKey session, String id) {
        if (!Checked.sound(session, id)) {
            return Future.succeededFuture(Optional.empty());
        }
        return link.command(Command.HGET, keys.exchange(session, id), "record")
                .map(found -> Optional.ofNullable(found)
                        .map(record -> read(Answer.of(record).bytes())));
    }

    private static Exchange read(byte[] json) {
        return RecordJson.read("exchange", json, Exchange.class);
    }

    @Override
    public Future<Boolean> replace(SessionKey session, Exchange next) {
        return Checked.in(() -> {
            var json = Checked.json(session, next);
            var args = List.of(
                    bytes(Instants.text(next.deadline())),
                    child(session, next.id()),
                    bytes(next.stamp() - 1),
                    bytes(next.stamp()),
                    json);
            return index.cover(session.tenant(), StateScripts.EXCHANGE_REPLACE, touched(session, next.id()), args)
                    .map(Answer::yes);
        });
    }

    @Override
    public Future<Boolean> take(SessionKey session, String id, long stamp) {
        if (!Checked.sound(session, id)) {
            return Future.succeededFuture(false);
        }
        var touched = List.of(
                keys.exchange(session, id),
                keys.of(session.tenant(), "exchanges"),
                keys.owned(session.tenant(), session.id()),
                keys.base(session.tenant()));
        var args = List.of(bytes(stamp), child(session, id), bytes(id), running.node());
        return running.in(session.tenant())
                .compose(_ -> link.run(StateScripts.EXCHANGE_TAKE, touched, args))
                .map(taken -> Answer.of(taken).yes());
    }

    @Override
    public Future<List<Due>> due(Instant now, int most) {
        var due = new ArrayList<Due>();
        if (most <= 0) {
            return Future.succeededFuture(due);
        }
        return index.visit(
                        now,
                        (tenant, number) -> some(tenant, number, now, most - due.size())
                                .map(answer -> {
                                    for (var i = 2; i + 1 < answer.size(); i += 2) {
                                        var session = new SessionKey(tenant, answer.text(i));
                                        due.add(new Due(session, read(answer.bytes(i + 1))));
                                    }
                                    return TenantIndex.Look.of(answer, due.size() >= most);
                                }))
                .map(_ -> {
                    due.sort(Comparator.comparing(each -> each.exchange().deadline()));
                    return due;
                });
    }

    private Future<Answer> some(TenantId tenant, long number, Instant now, int most) {
        var args =
                List.of(bytes(number), bytes(Instants.text(now)), bytes(Math.min(MOST_AT_ONCE, most)), bytes(AT_ONCE));
        return link.run(StateScripts.EXCHANGE_DUE, List.of(keys.base(tenant)), args)
                .map(Answer::of);
    }
}
