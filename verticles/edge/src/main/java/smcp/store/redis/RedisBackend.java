package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;
import smcp.contract.ValueStore;
import smcp.store.Backend;
import smcp.store.Copies;
import smcp.store.Durability;
import smcp.store.Health;
import smcp.store.RegistryStore;
import smcp.store.State;
import smcp.store.StateBounds;

/** Registry, state and values of a cluster in one Redis, over one link. */
public final class RedisBackend implements Backend {
    private final RedisLink link;
    private final RedisRegistryStore registry;
    private final RedisState state;
    private final RedisValues values;
    private final Durability valuesDurability;

    private RedisBackend(RedisLink link, RedisCheck.Promised promised, StateBounds bounds, String node) {
        this.link = link;
        this.registry = new RedisRegistryStore(link, promised.registry());
        this.state = new RedisState(link, bounds, promised.values(), node);
        this.values = new RedisValues(link);
        this.valuesDurability = promised.values();
    }

    /**
     * Connects, checks what the servers keep, and brings the layout forward. Fails with {@link smcp.bus.Fault.Kind#STORE_UNAVAILABLE} and a sentence for the operator if Redis cannot be reached, keeps less than the configuration requires, or
     * was written by a newer program; no connection stays then.
     *
     * @param bounds of the logs
     * @param node who asks: the same after each restart, and no other's
     */
    public static Future<RedisBackend> open(Vertx vertx, RedisConfig config, StateBounds bounds, String node) {
        return open(vertx, config, bounds, node, RedisSchema::refuseHalfRestored);
    }

    /** The same although it is being restored. */
    static Future<RedisBackend> restoring(Vertx vertx, RedisConfig config, StateBounds bounds, String node) {
        return open(vertx, config, bounds, node, _ -> Future.succeededFuture());
    }

    private static Future<RedisBackend> open(
            Vertx vertx, RedisConfig config, StateBounds bounds, String node, Function<RedisLink, Future<Void>> look) {
        return RedisLink.open(vertx, config)
                .compose(link -> RedisCheck.check(link)
                        .compose(promised -> look.apply(link)
                                .compose(_ -> RedisSchema.migrate(link))
                                .map(_ -> new RedisBackend(link, promised, bounds, node)))
                        .recover(cause -> link.close().transform(_ -> Future.failedFuture(cause))))
                .recover(cause -> Future.failedFuture(RedisFaults.atStart(config, cause)));
    }

    @Override
    public RegistryStore registry() {
        return registry;
    }

    @Override
    public State state() {
        return state;
    }

    @Override
    public ValueStore values() {
        return values;
    }

    @Override
    public Copies copies() {
        return new RedisCopies(link, registry, values);
    }

    @Override
    public Durability valuesDurability() {
        return valuesDurability;
    }

    @Override
    public List<Health> health() {
        return List.of(link.health());
    }

    @Override
    public Future<Void> close() {
        return registry.close().eventually(link::close);
    }
}
