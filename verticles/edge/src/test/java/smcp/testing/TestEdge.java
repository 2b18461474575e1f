package smcp.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import smcp.bus.RecordCodec;
import smcp.catalogue.Directory;
import smcp.contract.Account;
import smcp.contract.Addresses;
import smcp.contract.ChangeFeed;
import smcp.contract.ChangeLog;
import smcp.contract.LegacyHost;
import smcp.contract.Readiness;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.ResponseCache;
import smcp.control.testing.MemoryRegistry;
import smcp.gate.KeyGate;
import smcp.gate.Revocation;
import smcp.gate.SecretKeys;
import smcp.ingress.IngressConfig;
import smcp.ingress.IngressVerticle;
import smcp.modern.ChainSeal;
import smcp.modern.ModernConfig;
import smcp.modern.ModernEra;
import smcp.session.LegacyEra;
import smcp.session.LegacyHosts;
import smcp.session.LegacyState;
import smcp.session.LegacySteps;
import smcp.session.LogFeed;
import smcp.session.LostCalls;
import smcp.session.SessionConfig;
import smcp.session.SessionStreams;
import smcp.session.TenantEnds;
import smcp.store.MemoryStores;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.CatalogueEdition.Listing;
import smcp.tenant.Client;
import smcp.tenant.ClientId;
import smcp.tenant.EngineKind;
import smcp.tenant.KeyHolder;
import smcp.tenant.Limits;
import smcp.tenant.Manifest;
import smcp.tenant.Permissions;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/** A data plane as the node wires it, on a free port, with the stores in memory and a {@link ScriptedTenant} where the runtime would be. Two event loops, so that sessions cross between them. */
public final class TestEdge implements AutoCloseable {
    public static final String OPEN = "open";
    public static final String CLOSED = "closed";
    public static final String SERVER_INFO = "{\"name\":\"acme\",\"version\":\"1.0\"}";
    private static final String FULL =
            "{\"capabilities\":{\"tools\":{\"listChanged\":true},\"resources\":{\"listChanged\":true,\"subscribe\":true},"
                    + "\"prompts\":{\"listChanged\":true},\"completions\":{},\"logging\":{}},\"instructions\":\"Be kind.\"}";
    private static final int PAGE = 2;

    public final Vertx vertx;
    public final TestClock clock;
    public final ScriptedTenant tenant = new ScriptedTenant();
    public final MemoryRegistry registry;
    public final MemoryStores stores;
    public final List<Account.Outcome> outcomes = new CopyOnWriteArrayList<>();
    public final LegacyState legacy;
    /** Executes legacy calls here; what comes to this node goes to {@link #nearest}. */
    public final LegacyHosts hosts;

    /** Where legacy calls that come to this node are executed. */
    public volatile LegacyHost nearest;

    private final SecretKeys keys;
    /** Of the cluster that this node belongs to; alone at first. */
    public final TestMembers members;

    private final @Nullable TestEdge first;
    private final List<ModernEra> modernEras = new CopyOnWriteArrayList<>();
    private final List<LegacyEra> legacyEras = new CopyOnWriteArrayList<>();
    private final int port;

    /** What a test may want different. */
    public record Settings(
            IngressConfig ingress,
            SessionConfig sessions,
            ModernConfig modern,
            UnaryOperator<MemoryStores> stores,
            @Nullable ChangeFeed feed) {
        /** With stores of the test's own around the real ones. */
        public Settings withStores(UnaryOperator<MemoryStores> other) {
            return new Settings(ingress, sessions, modern, other, feed);
        }

        /** With a change feed of the test's own. */
        public Settings withFeed(ChangeFeed other) {
            return new Settings(ingress, sessions, modern, stores, other);
        }

        public Settings withModern(ModernConfig other) {
            return new Settings(ingress, sessions, other, stores, feed);
        }

        public Settings withSessions(SessionConfig other) {
            return new Settings(ingress, other, modern, stores, feed);
        }

        public Settings withBodyTimeout(Duration other) {
            return withIngress(ingress.port(), other);
        }

        Settings withPort(int other) {
            return withIngress(other, ingress.bodyTimeout());
        }

        private Settings withIngress(int port, Duration bodyTimeout) {
            var was = ingress;
            var now = new IngressConfig(
                    was.host(),
                    port,
                    was.instances(),
                    was.publicUrl(),
                    was.hosts(),
                    was.origins(),
                    was.maxBodyBytes(),
                    was.maxDepth(),
                    was.maxHeaderBytes(),
                    bodyTimeout,
                    was.keepAlive(),
                    was.maxStreamBytes());
            return new Settings(now, sessions, modern, stores, feed);
        }

        static final Settings DEFAULT = new Settings(
                new IngressConfig(
                        "127.0.0.1",
                        0,
                        2,
                        URI.create("https://mcp.example.com"),
                        List.of("other.example.com"),
                        List.of("https://app.example.com"),
                        256 << 10,
                        64,
                        32 << 10,
                        Duration.ofSeconds(5),
                        Duration.ofMillis(200),
                        64 << 10),
                new SessionConfig(
                        Duration.ofMinutes(30),
                        100,
                        Duration.ofMillis(1),
                        Duration.ofMillis(300),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(10),
                        3),
                new ModernConfig(Duration.ofMillis(300), Duration.ofHours(1), 20, 3),
                UnaryOperator.identity(),
                null);
    }

    private TestEdge(Settings settings, TestMembers members, @Nullable TestEdge first) {
        this.first = first;
        this.members = members;
        if (first == null) {
            vertx = Vertx.vertx();
            RecordCodec.install(vertx);
            clock = new TestClock();
            registry = new MemoryRegistry();
            keys = new SecretKeys(registry, clock);
            stores = settings.stores().apply(MemoryStores.open());
        } else {
            vertx = first.vertx;
            clock = first.clock;
            registry = first.registry;
            keys = first.keys;
            stores = first.stores;
        }
        legacy = new LegacyState(stores.sessions(), settings.sessions(), members, members.everywhere(vertx), clock);
        done(vertx.deployVerticle(legacy.verticle()));
        var gate = new KeyGate(keys, registry);
        var logFeed = new LogFeed(stores.changes());
        done(vertx.deployVerticle(logFeed));
        var feed = settings.feed() == null ? logFeed : settings.feed();
        var seal = new ChainSeal(registry, new PlainAead(), settings.modern().stateLife(), clock);
        Account account = (_, outcome, _, _) -> outcomes.add(outcome);
        var modernSteps = new ModernEra.Steps(gate, ResponseCache.NONE, tenant, account, seal, stores.spent(), feed);
        var legacySteps = new LegacySteps(
                gate, tenant, account, seal, feed, stores.changes(), stores.events(), stores.exchanges());
        hosts = new LegacyHosts(vertx, legacySteps, legacy);
        nearest = hosts;
        if (first == null) {
            put(OPEN, true, FULL);
            put(CLOSED, false, FULL);
        }
        var directory = new Directory(registry, PAGE);
        var made = new CopyOnWriteArrayList<IngressVerticle>();
        Supplier<IngressVerticle> instance = () -> {
            var verticle = new IngressVerticle(
                    settings.ingress(), directory, gate, () -> new Readiness(true, List.of()), own -> {
                        var modern = new ModernEra(own, modernSteps, settings.modern(), "here", clock);
                        modernEras.add(modern);
                        var era = new LegacyEra(
                                legacySteps,
                                legacy,
                                hosts,
                                (request, reply) -> nearest.serve(request, reply),
                                (ContextInternal) own.getOrCreateContext(),
                                "here");
                        legacyEras.add(era);
                        return new IngressVerticle.Eras(era, modern, new SessionStreams(legacySteps, legacy, era));
                    });
            made.add(verticle);
            return verticle;
        };
        var instances = settings.ingress().instances();
        done(vertx.deployVerticle(instance, new DeploymentOptions().setInstances(instances)));
        port = made.getFirst().port();
        TenantEnds.watch(registry, legacy, stores.changes());
        LostCalls.watch(vertx, members, stores.events(), legacy);
        done(vertx.deployVerticle(new Revocation(
                gate,
                registry,
                clock,
                List.of(legacy::endUnless, standing -> modernEras.forEach(era -> era.finishUnless(standing))))));
    }

    public static TestEdge start() {
        return start(UnaryOperator.identity());
    }

    public static TestEdge start(UnaryOperator<Settings> change) {
        return new TestEdge(change.apply(Settings.DEFAULT), TestMembers.alone(), null);
    }

    /** Another node of the same cluster: it shares the stores, and has a tenant, sessions and a port of its own. */
    public TestEdge another() {
        return new TestEdge(Settings.DEFAULT.withPort(freePort()), members.another(), this);
    }

    /** The instances of one Vert.x that have the system choose a port all share it. */
    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @CanIgnoreReturnValue
    static <T> T done(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The instances share it. */
    public int port() {
        return port;
    }

    /** A client of the open tenant. */
    public McpWire wire() {
        return wire(OPEN);
    }

    public McpWire wire(String tenantName) {
        return new McpWire(port, "/t/" + tenantName + "/mcp");
    }

    /** (Re)makes a tenant whose discover result is {@code discover}, with version 1. */
    public void put(String name, boolean open, String discover) {
        var id = new TenantId(name);
        var ref = new VersionRef(id, 1);
        var manifest = new Manifest("acme", "1.0", null, null, null, EngineKind.JS, "x.mjs", null, null, false);
        var tools = new ArrayList<String>();
        for (var tool : List.of("echo", "fail", "secret")) {
            tools.add("{ \"name\":\"" + tool
                    + "\", \"inputSchema\":{\"type\":\"object\",\"$anchor\":\"x\",\"maximum\":1.50E+2}}");
        }
        tools.add("{\"name\":\"mirrored\",\"inputSchema\":{\"type\":\"object\",\"properties\":{"
                + "\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"},\"count\":{\"type\":\"integer\",\"x-mcp-header\":\"Count\"},"
                + "\"dry\":{\"type\":\"boolean\",\"x-mcp-header\":\"Dry\"},\"inner\":{\"type\":\"object\",\"properties\":{"
                + "\"zone\":{\"type\":\"string\",\"x-mcp-header\":\"Zone\"}}}}}}");
        write(
                RegistryKey.catalogue(ref),
                new CatalogueEdition(
                        ref,
                        1,
                        discover,
                        SERVER_INFO,
                        new Listing(tools, 60_000, "public"),
                        new Listing(List.of("{\"uri\":\"test://a\",\"name\":\"a\"}"), 0, "private"),
                        Listing.NONE,
                        new Listing(List.of("{\"name\":\"ask\"}"), 0, "private")));
        write(RegistryKey.version(ref), new Version(ref, "0".repeat(64), 1, manifest, clock.instant(), "test"));
        write(
                RegistryKey.tenant(id),
                new Tenant(id, open, Trust.OPERATOR, Limits.Wish.NONE, List.of(Share.all(1)), 1, clock.instant()));
    }

    public void put(String name, String discover) {
        put(name, true, discover);
    }

    private <T extends Record> void write(RegistryKey<T> key, T value) {
        var was = registry.get(key);
        done(registry.commit(
                List.of(was == null ? RegistryWrite.create(key, value) : RegistryWrite.replace(key, was, value))));
    }

    /** Removes a record if it is there. */
    public <T extends Record> void remove(RegistryKey<T> key) {
        var was = registry.get(key);
        if (was != null) {
            done(registry.commit(List.of(RegistryWrite.delete(key, was))));
        }
    }

    public void removeTenant(String name) {
        var id = new TenantId(name);
        remove(RegistryKey.tenant(id));
        remove(RegistryKey.version(new VersionRef(id, 1)));
        remove(RegistryKey.catalogue(new VersionRef(id, 1)));
    }

    /** A key of a client of the closed tenant, made if needed; {@code tools} are all it may call, none given means all. */
    public Key key(String client, String... tools) {
        var id = new TenantId(CLOSED);
        var clientId = new ClientId(client);
        var permissions = tools.length == 0 ? Permissions.ALL : new Permissions(List.of(tools));
        write(RegistryKey.client(id, clientId), new Client(id, clientId, permissions, clock.instant()));
        var issued = keys.issue(new KeyHolder.OfClient(id, clientId), null);
        write(RegistryKey.key(issued.key().id()), issued.key());
        return new Key(issued.key().id(), issued.token());
    }

    /** @param token as it is sent */
    public record Key(String id, String token) {
        @Override
        public String toString() {
            return "Key[" + id + "]";
        }
    }

    /** Something of a tenant has changed, as its runtime would tell. */
    public void changed(String tenantName, ChangeLog.Kind kind, String uri) {
        var id = new TenantId(tenantName);
        var newest = done(stores.changes().append(id, kind, uri));
        Addresses.TENANT_CHANGED.publish(vertx, new Addresses.TenantChanged(tenantName, newest));
    }

    /** Ends what is over, as the node does every second. */
    public void sweep() {
        var _ = legacyEras.getFirst().sweep(stores.sessions(), 1_000); // a test awaits what comes of it
    }

    public int listening() {
        return modernEras.stream().mapToInt(ModernEra::listening).sum();
    }

    /** Ends the listen streams of a tenant, or of all. */
    public void finish(@Nullable String tenantName) {
        modernEras.forEach(era -> era.finish(tenantName == null ? null : new TenantId(tenantName)));
    }

    @Override
    public void close() {
        if (first == null) {
            done(vertx.close());
        }
    }
}
