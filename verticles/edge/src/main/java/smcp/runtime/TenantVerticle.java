package smcp.runtime;

import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.internal.ContextInternal;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.contract.Packages;
import smcp.tenant.Limits;
import smcp.tenant.Version;

/**
 * One awake version of a tenant on this node: its engine, and the named worker pool on which the engine blocks. Both exist exactly as long as this is deployed.
 */
final class TenantVerticle extends VerticleBase {
    private final Version version;
    private final Limits limits;
    private final EngineFactory engines;
    private final Packages packages;
    private final Engine.Listener listener;
    private final PoolGauge gauge;
    private @Nullable Engine engine;
    private @Nullable String id;

    TenantVerticle(
            Version version,
            Limits limits,
            EngineFactory engines,
            Packages packages,
            Engine.Listener listener,
            PoolGauge gauge) {
        this.version = version;
        this.limits = limits;
        this.engines = engines;
        this.packages = packages;
        this.listener = listener;
        this.gauge = gauge;
    }

    /** Pool and thread names tell whose work a node is doing. A pipe's reader blocks for as long as the tenant is awake, so the pool's blocked-thread check would only ever cry wolf. */
    DeploymentOptions options() {
        return new DeploymentOptions()
                .setWorkerPoolName("tenant-" + version.ref().tenant() + "-v"
                        + version.ref().number())
                .setWorkerPoolSize(engines.poolSize(limits))
                .setMaxWorkerExecuteTime(Long.MAX_VALUE)
                .setMaxWorkerExecuteTimeUnit(TimeUnit.NANOSECONDS);
    }

    @Override
    public Future<?> start() {
        id = context.deploymentID();
        return packages.root(version.packageHash())
                .compose(root -> {
                    var created = engines.create(
                            new EngineFactory.Spec(
                                    version.ref(),
                                    version.manifest(),
                                    root,
                                    limits,
                                    vertx,
                                    gauge.counted(pool(context))),
                            listener);
                    engine = created;
                    return created.start();
                })
                .onFailure(_ -> gauge.close());
    }

    /** The verticle's own pool as an executor: {@code executeBlocking} would come back to the event loop after every task, which nobody here waits for. */
    private static Executor pool(Context context) {
        return ((ContextInternal) context).workerPool().executor();
    }

    Engine engine() {
        var running = engine;
        if (running == null) {
            throw new IllegalStateException(version.ref() + " has not started");
        }
        return running;
    }

    /** Undeploys this verticle: its engine is closed first. */
    Future<Void> undeploy() {
        var deployed = id;
        return deployed == null ? Future.succeededFuture() : vertx.undeploy(deployed);
    }

    @Override
    public Future<?> stop() {
        gauge.close();
        var running = engine;
        return running == null ? Future.succeededFuture() : running.close();
    }
}
