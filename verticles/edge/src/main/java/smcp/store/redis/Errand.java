package smcp.store.redis;

import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What is to be asked of the server that has a slot.
 *
 * @param first what is sent
 * @param fallback what is sent in its place if the server does not know the script, or is about to get the slot
 * @param weight bytes
 * @param extraMillis how long it may block on the server
 * @param confirmation what replicas must say of it afterwards; null: nothing
 */
record Errand(
        int slot,
        Request first,
        Request fallback,
        long weight,
        long extraMillis,
        @Nullable Confirmation confirmation) {

    /**
     * @param wanted for which answers
     */
    record Confirmation(int replicas, int millis, Predicate<Response> wanted) {
        Request request() {
            return Request.cmd(Command.WAIT).arg(replicas).arg(millis);
        }
    }

    static Errand script(Script script, List<byte[]> touched, List<byte[]> args) {
        var known = Request.cmd(Command.EVALSHA).arg(script.sha1()).arg(touched.size());
        var whole = Request.cmd(Command.EVAL).arg(script.source()).arg(touched.size());
        var weight = 0L;
        for (var parts : List.of(touched, args)) {
            for (var part : parts) {
                var _ = known.arg(part);
                var _ = whole.arg(part);
                weight += part.length;
            }
        }
        return new Errand(Slot.of(touched.getFirst()), known, whole, weight, 0, null);
    }

    static Errand command(Command command, byte[] key, Object... more) {
        var request = Request.cmd(command).arg(key);
        return new Errand(Slot.of(key), request, request, key.length + addAll(request, more), 0, null);
    }

    static Errand blocking(long millis, byte[] key, Command command, Object... args) {
        var request = Request.cmd(command);
        return new Errand(Slot.of(key), request, request, addAll(request, args), millis, null);
    }

    Errand confirmed(Confirmation by) {
        return new Errand(slot, first, fallback, weight, extraMillis + by.millis(), by);
    }

    private static long addAll(Request request, Object... args) {
        var weight = 0L;
        for (var arg : args) {
            switch (arg) {
                case byte[] bytes -> {
                    var _ = request.arg(bytes);
                    weight += bytes.length;
                }
                case String text -> {
                    var _ = request.arg(text);
                    weight += text.length();
                }
                case Integer number -> request.arg(number);
                case Long number -> request.arg(number);
                default -> throw new IllegalArgumentException("no argument for Redis: " + arg.getClass());
            }
        }
        return weight;
    }
}
