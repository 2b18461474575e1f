package smcp.store.redis;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.store.Backend;
import smcp.store.Place;
import smcp.store.StateBounds;

/** Everything under one prefix in Redis, for a restore. While it lasts, the registry's {@code meta} bears a mark with which no node opens it, whichever machine the node is on. */
public final class RedisPlace implements Place<Backend> {
    private static final long LONGEST_MINUTES = 60;

    private final Vertx vertx;
    private final RedisConfig config;
    private final StateBounds bounds;
    private final String node;

    /** As for {@link RedisBackend#open}. */
    public RedisPlace(Vertx vertx, RedisConfig config, StateBounds bounds, String node) {
        this.vertx = vertx;
        this.config = config;
        this.bounds = bounds;
        this.node = node;
    }

    @CanIgnoreReturnValue
    private <T extends @Nullable Object> T with(Function<RedisLink, Future<T>> work) {
        var done =
                RedisLink.open(vertx, config).compose(link -> work.apply(link).eventually(link::close));
        try {
            return done.await(LONGEST_MINUTES, TimeUnit.MINUTES);
        } catch (TimeoutException e) {
            throw RedisFaults.unavailable("it was not done within " + LONGEST_MINUTES + " minutes");
        }
    }

    private String shown() {
        return "what is under the prefix " + config.prefix() + " in Redis (" + String.join(", ", config.endpoints())
                + ")";
    }

    private static byte[] meta(RedisLink link) {
        return new RegistryKeys(link.keys()).meta();
    }

    @Override
    public @Nullable String occupied() {
        var there = with(link -> link.command(Command.EXISTS, meta(link))
                .map(answer -> Answer.of(answer).yes()));
        return there ? shown() : null;
    }

    /** The mark first: from then on no node opens what is being removed. */
    @Override
    public String clear(@Nullable Path aside) {
        with(link -> mark(link).compose(_ -> link.removeAllBut(meta(link))).compose(_ -> onlyMark(link)));
        return "removed " + shown();
    }

    private static Future<Void> mark(RedisLink link) {
        return link.command(Command.HSET, meta(link), RedisSchema.RESTORING, "1")
                .mapEmpty();
    }

    private static Future<Void> onlyMark(RedisLink link) {
        return link.command(Command.HDEL, meta(link), "schema", "revision", "mark", "floor")
                .mapEmpty();
    }

    @Override
    public Opened<Backend> open() {
        with(RedisPlace::mark);
        var opened = RedisBackend.restoring(vertx, config, bounds, node);
        try {
            Backend backend = opened.await(1, TimeUnit.MINUTES);
            return new Opened<>(backend, backend::close);
        } catch (TimeoutException e) {
            throw new Fault(Fault.Kind.STORE_UNAVAILABLE, "Redis did not open within a minute", e);
        }
    }

    @Override
    public void finished() {
        with(link ->
                link.command(Command.HDEL, meta(link), RedisSchema.RESTORING).<Void>mapEmpty());
    }
}
