package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.store.redis.Dialer.Dialed;
import smcp.store.redis.Errand.Confirmation;

/** One errand on its way: to the server that has its slot, and after it if the slot has moved. Runs on the link's context. */
final class Trip {
    private static final Logger log = LoggerFactory.getLogger(Trip.class);
    private static final int MOST_REDIRECTS = 5;
    private static final long TRY_AGAIN_MILLIS = 50;

    private final RedisLink link;
    private final Errand errand;
    private final int lane;
    private final long deadline;
    private int redirects;

    Trip(RedisLink link, Errand errand, int lane) {
        this.link = link;
        this.errand = errand;
        this.lane = lane;
        var millis = link.config().limits().commandMillis() + errand.extraMillis();
        this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    }

    Future<@Nullable Response> go() {
        return reached(link.topology().find(errand.slot())).compose(this::at);
    }

    private long left() {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
    }

    /** What precedes sending, within the deadline. */
    private <T> Future<T> reached(Future<T> something) {
        return something
                .timeout(left(), TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(RedisFaults.unreachable(cause)));
    }

    private Future<@Nullable Response> at(Endpoint endpoint) {
        var wire = link.wire(endpoint, lane);
        return reached(wire.dialed()).compose(on -> send(wire, on));
    }

    private Future<@Nullable Response> send(Wire wire, Dialed on) {
        return wire.send(on, errand.first(), left())
                .recover(cause -> RedisFaults.code(cause).equals("NOSCRIPT")
                        ? wire.send(on, errand.fallback(), left())
                        : Future.failedFuture(cause))
                .recover(cause -> elsewhere(wire, on, cause))
                .compose(answer -> confirmed(wire, on, answer));
    }

    /** What to do about a failure. */
    private Future<@Nullable Response> elsewhere(Wire wire, Dialed on, Throwable cause) {
        var code = RedisFaults.code(cause);
        return switch (code) {
            case "MOVED", "ASK" -> ++redirects > MOST_REDIRECTS ? failed(cause) : redirected(code, target(wire, cause));
            case "TRYAGAIN" -> left() <= TRY_AGAIN_MILLIS ? failed(cause) : later();
            case "READONLY" -> {
                wire.lost(on, "the server takes no writes");
                yield failed(cause);
            }
            case "CLUSTERDOWN", "MASTERDOWN" -> {
                link.trouble();
                yield failed(cause);
            }
            default -> failed(cause);
        };
    }

    private Future<@Nullable Response> redirected(String code, Endpoint target) {
        if (code.equals("ASK")) {
            return asking(target);
        }
        link.trouble();
        return at(target);
    }

    private Future<@Nullable Response> later() {
        return link.vertx().timer(TRY_AGAIN_MILLIS, TimeUnit.MILLISECONDS).compose(_ -> go());
    }

    private static Future<@Nullable Response> failed(Throwable cause) {
        if (RedisFaults.strange(cause)) {
            log.atError().addKeyValue("cause", String.valueOf(cause)).log("Redis refused a command");
        }
        return Future.failedFuture(RedisFaults.sent(cause));
    }

    /** The server a slot is moving to takes the command after {@code ASKING} on the same connection, so both go in one piece. The script may be unknown there: it goes along. */
    private Future<@Nullable Response> asking(Endpoint endpoint) {
        var wire = link.wire(endpoint, lane);
        return reached(wire.dialed())
                .compose(on -> on.connection()
                        .batch(List.of(Request.cmd(Command.ASKING), errand.fallback()))
                        .timeout(left(), TimeUnit.MILLISECONDS)
                        .recover(cause -> failed(cause).mapEmpty())
                        .map(answers -> answers.get(1)));
    }

    /** {@code MOVED 3999 127.0.0.1:6381}; without a host it is the one that answered. */
    private static Endpoint target(Wire wire, Throwable cause) {
        var address = Objects.requireNonNull(cause.getMessage()).split(" ", 3)[2];
        var colon = address.lastIndexOf(':');
        var host = address.substring(0, colon);
        return new Endpoint(
                host.isEmpty() ? wire.endpoint().host() : host, Integer.parseInt(address.substring(colon + 1)));
    }

    private Future<@Nullable Response> confirmed(Wire wire, Dialed on, @Nullable Response answer) {
        var by = errand.confirmation();
        if (by == null || answer == null || !by.wanted().test(answer)) {
            return Future.succeededFuture(answer);
        }
        return wire.send(on, by.request(), left())
                .recover(cause -> failed(cause))
                .compose(count -> enough(by, answer, count));
    }

    private static Future<@Nullable Response> enough(Confirmation by, Response answer, @Nullable Response count) {
        var number = count == null ? null : count.toInteger();
        var have = number == null ? 0 : number;
        return have >= by.replicas()
                ? Future.succeededFuture(answer)
                : Future.failedFuture(RedisFaults.unavailable("written, but " + have + " of " + by.replicas()
                        + " replicas had it within " + by.millis()
                        + " ms; it is not known whether it outlives a failover"));
    }
}
