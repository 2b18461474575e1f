package smcp.store.redis;

import io.vertx.core.Future;
import smcp.contract.ChangeLog;
import smcp.contract.EventLog;
import smcp.contract.ExchangeStore;
import smcp.contract.SessionStore;
import smcp.contract.SpentStates;
import smcp.store.Durability;
import smcp.store.State;
import smcp.store.StateBounds;

/** Sessions and logs in Redis, for all nodes of a deployment. All of a tenant is in one slot; each change is one script. The link is not its own: who opened that closes it. */
final class RedisState implements State {
    private final SessionStore sessions;
    private final EventLog events;
    private final ChangeLog changes;
    private final ExchangeStore exchanges;
    private final SpentStates spent;
    private final Durability durability;

    /** @param node whose state this is: the same after each restart, and no other's */
    RedisState(RedisLink link, StateBounds bounds, Durability durability, String node) {
        var keys = new StateKeys(link.keys());
        var running = new NodeStreams(link, keys, node);
        this.sessions = new RedisSessions(link, keys);
        this.events = new RedisEvents(link, keys, bounds, running);
        this.changes = new RedisChanges(link, keys, bounds.changes());
        this.exchanges = new RedisExchanges(link, keys, running);
        this.spent = new RedisSpent(link, keys);
        this.durability = durability;
    }

    @Override
    public SessionStore sessions() {
        return sessions;
    }

    @Override
    public EventLog events() {
        return events;
    }

    @Override
    public ChangeLog changes() {
        return changes;
    }

    @Override
    public ExchangeStore exchanges() {
        return exchanges;
    }

    @Override
    public SpentStates spent() {
        return spent;
    }

    @Override
    public Durability durability() {
        return durability;
    }

    @Override
    public void expire(long nanoTime) {
        // the link has deadlines of its own
    }

    @Override
    public Future<Void> close() {
        return Future.succeededFuture();
    }
}
