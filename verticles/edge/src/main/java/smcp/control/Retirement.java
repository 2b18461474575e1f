package smcp.control;

import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Drainer;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.VersionRef;

/** Ends what no longer serves. Nobody waits for it: calls in flight may take their time, and whoever switched has an answer as soon as nothing new begins. */
final class Retirement {
    private static final Logger log = LoggerFactory.getLogger(Retirement.class);

    private final Drainer drainer;

    Retirement(Drainer drainer) {
        this.drainer = drainer;
    }

    /** Completes when all are gone from this node. Never fails; the log has what went wrong. */
    Future<Void> retire(Collection<VersionRef> versions) {
        return Future.join(versions.stream().map(this::retire).toList()).mapEmpty();
    }

    private Future<Void> retire(VersionRef version) {
        return Future.succeededFuture(version).compose(drainer::retire).recover(cause -> {
            log.atWarn()
                    .addKeyValue("tenant", version.tenant())
                    .addKeyValue("version", version.number())
                    .setCause(cause)
                    .log("version not retired");
            return Future.succeededFuture();
        });
    }

    /** The versions that served before and do not now. */
    static List<VersionRef> noLongerServing(Tenant before, Tenant now) {
        var serving = now.active().stream().map(Share::version).toList();
        return before.active().stream()
                .map(Share::version)
                .distinct()
                .filter(number -> !serving.contains(number))
                .map(number -> new VersionRef(before.id(), number))
                .toList();
    }
}
