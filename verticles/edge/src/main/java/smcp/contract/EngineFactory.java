package smcp.contract;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import smcp.tenant.EngineKind;
import smcp.tenant.Limits;
import smcp.tenant.Manifest;
import smcp.tenant.VersionRef;

/** Makes the engines of one kind. */
public interface EngineFactory {
    EngineKind kind();

    /** Threads the engine keeps busy or may need at once: the size of the tenant verticle's worker pool. */
    int poolSize(Limits limits);

    /** Why this node cannot run this kind, as a sentence for the operator; empty if it can. */
    Optional<String> missing();

    /** True if code of this kind runs without a box here, so that only what the operator signs for may run. */
    boolean unboxed();

    Engine create(Spec spec, Engine.Listener listener);

    /**
     * What an engine is made for.
     *
     * @param root directory of the unpacked package, read-only for the tenant
     * @param pool runs blocking work on the tenant verticle's own named threads; ends with the verticle
     */
    record Spec(VersionRef version, Manifest manifest, Path root, Limits limits, Vertx vertx, Executor pool) {}
}
