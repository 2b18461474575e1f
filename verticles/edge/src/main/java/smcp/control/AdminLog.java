package smcp.control;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import smcp.bus.Fault;
import smcp.contract.AuditTrail;
import smcp.contract.AuditTrail.Action;
import smcp.tenant.Shown;

/** Who did what on the control plane, and how it ended: into the audit log, and into the node's own for whoever looks on. Names, never bodies or tokens. What only reads is no action; it is logged for those who look closely. */
final class AdminLog {
    private static final Logger log = LoggerFactory.getLogger(AdminLog.class);

    private final AuditTrail trail;

    AdminLog(AuditTrail trail) {
        this.trail = trail;
    }

    /** @throws Fault if what {@code endpoint} does could not be recorded now */
    void admit(Endpoint endpoint) {
        var refusal = reads(endpoint) ? null : trail.refusal();
        if (refusal != null) {
            throw refusal;
        }
    }

    /** Completes when the record is durable: only then is the answer given. */
    Future<Void> done(RoutingContext http, Endpoint endpoint, @Nullable Caller caller, String requestId) {
        return write(http, endpoint, caller, requestId, "done");
    }

    Future<Void> refused(
            RoutingContext http, Endpoint endpoint, @Nullable Caller caller, Fault fault, String requestId) {
        return write(http, endpoint, caller, requestId, fault.kind().name());
    }

    private Future<Void> write(
            RoutingContext http, Endpoint endpoint, @Nullable Caller caller, String requestId, String outcome) {
        var by = caller == null ? "nobody" : caller.name();
        var action = endpoint.method().name() + " " + Shown.of(http.normalizedPath());
        log.atLevel(reads(endpoint) ? Level.DEBUG : Level.INFO)
                .addKeyValue("by", by)
                .addKeyValue("action", action)
                .addKeyValue("outcome", outcome)
                .addKeyValue("request", requestId)
                .log("admin action");
        return reads(endpoint) ? Future.succeededFuture() : trail.admin(new Action(by, action, outcome, requestId));
    }

    private static boolean reads(Endpoint endpoint) {
        return endpoint.method().equals(HttpMethod.GET);
    }
}
