package smcp.node;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import smcp.contract.Gate;
import smcp.contract.LegacyHost;
import smcp.contract.Readiness;
import smcp.contract.Standing;
import smcp.contract.TenantDirectory;
import smcp.ingress.IngressConfig;
import smcp.ingress.IngressVerticle;
import smcp.modern.ModernConfig;
import smcp.modern.ModernEra;
import smcp.session.LegacyEra;
import smcp.session.LegacyHosts;
import smcp.session.LegacyState;
import smcp.session.LegacySteps;
import smcp.session.SessionStreams;
import smcp.tenant.TenantId;

/** Where MCP clients connect: one {@link IngressVerticle} for each event loop, sharing a port and little else. */
final class DataPlane {
    private final Vertx vertx;
    private final IngressConfig config;
    private final Served served;
    private final List<IngressVerticle> ingresses = new CopyOnWriteArrayList<>();
    private final List<ModernEra> modernEras = new CopyOnWriteArrayList<>();
    private final AtomicBoolean first = new AtomicBoolean(true);
    private @Nullable String deployment;

    /**
     * What is served, and by whom.
     *
     * @param hosts executes legacy calls here
     * @param nearest executes them on the node that serves them best
     * @param sweeps begins to sweep, on one event loop
     */
    record Served(
            TenantDirectory directory,
            Gate gate,
            Supplier<Readiness> readiness,
            ModernEra.Steps modern,
            ModernConfig modernConfig,
            LegacySteps legacy,
            LegacyState sessions,
            LegacyHosts hosts,
            LegacyHost nearest,
            Consumer<LegacyEra> sweeps,
            String region,
            InstantSource clock) {}

    DataPlane(Vertx vertx, IngressConfig config, Served served) {
        this.vertx = vertx;
        this.config = config;
        this.served = served;
    }

    /** Listens. */
    Future<Void> open() {
        // one deployment: only its instances can share a port that the system chose
        return vertx.deployVerticle(this::instance, new DeploymentOptions().setInstances(instances()))
                .onSuccess(id -> deployment = id)
                .mapEmpty();
    }

    private int instances() {
        return config.instances() > 0
                ? config.instances()
                : Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    private IngressVerticle instance() {
        var verticle = new IngressVerticle(config, served.directory(), served.gate(), served.readiness(), this::eras);
        ingresses.add(verticle);
        return verticle;
    }

    /** Called on the event loop they are for. */
    private IngressVerticle.Eras eras(Vertx own) {
        var modern = new ModernEra(own, served.modern(), served.modernConfig(), served.region(), served.clock());
        modernEras.add(modern);
        var legacy = new LegacyEra(
                served.legacy(),
                served.sessions(),
                served.hosts(),
                served.nearest(),
                (ContextInternal) own.getOrCreateContext(),
                served.region());
        if (first.compareAndSet(true, false)) {
            served.sweeps().accept(legacy);
        }
        return new IngressVerticle.Eras(legacy, modern, new SessionStreams(served.legacy(), served.sessions(), legacy));
    }

    int port() {
        return ingresses.getFirst().port();
    }

    /** Open listen streams. */
    int listening() {
        return modernEras.stream().mapToInt(ModernEra::listening).sum();
    }

    /** Ends the listen streams of a tenant that is not served any more, or of all (null). */
    void finish(@Nullable TenantId tenant) {
        modernEras.forEach(era -> era.finish(tenant));
    }

    /** Ends the listen streams of callers who would not be let in any more. */
    void finishUnless(Standing standing) {
        modernEras.forEach(era -> era.finishUnless(standing));
    }

    /** Asks clients to make their next requests elsewhere; goes on serving. */
    void leaving() {
        ingresses.forEach(IngressVerticle::leaving);
    }

    /** Takes no more connections and lets the requests under way end, for so long at most. */
    Future<?> shutdown(Duration within) {
        return Future.join(
                ingresses.stream().map(verticle -> verticle.shutdown(within)).toList());
    }

    /** At once. */
    Future<Void> close() {
        return deployment == null
                ? Future.succeededFuture()
                : vertx.undeploy(deployment).otherwiseEmpty();
    }
}
