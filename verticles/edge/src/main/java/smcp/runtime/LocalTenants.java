package smcp.runtime;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Call;
import smcp.contract.CallEvent;
import smcp.contract.CallSink;
import smcp.contract.CatalogueReader;
import smcp.contract.ChangeLog;
import smcp.contract.Drainer;
import smcp.contract.Engine;
import smcp.contract.EngineFactory;
import smcp.contract.Loads;
import smcp.contract.Packages;
import smcp.contract.Probe;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.TenantCall;
import smcp.contract.TenantDirectory;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.EngineKind;
import smcp.tenant.Limits;
import smcp.tenant.Share;
import smcp.tenant.TenantId;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/** All versions that this node has awake, or was asked to wake. Wakes them for a call, lets them sleep when they are idle, and starts one for a moment to read what it offers. */
public final class LocalTenants extends VerticleBase implements TenantCall, Probe, Drainer, Loads, TenantHost.Life {
    private static final Logger log = LoggerFactory.getLogger(LocalTenants.class);

    private static final String TENANT = "tenant/";

    private final RuntimeConfig config;
    private final Map<EngineKind, EngineFactory> engines;
    private final Packages packages;
    private final Registry registry;
    private final TenantDirectory directory;
    private final ChangeLog changes;
    private final CatalogueReader catalogues;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final TenantLogs logs;
    private final PoolGauge.Shared pools;
    private final Map<VersionRef, TenantHost> hosts = new ConcurrentHashMap<>();
    /** Of versions that were withdrawn and have not ended. */
    private final Map<VersionRef, Future<Void>> ends = new ConcurrentHashMap<>();
    /** Retired, but with calls that have not ended. */
    private final Set<TenantHost> leaving = ConcurrentHashMap.newKeySet();

    private final List<Runnable> watchers = new CopyOnWriteArrayList<>();

    public LocalTenants(
            RuntimeConfig config,
            Surroundings surroundings,
            CatalogueReader catalogues,
            MeterRegistry meters,
            InstantSource clock) {
        this.config = config;
        this.engines = surroundings.engines();
        this.packages = surroundings.packages();
        this.registry = surroundings.registry();
        this.directory = surroundings.directory();
        this.changes = surroundings.changes();
        this.catalogues = catalogues;
        this.meters = meters;
        this.pools = new PoolGauge.Shared(meters);
        this.clock = clock;
        this.logs = new TenantLogs(config.logLines(), clock);
    }

    /** What the runtime works with. */
    public record Surroundings(
            Map<EngineKind, EngineFactory> engines,
            Packages packages,
            Registry registry,
            TenantDirectory directory,
            ChangeLog changes) {
        public Surroundings {
            engines = Map.copyOf(engines);
        }
    }

    @Override
    public Future<?> start() {
        vertx.setPeriodic(config.tick().toMillis(), _ -> tick());
        registry.onChange(this::registryChanged);
        meters.gauge("smcp.runtime.awake", hosts, LocalTenants::countAwake);
        return Future.succeededFuture();
    }

    private static double countAwake(Map<VersionRef, TenantHost> hosts) {
        return hosts.values().stream().filter(TenantHost::awake).count();
    }

    @Override
    public Running start(Call call, CallSink sink) {
        while (true) {
            var host = hosts.get(call.version());
            if (host == null) {
                host = host(call.version());
            }
            if (host == null) {
                sink.accept(new CallEvent.Broken(new Fault(Kind.NOT_DEPLOYED, "this version is not deployed")));
                return Running.ENDED;
            }
            var begun = host.start(call, sink);
            if (begun != null) {
                return begun;
            }
            // it went between the look and the call; whoever still may call this version gets a new one
            hosts.remove(call.version(), host);
        }
    }

    private @Nullable TenantHost host(VersionRef version) {
        if (registry.get(RegistryKey.version(version)) == null) {
            return null;
        }
        return hosts.computeIfAbsent(version, ref -> new TenantHost(ref, limits(ref), this, clock));
    }

    private Limits limits(VersionRef version) {
        var entry = directory.byName(version.tenant().value());
        return entry == null ? Limits.DEFAULT : entry.limitsOf(version.number());
    }

    @Override
    public void wake(TenantHost host) {
        var version = registry.get(RegistryKey.version(host.version()));
        if (version == null) {
            host.startFailed(new Fault(Kind.NOT_DEPLOYED, "this version is not deployed"));
            return;
        }
        var began = System.nanoTime();
        var limits = limits(host.version());
        host.limits(limits);
        var listener = new Listening(version.value(), host);
        var verticle = verticle(version.value(), limits, listener);
        listener.verticle = verticle;
        vertx.deployVerticle(verticle, verticle.options())
                .onSuccess(_ -> {
                    meters.timer(
                                    "smcp.runtime.wake",
                                    "engine",
                                    version.value().manifest().engine().word())
                            .record(System.nanoTime() - began, TimeUnit.NANOSECONDS);
                    log.atInfo()
                            .addKeyValue("tenant", host.version())
                            .addKeyValue("durationMs", (System.nanoTime() - began) / 1_000_000)
                            .log("tenant awake");
                    if (!host.started(verticle)) {
                        stop(verticle);
                    }
                })
                .onFailure(cause -> {
                    log.atWarn()
                            .addKeyValue("tenant", host.version())
                            .setCause(cause)
                            .log("tenant did not start");
                    host.startFailed(startFault(cause));
                });
    }

    private static Fault startFault(Throwable cause) {
        var fault = Fault.from(cause);
        return fault.kind() == Kind.INTERNAL
                ? new Fault(Kind.TENANT_BROKEN, "the tenant's server could not be started", cause)
                : fault;
    }

    private TenantVerticle verticle(Version version, Limits limits, Engine.Listener listener) {
        var factory = engines.get(version.manifest().engine());
        if (factory == null) {
            throw new IllegalStateException(
                    "no engine of kind " + version.manifest().engine() + " on this node");
        }
        return new TenantVerticle(version, limits, factory, packages, listener, pools.open(version.ref()));
    }

    @Override
    public void stop(TenantVerticle verticle) {
        verticle.undeploy()
                .onFailure(cause -> log.atWarn().setCause(cause).log("a tenant verticle did not stop in order"));
    }

    @Override
    public Future<CatalogueEdition> read(Version version, Limits limits) {
        var verticle = verticle(version, limits, new Printing(version));
        return vertx.deployVerticle(verticle, verticle.options())
                .recover(cause -> Future.failedFuture(startFault(cause)))
                .compose(_ -> catalogues
                        .read(verticle.engine(), version, 1)
                        .timeout(limits.startTimeout().toMillis(), TimeUnit.MILLISECONDS)
                        .eventually(verticle::undeploy));
    }

    @Override
    public Future<Void> retire(VersionRef version) {
        withdraw(version);
        var ending = ends.get(version);
        return ending == null ? Future.succeededFuture() : ending;
    }

    /** Lets what runs of a version end. A call that was bound to it and comes late wakes it again, and the next change of the tenant withdraws it again. */
    private void withdraw(VersionRef version) {
        var host = hosts.remove(version);
        if (host == null) {
            return;
        }
        host.retire();
        if (!host.gone()) {
            var gone = gone(host, limits(version).callTimeout().toMillis());
            var ending = Objects.requireNonNull(ends.compute(
                    version,
                    (_, before) ->
                            before == null ? gone : Future.join(before, gone).mapEmpty()));
            ending.onComplete(_ -> ends.remove(version, ending));
        }
    }

    /** Waits until the calls that run or wait have ended; what still runs after the longest a call may take is ended with its engine. */
    private Future<Void> gone(TenantHost host, long withinMillis) {
        var promise = Promise.<Void>promise();
        var until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
        leaving.add(host);
        vertx.setPeriodic(20, timer -> {
            var late = System.nanoTime() - until > 0;
            if (host.gone() || late) {
                vertx.cancelTimer(timer);
                host.abort();
                leaving.remove(host);
                promise.complete();
            }
        });
        return promise.future();
    }

    /** The last lines a tenant printed on this node, oldest first. */
    public List<String> printed(TenantId tenant, int lines) {
        return logs.tail(tenant, lines);
    }

    /** Calls running on this node now, those of retired versions included. */
    public int running() {
        return everyHost().mapToInt(TenantHost::running).sum();
    }

    /** Calls on this node that wait for their turn. */
    public int waiting() {
        return everyHost().mapToInt(TenantHost::queued).sum();
    }

    /** Calls on this node that run or wait for their turn. */
    public int unfinished() {
        // in this order, so that a call that gets its turn meanwhile is not missed
        return everyHost().mapToInt(host -> host.queued() + host.running()).sum();
    }

    @Override
    public boolean free(VersionRef version) {
        var host = hosts.get(version);
        return host != null && host.free();
    }

    @Override
    public @Nullable Load of(VersionRef version) {
        var host = hosts.get(version);
        return host == null ? null : host.load(System.nanoTime());
    }

    @Override
    public List<Load> all() {
        var now = System.nanoTime();
        return hosts.values().stream()
                .map(host -> host.load(now))
                .filter(load -> load.phase() != Phase.ASLEEP)
                .toList();
    }

    @Override
    public void onChange(Runnable changed) {
        watchers.add(changed);
    }

    @Override
    public void changed() {
        watchers.forEach(Runnable::run);
    }

    private void tick() {
        var now = System.nanoTime();
        everyHost().forEach(host -> host.tick(now));
    }

    private Stream<TenantHost> everyHost() {
        return Stream.concat(hosts.values().stream(), leaving.stream());
    }

    /** Whichever node a tenant was changed at: what does not serve any more is retired here, too. A session that is bound to an older version wakes it again, for itself. */
    private void registryChanged(String path) {
        if (!path.startsWith(TENANT)) {
            return;
        }
        var id = new TenantId(path.substring(TENANT.length()));
        var tenant = registry.get(RegistryKey.tenant(id));
        if (tenant == null) {
            logs.forget(id);
        }
        var serving = tenant == null
                ? Set.<Integer>of()
                : tenant.value().active().stream().map(Share::version).collect(Collectors.toSet());
        for (var version : hosts.keySet()) {
            if (version.tenant().equals(id) && !serving.contains(version.number())) {
                withdraw(version);
            }
        }
    }

    @Override
    public Future<?> stop() {
        var all = everyHost()
                .map(host -> {
                    var verticle = host.verticle();
                    return verticle == null ? Future.<Void>succeededFuture() : verticle.undeploy();
                })
                .toList();
        hosts.clear();
        leaving.clear();
        return Future.join(all).otherwiseEmpty();
    }

    /** Hears an engine that is only asked for its catalogue. */
    private class Printing implements Engine.Listener {
        final Version version;

        Printing(Version version) {
            this.version = version;
        }

        @Override
        public void changed(ChangeLog.Kind kind, String uri) {
            // nobody listens to a version that is not deployed yet
        }

        @Override
        public void printed(String line) {
            logs.add(version.ref(), line);
        }

        @Override
        public void lost(Fault why) {
            // the question under way fails by itself
        }
    }

    /** Hears the engine of an awake version. */
    private final class Listening extends Printing {
        private final TenantHost host;
        private volatile @Nullable TenantVerticle verticle;
        private @Nullable ChangeWriter writer;

        Listening(Version version, TenantHost host) {
            super(version);
            this.host = host;
        }

        @Override
        public synchronized void changed(ChangeLog.Kind kind, String uri) {
            var from = verticle;
            if (from == null) {
                return;
            }
            if (writer == null) {
                writer = new ChangeWriter(vertx, context, version, registry, changes, catalogues);
            }
            writer.changed(from.engine(), kind, uri);
        }

        @Override
        public void lost(Fault why) {
            log.atWarn().addKeyValue("tenant", version.ref()).log("tenant lost: " + why.message());
            // its owner reads these lines, and not the node's
            logs.add(version.ref(), "(smcp) " + why.message());
            meters.counter(
                            "smcp.runtime.lost",
                            "engine",
                            version.manifest().engine().word())
                    .increment();
            var which = verticle;
            if (which != null) {
                host.lost(which, why);
            }
        }
    }

    /** For the node's wiring: deploys this. */
    public Future<String> deployOn(Vertx vertx) {
        return vertx.deployVerticle(this);
    }
}
