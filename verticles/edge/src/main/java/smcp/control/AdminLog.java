package smcp.control;

import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import smcp.bus.Fault;
import smcp.tenant.Shown;

/** Who did what on the control plane, and how it ended. Names, never bodies or tokens; reads only for those who look closely. */
final class AdminLog {
    private static final Logger log = LoggerFactory.getLogger(AdminLog.class);

    private AdminLog() {}

    static void done(RoutingContext http, Endpoint endpoint, @Nullable Caller caller, String requestId) {
        write(http, endpoint, caller, requestId, "done");
    }

    static void refused(
            RoutingContext http, Endpoint endpoint, @Nullable Caller caller, Fault fault, String requestId) {
        write(http, endpoint, caller, requestId, fault.kind().name());
    }

    private static void write(
            RoutingContext http, Endpoint endpoint, @Nullable Caller caller, String requestId, String outcome) {
        var read = endpoint.method().equals(HttpMethod.GET);
        log.atLevel(read ? Level.DEBUG : Level.INFO)
                .addKeyValue("by", caller == null ? "nobody" : caller.name())
                .addKeyValue("action", endpoint.method().name() + " " + Shown.of(http.normalizedPath()))
                .addKeyValue("outcome", outcome)
                .addKeyValue("request", requestId)
                .log("admin action");
    }
}
