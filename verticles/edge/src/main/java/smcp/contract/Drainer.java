package smcp.contract;

import io.vertx.core.Future;
import smcp.tenant.VersionRef;

/** Ends what serves a version on this node: calls in flight finish within their limits, nothing new begins. */
@FunctionalInterface
public interface Drainer {
    /** Completes when nothing of the version is left on this node. */
    Future<Void> retire(VersionRef version);
}
