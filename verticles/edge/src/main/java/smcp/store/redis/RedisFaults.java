package smcp.store.redis;

import io.vertx.redis.client.impl.types.ErrorType;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import smcp.bus.Fault;

/** What a failure of Redis means. Addresses stay in the log: a fault's message may reach a client. */
final class RedisFaults {
    private static final String UNKNOWN = "; it is not known whether it was done";

    /** First words of error replies (redis.io, and `shared.*err` in Redis' server.c). In each case nothing was done. */
    private static final Map<String, String> REPLIES = Map.ofEntries(
            Map.entry("LOADING", "it is still loading its data"),
            Map.entry("READONLY", "the server asked is a replica and takes no writes; a failover may be under way"),
            Map.entry("CLUSTERDOWN", "the cluster does not serve this slot now"),
            Map.entry("MASTERDOWN", "the server asked has lost its master"),
            Map.entry("MOVED", "the slot moves between servers faster than it can be followed"),
            Map.entry("ASK", "the slot moves between servers faster than it can be followed"),
            Map.entry("TRYAGAIN", "the slot is being moved between servers"),
            Map.entry("OOM", "its memory is used up (maxmemory)"),
            Map.entry("MISCONF", "it cannot write its data to the disk"),
            Map.entry("NOREPLICAS", "too few replicas are there (min-replicas-to-write)"),
            Map.entry("BUSY", "it is busy with a script"),
            Map.entry("UNKILLABLE", "it is busy with a script"),
            Map.entry("NOAUTH", "it wants a login, and none is configured"),
            Map.entry("WRONGPASS", "it refuses the login"),
            Map.entry("NOPERM", "the login lacks the right for a command or key"),
            Map.entry("NOPROTO", "it does not speak RESP3"));

    private RedisFaults() {}

    static Fault unavailable(String why) {
        return new Fault(Fault.Kind.STORE_UNAVAILABLE, "Redis: " + why);
    }

    /** A failure that the operator alone will read, who wants to know where and why. */
    static Throwable atStart(RedisConfig config, Throwable cause) {
        if (!(cause instanceof Fault fault)) {
            return cause;
        }
        var deepest = cause;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        var why = fault.getCause() == null ? "" : "; " + deepest;
        return new Fault(
                fault.kind(),
                fault.message() + " (store.redis.endpoints: " + String.join(", ", config.endpoints()) + why + ")",
                cause);
    }

    /** A failure before anything was sent. */
    static Fault unreachable(Throwable cause) {
        return switch (cause) {
            case Fault fault -> fault;
            case ErrorType reply -> reply(reply);
            case TimeoutException _ -> unavailable("no connection could be made in time");
            default -> new Fault(Fault.Kind.STORE_UNAVAILABLE, "Redis: no connection could be made", cause);
        };
    }

    /** A failure of something sent. */
    static Fault sent(Throwable cause) {
        return switch (cause) {
            case Fault fault -> fault;
            case ErrorType reply
            when code(reply).equals("CONNECTION_CLOSED") -> unavailable("the connection was lost" + UNKNOWN);
            case ErrorType reply -> reply(reply);
            case TimeoutException _ -> unavailable("no answer in time" + UNKNOWN);
            default -> new Fault(Fault.Kind.STORE_UNAVAILABLE, "Redis: the connection failed" + UNKNOWN, cause);
        };
    }

    private static Fault reply(ErrorType reply) {
        var code = code(reply);
        var why = REPLIES.get(code);
        return why != null
                ? unavailable(why)
                : new Fault(Fault.Kind.STORE_UNAVAILABLE, "Redis: it refused a command (" + code + ")", reply);
    }

    /** Is it a refusal that nobody foresaw, so that its words belong into the log? */
    static boolean strange(Throwable cause) {
        return cause instanceof ErrorType reply
                && !REPLIES.containsKey(code(reply))
                && !code(reply).equals("CONNECTION_CLOSED");
    }

    /** The first word of an error reply; empty for any other failure. */
    static String code(Throwable cause) {
        if (!(cause instanceof ErrorType)) {
            return "";
        }
        var message = Objects.requireNonNullElse(cause.getMessage(), "");
        var end = message.indexOf(' ');
        return end < 0 ? message : message.substring(0, end);
    }
}
