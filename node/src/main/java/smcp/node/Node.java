package smcp.node;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.audit.AuditLog;
import smcp.audit.AuditedGate;
import smcp.audit.CallMeter;
import smcp.bus.RecordCodec;
import smcp.catalogue.Directory;
import smcp.catalogue.EngineCatalogue;
import smcp.cluster.AcknowledgedRegistry;
import smcp.cluster.Cluster;
import smcp.cluster.PeerPort;
import smcp.contract.Account;
import smcp.contract.EngineFactory;
import smcp.contract.Readiness;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.ResponseCache;
import smcp.contract.TenantDirectory;
import smcp.contract.ValueStore;
import smcp.control.ControlVerticle;
import smcp.control.Deployment;
import smcp.control.Keeping;
import smcp.control.NodeFacts;
import smcp.control.UsageMeter;
import smcp.control.UsageSources;
import smcp.engine.EngineFactories;
import smcp.gate.KeyGate;
import smcp.gate.Revocation;
import smcp.gate.SecretKeys;
import smcp.modern.ChainSeal;
import smcp.modern.ModernEra;
import smcp.runtime.LocalTenants;
import smcp.session.LegacyEra;
import smcp.session.LegacyHosts;
import smcp.session.LegacyState;
import smcp.session.LegacySteps;
import smcp.session.LogFeed;
import smcp.session.LostCalls;
import smcp.session.TenantEnds;
import smcp.store.Backend;
import smcp.store.Health;
import smcp.store.Stores;
import smcp.store.backup.Backup;
import smcp.store.backup.Tally;
import smcp.store.redis.RedisBackend;
import smcp.tenant.EngineKind;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;
import smcp.vault.Sealing;

/** One running node: all wiring is here, and the order in which things start and stop. */
public final class Node {
    private static final Logger log = LoggerFactory.getLogger(Node.class);
    private static final InstantSource CLOCK = Clock.systemUTC();
    /** Of a node that no other can name. */
    private static final String ALONE = "0".repeat(16);

    private static final Duration SWEEP = Duration.ofSeconds(1);
    private static final int SWEEP_MOST = 1_000;
    /** Between two samples of what tenants keep. */
    private static final Duration USAGE = Duration.ofMinutes(1);
    /** For answers that have left their tenant and not yet the node. */
    private static final Duration LAST_BYTES = Duration.ofSeconds(1);

    private final NodeConfig config;
    private final Cluster cluster;
    private final Vertx vertx;
    private final Stores stores;
    /** What the stores run on; they end it themselves. */
    private final Set<String> ofStores;

    /** What is committed through it holds on every node when that is answered. */
    private final Registry registry;

    private final Sealing sealing;
    private final NodeBlobs blobs;
    private final InstantSource clock = CLOCK;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Map<EngineKind, EngineFactory> engines;
    private final AtomicBoolean ready = new AtomicBoolean();
    private final LegacyState legacy;
    private final AuditLog audit;
    private final SecretKeys keys;
    private final TenantDirectory directory;
    private final LocalTenants tenants;
    private final Neighbours neighbours;
    private final Deployment deployment;
    private @Nullable ValueStore values;
    private @Nullable DataPlane dataPlane;
    private @Nullable ControlVerticle control;

    private Node(
            NodeConfig config,
            Joined joined,
            Stores stores,
            Sealing sealing,
            NodeBlobs blobs,
            Map<EngineKind, EngineFactory> engines)
            throws IOException {
        this.config = config;
        this.cluster = joined.cluster();
        this.vertx = cluster.vertx();
        this.stores = stores;
        this.registry = new AcknowledgedRegistry(stores.registry(), cluster.everywhere());
        this.ofStores = Set.copyOf(vertx.deploymentIDs());
        this.sealing = sealing;
        this.blobs = blobs;
        this.engines = engines;
        this.audit = AuditLog.open(config.audit(), clock, this::wantsArguments, meters);
        this.keys = new SecretKeys(stores.registry(), clock);
        this.directory = new Directory(stores.registry(), config.node().pageSize());
        this.legacy =
                new LegacyState(stores.sessions(), config.sessions(), cluster.members(), cluster.everywhere(), clock);
        this.tenants = new LocalTenants(
                config.runtime(),
                new LocalTenants.Surroundings(
                        engines, blobs.packages(), stores.registry(), directory, stores.changes()),
                new EngineCatalogue(),
                meters,
                clock);
        this.neighbours = new Neighbours(config, cluster, joined.port(), tenants, directory, meters);
        this.deployment = new Deployment(registry, blobs.packages(), engines, tenants, tenants, clock);
    }

    /** Starts a node; what was started is stopped again if anything fails. Blocks for a moment; not on an event loop. */
    public static Node start(NodeConfig config) throws IOException {
        unpackInto(config.store().dataDir());
        var began = System.nanoTime();
        var joined = joined(config);
        var vertx = joined.cluster().vertx();
        Node node = null;
        try {
            RecordCodec.install(vertx);
            var stores = await(Stores.open(
                    vertx, config.store().stores(), directory -> backend(vertx, config.store(), directory)));
            node = over(stores, config, joined);
            node.begin();
            log.atInfo()
                    .addKeyValue("durationMs", (System.nanoTime() - began) / 1_000_000)
                    .addKeyValue("port", node.port())
                    .addKeyValue("admin", node.adminPort())
                    .log("node ready");
            return node;
        } catch (IOException | RuntimeException | Error e) {
            try {
                if (node != null) {
                    node.close();
                } else {
                    joined.leave();
                }
            } catch (RuntimeException | Error closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /** @param port of the peer link, which the others were told; null if the node is alone */
    private record Joined(Cluster cluster, @Nullable PeerPort port) {
        void leave() throws IOException {
            if (port != null) {
                port.close();
            }
            await(cluster.leave());
        }
    }

    private static Joined joined(NodeConfig config) throws IOException {
        var clustered = config.cluster().enabled();
        var port = clustered ? PeerPort.hold(config.cluster()) : null;
        var identity = new Cluster.Identity(
                clustered ? NodeId.in(config.store().dataDir()) : ALONE,
                "%016x".formatted(new SecureRandom().nextLong()),
                config.node().region(),
                config.node().zone(),
                Distribution.version());
        var options = new VertxOptions().setPreferNativeTransport(true);
        try {
            var cluster = await(Cluster.join(config.cluster(), identity, port == null ? 0 : port.number(), options));
            return new Joined(cluster, port);
        } catch (RuntimeException e) {
            if (port != null) {
                port.close();
            }
            throw e;
        }
    }

    /** With everything that is kept, sealed; the stores are closed again if that fails. */
    private static Node over(Stores stores, NodeConfig config, Joined joined) throws IOException {
        try {
            var cluster = joined.cluster();
            var vertx = cluster.vertx();
            var dataDir = config.store().dataDir();
            var sealing = Sealing.open(vertx, stores.registry(), config.vault(), dataDir, System.getenv(), CLOCK);
            var blobs = await(NodeBlobs.open(cluster, config, stores.registry(), sealing, CLOCK));
            var factories = EngineFactories.of(config.js());
            var engines = new EnumMap<EngineKind, EngineFactory>(EngineKind.class);
            for (var kind : EngineKind.values()) {
                engines.put(kind, factories.of(kind));
            }
            return new Node(config, joined, stores, sealing, blobs, engines);
        } catch (IOException | RuntimeException e) {
            await(stores.close());
            throw e;
        }
    }

    static Future<Backend> backend(Vertx vertx, NodeConfig.Store store, Path directory) {
        return switch (store.kind()) {
            case SQLITE, MEMORY -> Future.succeededFuture(Stores.backend(directory, store.stores()));
            case REDIS -> redis(vertx, store, directory);
        };
    }

    private static Future<Backend> redis(Vertx vertx, NodeConfig.Store store, Path directory) {
        try {
            return RedisBackend.open(vertx, store.redis(), store.bounds(), NodeId.in(directory))
                    .map(opened -> opened);
        } catch (IOException e) {
            return Future.failedFuture(e);
        }
    }

    /** The driver of SQLite unpacks its native code: into our own directory, where no other user can put something else. */
    static void unpackInto(Path dataDir) throws IOException {
        System.setProperty(
                "org.sqlite.tmpdir",
                Files.createDirectories(dataDir.resolve("native")).toString());
    }

    private void begin() throws IOException {
        await(OperatorToken.ensure(registry, keys, operatorTokenFile()));
        values = sealing.over(stores.values());
        sealing.resume();
        var feed = new LogFeed(stores.changes());
        await(vertx.deployVerticle(feed));
        await(vertx.deployVerticle(tenants));
        var keyGate = new KeyGate(keys, registry);
        var gate = new AuditedGate(keyGate, audit);
        var meter = new CallMeter(meters);
        Account account = (call, outcome, fault, nanos) -> {
            meter.ended(call, outcome, fault, nanos);
            audit.ended(call, outcome, fault, nanos);
        };
        var seal =
                new ChainSeal(registry, sealing.keyEncryption(), config.modern().stateLife(), clock);
        var modernSteps =
                new ModernEra.Steps(gate, ResponseCache.NONE, neighbours.route(), account, seal, stores.spent(), feed);
        var legacySteps = new LegacySteps(
                gate, tenants, account, seal, feed, stores.changes(), stores.events(), stores.exchanges());
        var hosts = new LegacyHosts(vertx, legacySteps, legacy);
        var plane = new DataPlane(
                vertx,
                config.ingress(),
                new DataPlane.Served(
                        directory,
                        gate,
                        this::readiness,
                        modernSteps,
                        config.modern(),
                        legacySteps,
                        legacy,
                        hosts,
                        neighbours.route(hosts),
                        this::sweep,
                        config.node().region(),
                        clock));
        dataPlane = plane;
        bindMetrics(plane);
        await(vertx.deployVerticle(legacy.verticle()));
        await(LostCalls.end(stores.events(), legacy));
        LostCalls.watch(vertx, cluster.members(), stores.events(), legacy);
        registry.onChange(path -> endStreamsOf(plane, path));
        TenantEnds.watch(registry, legacy, stores.changes());
        var revocation = new Revocation(keyGate, registry, clock, List.of(legacy::endUnless, plane::finishUnless));
        await(vertx.deployVerticle(revocation));
        await(AcknowledgedRegistry.serve(vertx, cluster.members().self().id(), stores.registry(), revocation::settled)
                .completion());
        await(neighbours.open(hosts, blobs.given()));
        await(blobs.begin(neighbours.packages()));
        await(plane.open());
        var keeping = keeping();
        var controlVerticle = new ControlVerticle(
                config.control(),
                new ControlVerticle.Collaborators(
                        registry,
                        keys,
                        deployment,
                        (tenant, most) -> Future.succeededFuture(tenants.printed(tenant, most)),
                        meters::scrape,
                        new NodeFacts(Distribution.version(), Instant.now()),
                        audit,
                        keeping,
                        sealing.secrets(),
                        sealing.rotation(),
                        blobs.reported(stores.report()),
                        this::backup,
                        neighbours,
                        clock));
        await(vertx.deployVerticle(new UsageMeter(registry, keeping.usage(), meters, USAGE)));
        await(vertx.deployVerticle(controlVerticle));
        control = controlVerticle;
        ready.set(true);
    }

    private void backup(OutputStream to) throws IOException {
        Backup.write(
                stores.source(blobs.backend().blobs()),
                vertx.getOrCreateContext(),
                Distribution.program(),
                CLOCK.instant(),
                to,
                new Tally());
    }

    /** What tenants keep: counted, looked at and dropped in one place each. */
    private Keeping keeping() {
        return new Keeping(
                values(),
                blobs.tenants(),
                List.of(
                        UsageSources.kv(values()),
                        UsageSources.blobs(blobs.tenants()),
                        UsageSources.sessions(
                                stores.sessions(), config.sessions().perTenant()),
                        UsageSources.packages(stores.registry())),
                List.of(values()::drop, blobs.tenants()::drop));
    }

    /** Called on the event loop on which it is to be done. */
    private void sweep(LegacyEra legacyEra) {
        var sweep = new Sweep(List.of(
                () -> legacyEra.sweep(stores.sessions(), SWEEP_MOST),
                () -> stores.spent().sweep(clock.instant()),
                () -> stores.values().sweep(clock.instant(), SWEEP_MOST)));
        vertx.setPeriodic(SWEEP.toMillis(), _ -> sweep.run());
    }

    /** To everything that is kept. */
    private List<Health> ways() {
        return Stream.concat(stores.health().stream(), blobs.health().stream()).toList();
    }

    private Readiness readiness() {
        var troubles = new ArrayList<String>();
        for (var way : ways()) {
            var trouble = way.trouble();
            if (trouble != null) {
                troubles.add(trouble.message());
            }
        }
        var unwritten = audit.refusal();
        if (unwritten != null) {
            troubles.add(unwritten.message());
        }
        return new Readiness(ready.get(), troubles.stream().distinct().toList());
    }

    private boolean wantsArguments(VersionRef ref) {
        var version = stores.registry().get(RegistryKey.version(ref));
        return version != null && version.value().manifest().auditArguments();
    }

    private void bindMetrics(DataPlane plane) {
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        new ProcessorMetrics().bindTo(meters);
        // closed with the registry, which ends with the process
        var gc = new JvmGcMetrics();
        gc.bindTo(meters);
        Gauge.builder("smcp.streams.listening", plane::listening)
                .description("open subscriptions/listen streams")
                .register(meters);
        Gauge.builder("smcp.streams.sessions", legacy::streams)
                .description("open streams of legacy sessions")
                .register(meters);
        ways().forEach(way -> Gauge.builder("smcp.store.works", way, one -> one.trouble() == null ? 1 : 0)
                .tag("store", way.name())
                .description("1 while nothing is known to be wrong with a way to a store")
                .register(meters));
        Gauge.builder("smcp.calls.running", tenants::running)
                .description("calls that tenants are working on")
                .register(meters);
        Gauge.builder("smcp.calls.waiting", tenants::waiting)
                .description("calls that wait for their tenant to wake or for a place")
                .register(meters);
    }

    /** A tenant that is not served any more keeps no streams. */
    private void endStreamsOf(DataPlane plane, String path) {
        if (path.startsWith("tenant/")) {
            var id = new TenantId(path.substring("tenant/".length()));
            var tenant = registry.get(RegistryKey.tenant(id));
            if (tenant == null || tenant.value().active().isEmpty()) {
                plane.finish(id);
            }
        }
    }

    /** Stops in order: no new connections, streams end, calls finish and their answers leave within the bound, then everything is closed. Blocks. */
    public void drain() {
        ready.set(false);
        log.atInfo().addKeyValue("calls", unfinished()).log("draining");
        var bound = Duration.ofSeconds(config.node().drainSeconds());
        var plane = Objects.requireNonNull(dataPlane);
        plane.leaving();
        if (neighbours.leaving()) {
            // whoever balances requests between nodes learns of it, and clients take their next ones elsewhere
            LockSupport.parkNanos(config.node().drainNotice().toNanos());
        }
        plane.finish(null);
        legacy.dropStreams();
        var answered = Future.join(plane.shutdown(bound), neighbours.shutdown(bound));
        settle(answered, System.nanoTime() + bound.toNanos());
        close();
    }

    /** Until every request has its answer and every call has ended; what stays open with no call behind it waits for its client, and is not waited for. */
    private void settle(Future<?> answered, long until) {
        var quietSince = System.nanoTime();
        while (System.nanoTime() < until && !(answered.isComplete() && unfinished() == 0)) {
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
            if (unfinished() > 0) {
                quietSince = System.nanoTime();
            } else if (System.nanoTime() - quietSince > LAST_BYTES.toNanos()) {
                return;
            }
        }
    }

    /** Calls that run or wait here, whoever's they are, and those of this node's clients elsewhere. */
    private int unfinished() {
        return tenants.unfinished() + neighbours.underWay();
    }

    /** Stops at once. Blocks. */
    public void close() {
        ready.set(false);
        var failures = new ArrayList<Throwable>();
        // what takes requests first, what keeps the state last
        sealing.close();
        try {
            if (dataPlane != null) {
                await(dataPlane.close());
            }
            await(Future.join(vertx.deploymentIDs().stream()
                            .filter(id -> !ofStores.contains(id))
                            .map(vertx::undeploy)
                            .toList())
                    .otherwiseEmpty());
            await(neighbours.close());
            await(audit.close());
            await(blobs.close().eventually(stores::close));
        } catch (RuntimeException e) {
            failures.add(e);
        }
        await(cluster.leave());
        meters.close();
        failures.forEach(cause -> log.atWarn().setCause(cause).log("the node did not stop in order"));
        if (control != null) {
            log.atInfo().log("node stopped");
        }
    }

    @CanIgnoreReturnValue
    private static <T> T await(Future<T> future) {
        try {
            return future.await(60, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("a step of starting or stopping took more than 60 s", e);
        }
    }

    /** Of the data plane. */
    public int port() {
        return Objects.requireNonNull(dataPlane).port();
    }

    /** Of the control plane. */
    public int adminPort() {
        return Objects.requireNonNull(control).port();
    }

    /** Where the operator's token is. */
    public Path operatorTokenFile() {
        return OperatorToken.file(config);
    }

    NodeConfig config() {
        return config;
    }

    Deployment deployment() {
        return deployment;
    }

    Registry registry() {
        return registry;
    }

    /** Completes when an operator wants the node to stop in order. */
    Future<Void> toldToStop() {
        return neighbours.toldToStop();
    }

    /** Completes with the reason when the node cannot be one of its cluster any more: it must be started again. */
    Future<String> castOut() {
        return cluster.ended();
    }

    /** What tenants keep, sealed on its way to the store. */
    ValueStore values() {
        return Objects.requireNonNull(values);
    }

    Map<EngineKind, EngineFactory> engines() {
        return engines;
    }
}
