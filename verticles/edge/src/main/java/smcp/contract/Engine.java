package smcp.contract;

import io.vertx.core.Future;
import smcp.bus.Fault;
import smcp.protocol.Json;
import smcp.protocol.Method;

/**
 * Runs the code of one version, on one node, from {@link #start} to {@link #close}. The line to the code is MCP of the modern revision (docs/guides/runner-protocol.md); what an engine gives back is checked, bounded and
 * carries the client's ids. Every method may be called from any thread and none blocks.
 */
public interface Engine extends TenantCall {
    /**
     * Starts the code. Fails with {@link smcp.bus.Fault.Kind#TENANT_BROKEN} saying what is wrong and where if the code does not load, within {@link smcp.tenant.Limits#startTimeout}; nothing is left running then.
     */
    Future<Void> start();

    /** The result of {@code server/discover} or of one of the four lists, whole; no call of a client, so no limits of one. Fails with a {@link smcp.bus.Fault}. */
    Future<Json> ask(Method method);

    /** Ends the code at once, with every call in flight ({@link CallEvent.Broken}). Completes when nothing of it is left: no process, thread, file or class loader. Idempotent. */
    Future<Void> close();

    /** What an engine tells beside its calls. Called on any thread, one at a time; must not block. */
    interface Listener {
        /** A list of the tenant's changed, or one resource's content ({@code uri}; otherwise empty). */
        void changed(ChangeLog.Kind kind, String uri);

        /** A line the tenant printed; already bounded. */
        void printed(String line);

        /** The engine died by itself; every call in flight has been told. Not called after {@link Engine#close}. */
        void lost(Fault why);
    }
}
