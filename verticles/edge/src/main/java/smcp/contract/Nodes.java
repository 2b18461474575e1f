package smcp.contract;

import io.vertx.core.Future;
import java.util.List;

/** The nodes of the cluster, for those who operate them. Any thread. */
public interface Nodes {
    /** All live ones, as this node knows them, itself first. */
    List<NodeReport> all();

    /**
     * Stops a node in order, as SIGTERM does: calls in flight end, new ones go to the others. Completes when it has begun.
     *
     * @param node its id or name
     * @return fails with {@link smcp.bus.Fault.Kind#NOT_FOUND} if no live node is called so
     */
    Future<Void> drain(String node);
}
