package smcp.engine;

import java.util.Optional;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.tenant.EngineKind;
import smcp.tenant.Limits;

/** Engines that run Java tenants inside the node: fast, and no isolation at all. */
final class VerticleEngines implements EngineFactory {
    /** Threads beyond this cost more than the waiting they save. */
    private static final int MOST_THREADS = 256;

    @Override
    public EngineKind kind() {
        return EngineKind.VERTICLE;
    }

    @Override
    public int poolSize(Limits limits) {
        return Math.min(limits.concurrency(), MOST_THREADS);
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public boolean unboxed() {
        return true;
    }

    @Override
    public Engine create(Spec spec, Engine.Listener listener) {
        return new VerticleEngine(spec, listener, poolSize(spec.limits()));
    }
}
