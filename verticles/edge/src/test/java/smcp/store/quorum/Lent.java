package smcp.store.quorum;

import static smcp.store.Samples.get;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import smcp.bus.Fault;
import smcp.store.Durability;
import smcp.store.RegistryStore;

/** A member that many tests use one after the other, each beginning with an empty registry: making a group takes seconds. */
final class Lent implements RegistryStore {
    private final Group.Node node;
    private boolean closed;

    Lent(Group.Node node) {
        this.node = node;
    }

    @Override
    public Future<Void> open(Consumer<List<Stored>> feed) {
        var all = new ArrayList<Change>();
        node.live.values().forEach(each -> all.add(new Change(each.path(), each.revision(), null)));
        get(node.store.commit(all));
        node.tap = feed;
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> commit(List<Change> changes) {
        return closed
                ? Future.failedFuture(new Fault(Fault.Kind.STORE_UNAVAILABLE, "given back"))
                : node.store.commit(changes);
    }

    @Override
    public Durability durability() {
        return node.store.durability();
    }

    @Override
    public void expire(long nanoTime) {
        node.store.expire(nanoTime);
    }

    @Override
    public Future<Void> close() {
        closed = true;
        node.tap = _ -> {};
        return Future.succeededFuture();
    }
}
