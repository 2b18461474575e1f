package smcp.control.testing;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import smcp.contract.AuditTrail;
import smcp.contract.Backups;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.TenantBlobs;
import smcp.contract.ValueStore;
import smcp.control.ControlConfig;
import smcp.control.ControlVerticle;
import smcp.control.Deployment;
import smcp.control.Keeping;
import smcp.control.NodeFacts;
import smcp.control.UsageSources;
import smcp.store.MemoryStores;
import smcp.store.blob.CountedBlobs;
import smcp.tenant.Client;
import smcp.tenant.ClientId;
import smcp.tenant.EngineKind;
import smcp.tenant.KeyHolder;
import smcp.tenant.Limits;
import smcp.tenant.Permissions;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Trust;
import smcp.testing.MemoryBlobs;

/** The real control plane on the fakes: engine {@code js} in a box, engine {@code verticle} without one. */
public final class ControlNode {
    public final MemoryRegistry registry = new MemoryRegistry();
    public final MemoryPackages packages = new MemoryPackages();
    public final FakeSecrets secrets = new FakeSecrets();
    public final FakeVault vault = new FakeVault();
    public final FakeRuntime runtime = new FakeRuntime();
    public final MemoryKeyRing keys = new MemoryKeyRing(registry);
    public final Deployment deployment = new Deployment(
            registry,
            packages,
            Map.of(
                    EngineKind.JS, new FakeEngine(EngineKind.JS, false, null),
                    EngineKind.VERTICLE, new FakeEngine(EngineKind.VERTICLE, true, null)),
            runtime,
            runtime,
            InstantSource.system());
    public final TenantBlobs blobs = new CountedBlobs(new MemoryBlobs(1_000), InstantSource.system());
    public final ValueStore values = MemoryStores.values(InstantSource.system());
    private final ControlConfig config;
    private final ControlVerticle verticle;

    public ControlNode(Path directory) {
        this(config(directory));
    }

    /** @param backups what it makes of what it keeps */
    public ControlNode(Path directory, Backups backups) {
        this(config(directory), backups);
    }

    private static ControlConfig config(Path directory) {
        return new ControlConfig(
                "127.0.0.1", 0, false, List.of("admin.example"), directory.resolve("uploads"), 64 << 10, 2);
    }

    public final FakeNodes nodes = new FakeNodes();

    public ControlNode(ControlConfig config) {
        this(config, to -> to.write("a backup".getBytes(StandardCharsets.UTF_8)));
    }

    private ControlNode(ControlConfig config, Backups backups) {
        this.config = config;
        this.verticle = new ControlVerticle(
                config,
                new ControlVerticle.Collaborators(
                        registry,
                        keys,
                        deployment,
                        (tenant, most) -> Future.succeededFuture(IntStream.range(0, Math.min(most, 3))
                                .mapToObj(i -> tenant + " says " + i)
                                .toList()),
                        () -> "smcp_up 1\n",
                        new NodeFacts("1.2.3", Instant.now()),
                        AuditTrail.NONE,
                        new Keeping(
                                values,
                                blobs,
                                List.of(
                                        UsageSources.kv(values),
                                        UsageSources.blobs(blobs),
                                        UsageSources.packages(registry)),
                                List.of(values::drop, blobs::drop)),
                        secrets,
                        vault,
                        new FakeStores(),
                        backups,
                        nodes,
                        InstantSource.system()));
    }

    @CanIgnoreReturnValue
    public ControlNode start(Vertx vertx) {
        await(vertx.deployVerticle(verticle));
        return this;
    }

    public ControlVerticle verticle() {
        return verticle;
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + verticle.port());
    }

    public Path uploads() {
        return config.uploads();
    }

    public String operatorToken() {
        return token(new KeyHolder.Operator());
    }

    public String ownerToken(String tenant) {
        return token(new KeyHolder.TenantOwner(new TenantId(tenant)));
    }

    public String clientKey(String tenant, String client) {
        return token(new KeyHolder.OfClient(new TenantId(tenant), new ClientId(client)));
    }

    private String token(KeyHolder holder) {
        var issued = keys.issue(holder, null);
        await(registry.commit(
                List.of(RegistryWrite.create(RegistryKey.key(issued.key().id()), issued.key()))));
        return issued.token();
    }

    @CanIgnoreReturnValue
    public TenantId tenant(String name, Trust trust) {
        var id = new TenantId(name);
        var tenant = new Tenant(id, false, trust, Limits.Wish.NONE, List.of(), 0, Instant.now());
        await(registry.commit(List.of(RegistryWrite.create(RegistryKey.tenant(id), tenant))));
        return id;
    }

    public void client(String tenant, String name) {
        var client = new Client(new TenantId(tenant), new ClientId(name), Permissions.ALL, Instant.now());
        await(registry.commit(List.of(RegistryWrite.create(RegistryKey.client(client.tenant(), client.id()), client))));
    }

    @CanIgnoreReturnValue
    public static <T> T await(Future<T> future) {
        try {
            return future.await(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("no answer within ten seconds", e);
        }
    }
}
