package smcp.store.redis;

import static smcp.store.redis.RedisKeys.bytes;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import smcp.contract.SessionRecord;
import smcp.contract.SessionStore;
import smcp.store.Checked;
import smcp.store.RecordJson;
import smcp.store.Text;
import smcp.tenant.TenantId;

/** Sessions, a hash each. Finding one is one read, touching one a short script that changes one field. */
final class RedisSessions implements SessionStore {
    /** Looked at by one script: others must not wait long for it. */
    private static final int AT_ONCE = 100;

    private final RedisLink link;
    private final StateKeys keys;
    private final TenantIndex index;

    RedisSessions(RedisLink link, StateKeys keys) {
        this.link = link;
        this.keys = keys;
        this.index = new TenantIndex(link, "sessions");
    }

    private List<byte[]> touched(TenantId tenant, String id) {
        return List.of(keys.session(tenant, id), keys.of(tenant, "sessions"), keys.of(tenant, "sessions.due"));
    }

    @Override
    public Future<Void> create(SessionRecord session, Instant expires) {
        return Checked.in(() -> {
            var json = Checked.json(session);
            var tenant = session.version().tenant();
            var args = List.of(bytes(session.id()), bytes(Instants.text(expires)), bytes(session.stamp()), json);
            return index.cover(tenant, StateScripts.SESSION_CREATE, touched(tenant, session.id()), args)
                    .compose(made ->
                            made.yes() ? Future.succeededFuture() : Future.failedFuture(Checked.taken("session")));
        });
    }

    @Override
    public Future<Optional<SessionRecord>> find(TenantId tenant, String id, Instant now) {
        if (!Text.sound(id)) {
            return Future.succeededFuture(Optional.empty());
        }
        return link.command(Command.HMGET, keys.session(tenant, id), "expires", "record")
                .map(found -> living(Answer.of(found), now));
    }

    private static Optional<SessionRecord> living(Answer found, Instant now) {
        @Nullable Answer expires = found.maybe(0);
        return expires == null || expires.text().compareTo(Instants.text(now)) <= 0
                ? Optional.empty()
                : Optional.of(RecordJson.read("session", found.bytes(1), SessionRecord.class));
    }

    @Override
    public Future<Boolean> replace(SessionRecord next) {
        return Checked.in(() -> {
            var json = Checked.json(next);
            var key = keys.session(next.version().tenant(), next.id());
            return link.run(
                            StateScripts.SESSION_REPLACE,
                            List.of(key),
                            List.of(bytes(next.stamp() - 1), bytes(next.stamp()), json))
                    .map(done -> Answer.of(done).yes());
        });
    }

    @Override
    public Future<Void> touch(TenantId tenant, String id, Instant now, Instant expires) {
        if (!Text.sound(id)) {
            return Future.succeededFuture();
        }
        return link.run(
                        StateScripts.SESSION_TOUCH,
                        touched(tenant, id),
                        List.of(bytes(Instants.text(now)), bytes(Instants.text(expires))))
                .mapEmpty();
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String id) {
        return Text.sound(id) ? delete(tenant, id, false) : Future.succeededFuture(false);
    }

    private Future<Boolean> delete(TenantId tenant, String id, boolean begun) {
        return link.run(
                        StateScripts.SESSION_DELETE,
                        List.of(keys.base(tenant), keys.session(tenant, id)),
                        List.of(bytes(id), bytes(begun ? 1 : 0)))
                .map(Answer::of)
                .compose(answer -> {
                    var was = begun || answer.at(0).yes();
                    return answer.at(1).yes() ? delete(tenant, id, was) : Future.succeededFuture(was);
                });
    }

    @Override
    public Future<List<SessionKey>> sweep(Instant now, int most) {
        var swept = new ArrayList<SessionKey>();
        if (most <= 0) {
            return Future.succeededFuture(swept);
        }
        return index.visit(
                        now,
                        (tenant, number) -> some(tenant, number, now, most - swept.size())
                                .map(answer -> {
                                    for (var i = 2; i < answer.size(); i++) {
                                        swept.add(new SessionKey(tenant, answer.text(i)));
                                    }
                                    return TenantIndex.Look.of(answer, swept.size() >= most);
                                }))
                .map(swept);
    }

    private Future<Answer> some(TenantId tenant, long number, Instant now, int most) {
        var args = List.of(bytes(number), bytes(Instants.text(now)), bytes(Math.min(AT_ONCE, most)));
        return link.run(StateScripts.SESSION_SWEEP, List.of(keys.base(tenant)), args)
                .map(Answer::of);
    }

    @Override
    public Future<Integer> count(TenantId tenant) {
        return link.command(Command.ZCARD, keys.of(tenant, "sessions"))
                .map(count -> (int) Answer.of(count).number());
    }
}
