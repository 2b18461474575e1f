package smcp.contract;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;
import smcp.bus.Fault;
import smcp.tenant.Principal;
import smcp.tenant.TenantId;

/** Where it is kept who did what. Any thread; nothing here blocks. */
public interface AuditTrail {
    /** Why nothing may be done now: it could not be recorded. Null if it can be, or if the operator said to serve all the same. */
    @Nullable
    Fault refusal();

    /** A call that the gate refused; one that was admitted is recorded when it ends ({@link Account}). */
    void refused(TenantId tenant, Principal principal, String method, String name, Fault why);

    /** Records what was done on the control plane; completes when the record is on the disk, or fails with {@link Fault.Kind#STORE_UNAVAILABLE}. */
    Future<Void> admin(Action action);

    /**
     * Something done on the control plane.
     *
     * @param by who; nobody has proved anything if it is {@code nobody}
     * @param what method and path
     * @param outcome {@code done}, or the kind of the fault
     * @param request id of the request, as its caller was told
     */
    record Action(String by, String what, String outcome, String request) {}

    /** Keeps nothing; for tests and tools. */
    AuditTrail NONE = new AuditTrail() {
        @Override
        public @Nullable Fault refusal() {
            return null;
        }

        @Override
        public void refused(TenantId tenant, Principal principal, String method, String name, Fault why) {}

        @Override
        public Future<Void> admin(Action action) {
            return Future.succeededFuture();
        }
    };
}
