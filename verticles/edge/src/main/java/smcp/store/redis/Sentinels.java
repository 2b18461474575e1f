package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The master that the sentinels name, checked by asking it for its role (redis.io, Guidelines for Redis clients with support for Redis Sentinel). */
final class Sentinels extends Topology {
    private static final Logger log = LoggerFactory.getLogger(Sentinels.class);

    private final Dialer dialer;
    private final String name;

    /** The one that answered last stands first. */
    private final List<Endpoint> sentinels;

    private @Nullable Endpoint master;

    Sentinels(Vertx vertx, Dialer dialer, List<Endpoint> sentinels, String name, Runnable changed) {
        super(vertx, changed);
        this.dialer = dialer;
        this.sentinels = new ArrayList<>(sentinels);
        this.name = name;
    }

    @Override
    Future<Boolean> look() {
        return ask(List.copyOf(sentinels), 0).map(found -> {
            var other = !found.equals(master);
            if (other) {
                log.atInfo()
                        .addKeyValue("address", found)
                        .addKeyValue("name", name)
                        .log("Redis has a master");
            }
            master = found;
            return other;
        });
    }

    private Future<Endpoint> ask(List<Endpoint> all, int at) {
        var sentinel = all.get(at);
        var question =
                Request.cmd(Command.SENTINEL).arg("GET-MASTER-ADDR-BY-NAME").arg(name);
        var answer = dialer.askSentinel(sentinel, question, unknown()).map(address -> {
            sentinels.remove(sentinel);
            sentinels.addFirst(sentinel);
            return endpoint(Answer.of(address));
        });
        return at + 1 == all.size() ? answer : answer.recover(_ -> ask(all, at + 1));
    }

    private static Endpoint endpoint(Answer address) {
        return new Endpoint(address.text(0), address.count(1));
    }

    private String unknown() {
        return "the sentinels know no master \"" + name + "\" (store.redis.master)";
    }

    @Override
    @Nullable
    Endpoint master(int slot) {
        return master;
    }

    @Override
    Set<Endpoint> masters() {
        return master == null ? Set.of() : Set.of(master);
    }

    @Override
    Future<Dialer.Dialed> dial(Endpoint target) {
        return dialer.server(target)
                .compose(dialed -> dialed.connection()
                        .send(Dialer.role())
                        .compose(role -> {
                            if (role != null && role.get(0).toString().equals("master")) {
                                return Future.succeededFuture(dialed);
                            }
                            return Future.<Dialer.Dialed>failedFuture(
                                    RedisFaults.unavailable("the server that the sentinels name is not a master yet"));
                        })
                        .onFailure(_ -> dialed.close()));
    }
}
