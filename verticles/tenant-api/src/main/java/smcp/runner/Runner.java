package smcp.runner;

import java.lang.reflect.InvocationTargetException;
import org.jspecify.annotations.Nullable;
import smcp.api.ProtocolError;
import smcp.api.TenantServer;

/**
 * Runs one tenant inside this process. Thread-safe. It starts no threads: a call runs where its host runs it.
 *
 * <p>After {@link #close} nothing here refers to the tenant's classes, and a host that forgets the runner and the class loader has
 * forgotten the tenant; what tenant code itself left behind in the JVM (threads, thread locals, shutdown hooks) is not undone.
 */
public final class Runner implements AutoCloseable {
    private static final String REVISION = "2026-07-28";

    private final StartRequest start;
    private final Workings workings;
    private final Registry registry;
    private final Capabilities capabilities = new Capabilities();
    private volatile @Nullable TenantServer server;

    private Runner(ClassLoader loader, StartRequest start, Outbound outbound) {
        var json = new Json(loader);
        var deriver = new SchemaDeriver(json);
        this.start = start;
        this.workings = new Workings(json, new Questions(json, deriver), outbound, loader);
        this.registry = new Registry(start.server(), outbound, json, deriver);
    }

    /** Loads the entry and lets it register; on this thread, with the tenant's loader as context. */
    public static Runner start(ClassLoader tenantLoader, StartRequest start, Outbound outbound) throws StartFailure {
        var runner = new Runner(tenantLoader, start, outbound);
        var thread = Thread.currentThread();
        var context = thread.getContextClassLoader();
        thread.setContextClassLoader(tenantLoader);
        try {
            runner.configure();
            return runner;
        } catch (Throwable e) { // whatever tenant code does at its start is its failure, not its host's
            runner.close();
            throw StartFailures.of(start.entry(), e);
        } finally {
            thread.setContextClassLoader(context);
        }
    }

    private void configure() throws Exception {
        var type = Class.forName(start.entry(), true, workings.loader());
        if (!TenantServer.class.isAssignableFrom(type))
            throw new IllegalArgumentException("it does not implement " + TenantServer.class.getName());
        TenantServer made;
        try {
            made = (TenantServer) type.getConstructor().newInstance();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) throw cause;
            throw e;
        }
        server = made;
        made.configure(registry);
        registry.open();
        capabilities.see(registry.catalogue());
    }

    /** The whole result of {@code server/discover}; {@code serverInfo} is the host's to stamp. */
    public byte[] discover() {
        var catalogue = registry.catalogue();
        capabilities.see(catalogue);
        var result = workings.json().object().put("resultType", "complete");
        result.putArray("supportedVersions").add(REVISION);
        result.set("capabilities", capabilities.written(workings.json()));
        if (start.instructions() != null) result.put("instructions", start.instructions());
        return workings.json().bytes(Catalogue.cached(result, catalogue.cache()));
    }

    /** The whole result of a list. The array is the caller's own. */
    public byte[] list(CatalogueList kind) {
        return registry.catalogue().list(kind);
    }

    /** Whether the method is served here: its capability is declared, and has not been undeclared by emptying the list since. */
    public boolean serves(String method) {
        capabilities.see(registry.catalogue());
        return capabilities.serve(method);
    }

    /** Whether calls of this tool may run on a thread that must not block. False for an unknown one. */
    public boolean inline(String toolName) {
        var tool = registry.catalogue().tools.get(toolName);
        return tool != null && tool.definition().inline();
    }

    /** Takes a call on; it runs by {@link Execution#run}. Even a refusal is told to the reply only then. */
    public Execution call(RunnerRequest request, RunnerReply reply) {
        var catalogue = registry.catalogue();
        var operation = operation(catalogue, request);
        boolean inline =
                operation instanceof ServedTool<?> tool && tool.definition().inline();
        return new RunningCall(request, reply, workings, operation, !inline);
    }

    private Operation operation(Catalogue catalogue, RunnerRequest request) {
        var name = request.name();
        switch (request.method()) {
            case "tools/call" -> {
                var tool = name == null ? null : catalogue.tools.get(name);
                if (tool != null) return tool;
                if (serves("tools/call")) return refusal(ProtocolError.INVALID_PARAMS, "Unknown tool: " + name);
            }
            case "prompts/get" -> {
                var prompt = name == null ? null : catalogue.prompts.get(name);
                if (prompt != null) return prompt;
                if (serves("prompts/get")) return refusal(ProtocolError.INVALID_PARAMS, "Unknown prompt: " + name);
            }
            case "resources/read" -> {
                if (serves("resources/read")) return new ReadResource(catalogue);
            }
            case "completion/complete" -> {
                if (serves("completion/complete")) return new Complete(catalogue);
            }
            default -> {}
        }
        return refusal(-32601, "Method not found: " + request.method());
    }

    private static Operation refusal(int code, String message) {
        return _ -> {
            throw new ProtocolError(code, message);
        };
    }

    /** Closes the tenant's server if it can be closed, and forgets what it registered. Calls in flight run on. */
    @Override
    public void close() {
        var made = server;
        server = null;
        registry.close();
        if (!(made instanceof AutoCloseable closeable)) return;
        var thread = Thread.currentThread();
        var context = thread.getContextClassLoader();
        thread.setContextClassLoader(workings.loader());
        try {
            closeable.close();
        } catch (Throwable e) { // an undeploy goes on whatever tenant code does
            workings.outbound().tenantFailed("close", e);
        } finally {
            thread.setContextClassLoader(context);
        }
    }
}
