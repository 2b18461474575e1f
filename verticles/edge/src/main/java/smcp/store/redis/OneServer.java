package smcp.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Set;

/** One address that leads to the master. */
final class OneServer extends Topology {
    private final Dialer dialer;
    private final Endpoint endpoint;

    OneServer(Vertx vertx, Dialer dialer, Endpoint endpoint, Runnable changed) {
        super(vertx, changed);
        this.dialer = dialer;
        this.endpoint = endpoint;
    }

    @Override
    Future<Boolean> look() {
        return Future.succeededFuture(false);
    }

    @Override
    Endpoint master(int slot) {
        return endpoint;
    }

    @Override
    Set<Endpoint> masters() {
        return Set.of(endpoint);
    }

    @Override
    Future<Dialer.Dialed> dial(Endpoint target) {
        return dialer.server(target);
    }
}
