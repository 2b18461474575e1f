package smcp.store.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongFunction;
import smcp.store.StateBounds;
import smcp.store.StoreConfig;
import smcp.store.Stores;
import smcp.store.redis.RedisBackend;
import smcp.store.redis.RedisConfig;
import smcp.testing.RealRedis;

/** A Redis that syncs each write, beside one pipelined connection of the same client library to it, and plain commands. */
final class RedisBed implements Bed {
    private static final int MANY = 32;

    private final Vertx vertx;
    private final RealRedis.Server server;
    private final Stores stores;
    private final Redis client;
    private final RedisConnection connection;
    private final StateLoads loads;

    RedisBed(Vertx vertx, Path folder) throws IOException, TimeoutException {
        this.vertx = vertx;
        this.server = RealRedis.standalone("appendfsync always");
        var config = RedisConfig.of(RedisConfig.Mode.STANDALONE, List.of("127.0.0.1:" + server.port()), null);
        var directory = Files.createDirectories(folder);
        this.stores = Stores.open(
                        vertx,
                        StoreConfig.defaults(directory),
                        _ -> RedisBackend.open(vertx, config, StateBounds.DEFAULT, "bench")
                                .map(opened -> opened))
                .await(20, TimeUnit.SECONDS);
        this.client = Redis.createClient(vertx, "redis://127.0.0.1:" + server.port());
        this.connection = client.connect().await(10, TimeUnit.SECONDS);
        this.loads = new StateLoads(vertx, stores);
        loads.fill();
    }

    @Override
    public List<Pair> pairs() throws TimeoutException {
        for (var n = 0; n < StateLoads.KEYS; n++) {
            var _ = set(n).await(10, TimeUnit.SECONDS);
        }
        var all = new ArrayList<Pair>();
        for (var callers : new int[] {1, MANY}) {
            all.add(pair("commit to the registry", callers, loads.commits(callers), this::set, "SET"));
            all.add(pair("put a value of 1 KiB", callers, loads.puts(callers), this::set, "SET"));
            all.add(pair("get a value of 1 KiB", callers, loads.gets(callers), this::get, "GET"));
            all.add(pair("create a session", callers, loads.sessions(callers), this::set, "SET"));
            all.add(pair("append a frame of 300 B", callers, loads.frames(callers), this::append, "RPUSH"));
        }
        return all;
    }

    private Pair pair(String what, int callers, Load ours, LongFunction<Future<?>> raw, String command) {
        return new Pair("redis", what, callers, ours, Load.async(vertx, callers, raw), command);
    }

    private Future<?> set(long n) {
        return connection.send(
                Request.cmd(Command.SET).arg("raw:" + StateLoads.key(n)).arg(StateLoads.value(n)));
    }

    private Future<?> get(long n) {
        return connection
                .send(Request.cmd(Command.GET).arg("raw:" + StateLoads.key(n)))
                .map(Objects::requireNonNull);
    }

    private Future<?> append(long n) {
        return connection.send(
                Request.cmd(Command.RPUSH).arg("raw:list" + n / 10_000).arg(new byte[StateLoads.FRAME_BYTES]));
    }

    @Override
    public void close() throws TimeoutException {
        client.close();
        stores.close().await(20, TimeUnit.SECONDS);
        server.close();
    }
}
