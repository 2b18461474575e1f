package smcp.store.redis;

import static smcp.store.Samples.get;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import smcp.store.Durability;
import smcp.store.StateBounds;
import smcp.store.redis.RedisConfig.Limits;
import smcp.store.redis.RedisConfig.Mode;
import smcp.store.redis.RedisConfig.Registry;
import smcp.store.redis.RedisConfig.Required;
import smcp.testing.RealRedis;

/** Nodes that share servers, each with a link of its own. */
final class RedisNodes implements AutoCloseable {
    private static final Durability UNSAID =
            new Durability(Durability.Level.SYSTEM, Durability.Fencing.COMPARED, "a test's");

    private final Vertx vertx = Vertx.vertx();
    private final List<RedisLink> links = new ArrayList<>();
    private final Mode mode;
    private final List<String> endpoints;
    private int states;

    private RedisNodes(Mode mode, List<String> endpoints) {
        this.mode = mode;
        this.endpoints = endpoints;
    }

    static RedisNodes of(RealRedis.Server server) {
        return new RedisNodes(Mode.STANDALONE, List.of(server.address()));
    }

    static RedisNodes of(RealRedis.Cluster cluster) {
        return new RedisNodes(Mode.CLUSTER, cluster.addresses());
    }

    static RedisNodes of(RealRedis.Watched watched) {
        return new RedisNodes(Mode.SENTINEL, List.of(watched.sentinel().address()));
    }

    /** A state that nobody else sees. */
    RedisState alone(StateBounds bounds) {
        return new RedisState(link("alone" + states++), bounds, UNSAID, "alone");
    }

    /** One more node's view of what they all share. */
    RedisState node() {
        return node("node" + states++);
    }

    /** What a node of this name sees that has just started. */
    RedisState node(String name) {
        return new RedisState(link("shared"), StateBounds.DEFAULT, UNSAID, name);
    }

    RedisLink link(String prefix) {
        var link = get(RedisLink.open(
                vertx,
                new RedisConfig(
                        mode,
                        endpoints,
                        mode == Mode.SENTINEL ? "main" : null,
                        null,
                        null,
                        null,
                        prefix,
                        Limits.DEFAULT,
                        Registry.DEFAULT,
                        Required.REQUIRE)));
        links.add(link);
        return link;
    }

    @Override
    public void close() {
        links.forEach(link -> get(link.close()));
        get(vertx.close());
    }
}
