package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.store.redis.Errand.Confirmation;

/** A connection of its own, over a {@link RedisLink}: what blocks it ({@code XREAD BLOCK}, {@code WAIT}) keeps nobody else waiting. */
final class Lane {
    private final RedisLink link;
    private final int number;

    Lane(RedisLink link, int number) {
        this.link = link;
        this.number = number;
    }

    Future<Response> run(Script script, List<byte[]> touched, List<byte[]> args) {
        return link.submit(() -> Errand.script(script, touched, args), number).map(RedisLink::answered);
    }

    /**
     * Runs a script, and then waits until replicas have what was written over this connection. Fails if they have it not in time: then it is written, and may be lost in a failover.
     *
     * @param by what to wait for, and after which answers
     */
    Future<Response> run(Script script, List<byte[]> touched, List<byte[]> args, Confirmation by) {
        return link.submit(() -> Errand.script(script, touched, args).confirmed(by), number)
                .map(RedisLink::answered);
    }

    /**
     * Sends a command that may take longer than others.
     *
     * @param millis how long it may block on the server, beside the usual deadline
     * @param key that it is about, wherever it stands among {@code args}
     */
    Future<@Nullable Response> blocking(long millis, byte[] key, Command command, Object... args) {
        return link.submit(() -> Errand.blocking(millis, key, command, args), number);
    }

    /** Gives the connection up, and with it what is under way on it. */
    Future<Void> close() {
        return link.close(number);
    }
}
