package smcp.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import smcp.store.redis.RedisBackend;
import smcp.store.redis.RedisConfig;
import smcp.testing.RealRedis;

/** A store that is to survive kills: how it is opened, and what is killed besides the process that writes. */
interface CrashTarget extends AutoCloseable {
    /** Opens it, in the writer or in whoever looks afterwards. */
    Future<Stores> open(Vertx vertx);

    /** The two words from which {@link #of} makes it in another process. */
    String kind();

    String place();

    /** Kills the process that writes, or what the store runs on, if that is a process of its own, or both. A writer whose store is gone ends by itself. */
    default void kill(ProcessHandle writer, Random random) {
        var _ = writer.destroyForcibly();
    }

    /** Starts again what {@link #kill} killed of the store. */
    default void revive() {}

    /** Ends what the store runs on. */
    @Override
    default void close() {}

    /** A new one, with its data in {@code directory}. */
    static CrashTarget begin(String kind, Path directory) {
        return kind.equals("redis")
                ? new Redis(RealRedis.standalone("appendfsync always"), directory)
                : of(kind, directory.toString());
    }

    /** One that is there. */
    static CrashTarget of(String kind, String place) {
        return switch (kind) {
            case "sqlite" -> new Sqlite(Path.of(place));
            case "redis" -> Redis.at(place);
            default ->
                throw new IllegalArgumentException(
                        "there is no store \"" + kind + "\" to crash; there are sqlite and redis");
        };
    }

    /** Files in a data directory. */
    record Sqlite(Path data) implements CrashTarget {
        @Override
        public Future<Stores> open(Vertx vertx) {
            return Stores.open(vertx, StoreConfig.defaults(data));
        }

        @Override
        public String kind() {
            return "sqlite";
        }

        @Override
        public String place() {
            return data.toString();
        }
    }

    /** A server that syncs each write before it answers; killed as often as its writers. */
    final class Redis implements CrashTarget {
        private final RealRedis.@Nullable Server server;
        private final int port;
        private final Path directory;

        Redis(RealRedis.Server server, Path directory) {
            this.server = server;
            this.port = server.port();
            this.directory = directory;
        }

        private Redis(int port, Path directory) {
            this.server = null;
            this.port = port;
            this.directory = directory;
        }

        static Redis at(String place) {
            var words = place.split(":", 2);
            return new Redis(Integer.parseInt(words[0]), Path.of(words[1]));
        }

        @Override
        public Future<Stores> open(Vertx vertx) {
            var config = RedisConfig.of(RedisConfig.Mode.STANDALONE, List.of("127.0.0.1:" + port), null);
            return Stores.open(
                    vertx,
                    StoreConfig.defaults(directory),
                    _ -> RedisBackend.open(vertx, config, StateBounds.DEFAULT, "crash")
                            .map(opened -> opened));
        }

        @Override
        public String kind() {
            return "redis";
        }

        @Override
        public String place() {
            return port + ":" + directory;
        }

        @Override
        public void kill(ProcessHandle writer, Random random) {
            var which = random.nextInt(3);
            if (which != 0 && server != null) {
                server.kill();
            }
            if (which != 1) {
                var _ = writer.destroyForcibly();
            }
        }

        @Override
        public void revive() {
            if (server != null && !server.alive()) {
                server.start();
            }
        }

        @Override
        public void close() {
            if (server != null) {
                server.close();
            }
        }
    }
}
