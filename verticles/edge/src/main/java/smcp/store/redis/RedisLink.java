package smcp.store.redis;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.store.Caller;
import smcp.store.Health;
import smcp.store.redis.RedisConfig.Mode;

/**
 * The way to Redis, whatever the servers stand like. It follows the master (Sentinel) or the slots (Cluster) by itself and makes lost connections again. Every command has a deadline and there is a bound on how many are under way; each failure is a
 * {@link Fault.Kind#STORE_UNAVAILABLE} with the reason, which says so if it is not known whether the command was done. Nothing is sent twice unless Redis said that it was not done.
 *
 * <p>A pipelined connection answers in order, so the commands of one key are done in the order in which one thread gives them, as long as no connection breaks. Callers may be any thread, and are answered on their own context.
 */
final class RedisLink implements Wire.Watcher {
    private static final Logger log = LoggerFactory.getLogger(RedisLink.class);

    /** The sentinels are asked this often for their master: one that was cut off from them does not say that it is master no more. */
    private static final long WATCH_MILLIS = 3_000;

    private final Vertx vertx;
    private final RedisConfig config;
    private final RedisKeys keys;
    private final Dialer dialer;
    private final Context home;
    private final Topology topology;
    private final Map<Endpoint, Map<Integer, Wire>> wires = new HashMap<>();
    private final Set<Endpoint> unreachable = new HashSet<>();
    private final Health health = new Health("redis", this::probe);
    private final AtomicInteger lanes;
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong waitingBytes = new AtomicLong();
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
    private final String deployment;
    private volatile boolean closed;

    private RedisLink(Vertx vertx, RedisConfig config, Context home, String deployment) {
        this.vertx = vertx;
        this.config = config;
        this.home = home;
        this.deployment = deployment;
        this.keys = new RedisKeys(config.prefix());
        this.dialer = new Dialer(vertx, config);
        this.lanes = new AtomicInteger(config.limits().connections());
        var seeds = config.parsedEndpoints();
        this.topology = switch (config.mode()) {
            case STANDALONE -> new OneServer(vertx, dialer, seeds.getFirst(), this::prune);
            case SENTINEL -> new Sentinels(vertx, dialer, seeds, Objects.requireNonNull(config.master()), this::prune);
            case CLUSTER -> new ClusterMap(vertx, dialer, seeds, this::prune);
        };
    }

    /** A link whose servers are known and answer. It has a context of its own, because what a connection is made on closes it: who opens the link may be a worker, or a verticle that ends sooner. */
    static Future<RedisLink> open(Vertx vertx, RedisConfig config) {
        var made = new CompletableFuture<Context>();
        return vertx.deployVerticle(context -> Future.succeededFuture(made.complete(context)), new DeploymentOptions())
                .compose(deployment -> new RedisLink(vertx, config, made.join(), deployment).start());
    }

    private Future<RedisLink> start() {
        return atHome(() -> {
            if (config.mode() == Mode.SENTINEL) {
                vertx.setPeriodic(WATCH_MILLIS, _ -> trouble());
            }
            return topology.refresh()
                    .compose(_ -> reachAll())
                    .map(_ -> this)
                    .recover(cause -> shut().transform(_ -> Future.failedFuture(cause)));
        });
    }

    private Future<?> reachAll() {
        return Future.all(topology.masters().stream()
                .map(endpoint -> wire(endpoint, 0).dialed())
                .toList());
    }

    RedisKeys keys() {
        return keys;
    }

    RedisConfig config() {
        return config;
    }

    /**
     * Runs a script. All keys it touches are among {@code touched}, and of one slot.
     *
     * @param touched its {@code KEYS}; the first decides over the server
     */
    Future<Response> run(Script script, List<byte[]> touched, List<byte[]> args) {
        return submit(() -> Errand.script(script, touched, args), lane(touched.getFirst()))
                .map(RedisLink::answered);
    }

    /**
     * Sends a command of one key, or of several of the same slot.
     *
     * @param key its first argument
     * @param more the others: {@code byte[]}, text or whole numbers
     * @return null if Redis answers nil
     */
    Future<@Nullable Response> command(Command command, byte[] key, Object... more) {
        return submit(() -> Errand.command(command, key, more), lane(key));
    }

    /** Asks each master, in no order. */
    Future<List<Response>> everyMaster(Request question) {
        return atHome(() -> Future.all(topology.masters().stream()
                        .map(endpoint -> ask(endpoint, question))
                        .toList())
                .map(all -> all.<Response>list()));
    }

    private Future<Response> ask(Endpoint endpoint, Request question) {
        var wire = wire(endpoint, 0);
        return wire.dialed()
                .compose(on -> wire.send(on, question, config.limits().commandMillis()))
                .recover(cause -> Future.failedFuture(RedisFaults.sent(cause)))
                .map(RedisLink::answered);
    }

    Health health() {
        return health;
    }

    /** Each master answers, and one of them takes a write. */
    private Future<?> probe() {
        return everyMaster(Request.cmd(Command.PING))
                .compose(_ -> command(Command.SET, keys.platform("probe", "alive"), "1", "PX", "60000"));
    }

    /** Removes every key of the prefix but one, on every server. It looks at all keys there are: for who has the prefix to himself. */
    Future<Void> removeAllBut(byte[] key) {
        return atHome(() -> Future.all(topology.masters().stream()
                        .map(endpoint -> removeAllBut(key, endpoint, "0"))
                        .toList())
                .mapEmpty());
    }

    private Future<Void> removeAllBut(byte[] key, Endpoint endpoint, String cursor) {
        // a prefix has no character that a pattern would take for more than itself
        var scan = Request.cmd(Command.SCAN)
                .arg(cursor)
                .arg("MATCH")
                .arg(config.prefix() + ":*")
                .arg("COUNT")
                .arg(1_000);
        return ask(endpoint, scan).map(Answer::of).compose(page -> {
            var removed = new ArrayList<Future<Response>>();
            var found = page.at(1);
            for (var i = 0; i < found.size(); i++) {
                if (!Arrays.equals(found.bytes(i), key)) {
                    removed.add(ask(endpoint, Request.cmd(Command.UNLINK).arg(found.bytes(i))));
                }
            }
            return Future.all(removed)
                    .compose(_ -> page.text(0).equals("0")
                            ? Future.succeededFuture()
                            : removeAllBut(key, endpoint, page.text(0)));
        });
    }

    /** A connection of its own to the server of each slot, for commands that block it. */
    Lane ownLane() {
        return new Lane(this, lanes.getAndIncrement());
    }

    private int lane(byte[] key) {
        return Slot.of(key) % config.limits().connections();
    }

    static Response answered(@Nullable Response response) {
        if (response == null) {
            throw new Fault(Fault.Kind.INTERNAL, "Redis answered nothing");
        }
        return response;
    }

    /** {@code made} is asked for the errand on the caller's thread. */
    Future<@Nullable Response> submit(Supplier<Errand> made, int lane) {
        var errand = made.get();
        if (!admit(errand)) {
            return Future.failedFuture(
                    RedisFaults.unavailable(closed ? "it is being closed" : "more is waiting for it than it can take"));
        }
        return atHome(() -> new Trip(this, errand, lane).go().onComplete(done -> {
            release(errand);
            health.ended(done.cause());
        }));
    }

    /** Runs {@code something} on the link's own context, and brings its end back to the caller's. */
    <T extends @Nullable Object> Future<T> atHome(Supplier<Future<T>> something) {
        var done = new CompletableFuture<T>();
        var answer = Caller.future(done);
        home.runOnContext(_ -> something.get().onComplete(result -> {
            if (result.succeeded()) {
                done.complete(result.result());
            } else {
                done.completeExceptionally(result.cause());
            }
        }));
        return answer;
    }

    private boolean admit(Errand errand) {
        var limits = config.limits();
        var most = waiting.incrementAndGet();
        var bytes = waitingBytes.addAndGet(errand.weight());
        if (closed || most > limits.waiting() || bytes > limits.waitingBytes()) {
            release(errand);
            return false;
        }
        return true;
    }

    private void release(Errand errand) {
        waitingBytes.addAndGet(-errand.weight());
        if (waiting.decrementAndGet() == 0 && closed) {
            drained.complete(true);
        }
    }

    // ---- on the link's own context

    Vertx vertx() {
        return vertx;
    }

    Topology topology() {
        return topology;
    }

    Wire wire(Endpoint endpoint, int lane) {
        return wires.computeIfAbsent(endpoint, _ -> new HashMap<>())
                .computeIfAbsent(lane, _ -> new Wire(vertx, endpoint, topology::dial, this));
    }

    @Override
    public void opened(Endpoint endpoint) {
        if (unreachable.remove(endpoint)) {
            log.atInfo().addKeyValue("address", endpoint).log("Redis is back");
        }
    }

    /** A server has several connections, and its failure is told once. */
    @Override
    public void lost(Endpoint endpoint, String why) {
        if (unreachable.add(endpoint)) {
            log.atWarn()
                    .addKeyValue("address", endpoint)
                    .addKeyValue("cause", why)
                    .log("the connection to Redis was lost");
        }
        trouble();
    }

    /** Something is not as it was: where is everything now? */
    void trouble() {
        var _ = topology.refresh(); // it logs and repeats itself
    }

    /** Lets go of servers that are masters no more. */
    private void prune() {
        var masters = topology.masters();
        wires.entrySet().removeIf(entry -> {
            if (masters.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().values().forEach(Wire::close);
            unreachable.remove(entry.getKey());
            return true;
        });
    }

    Future<Void> close(int lane) {
        return atHome(() -> {
            for (var each : wires.values()) {
                var wire = each.remove(lane);
                if (wire != null) {
                    wire.close();
                }
            }
            return Future.succeededFuture();
        });
    }

    /** Finishes what is under way, within its deadlines, and refuses what comes. */
    Future<Void> close() {
        if (closed) {
            return Future.succeededFuture();
        }
        closed = true;
        if (waiting.get() == 0) {
            drained.complete(true);
        }
        return Caller.future(drained).compose(_ -> atHome(this::shut));
    }

    /** Ends the context, and with it every timer and socket that was made on it. */
    private Future<Void> shut() {
        closed = true;
        topology.close();
        wires.values().forEach(each -> each.values().forEach(Wire::close));
        wires.clear();
        return vertx.deploymentIDs().contains(deployment) ? vertx.undeploy(deployment) : Future.succeededFuture();
    }
}
