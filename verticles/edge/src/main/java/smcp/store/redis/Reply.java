package smcp.store.redis;

import io.vertx.redis.client.Response;
import smcp.bus.Fault;

/** Parts of a reply that are what they should be. */
final class Reply {
    private Reply() {}

    /** The part at {@code at} as a whole number. */
    static long number(Response reply, int at) {
        var part = reply.get(at);
        var number = part == null ? null : part.toLong();
        if (number == null) {
            throw new Fault(Fault.Kind.INTERNAL, "Redis answered something else than a number");
        }
        return number;
    }

    static int count(Response reply, int at) {
        return Math.toIntExact(number(reply, at));
    }

    /** The part at {@code at} as text in UTF-8. */
    static String text(Response reply, int at) {
        return reply.get(at).toString();
    }
}
