package smcp.control;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import smcp.contract.Drainer;
import smcp.contract.EngineFactory;
import smcp.contract.Packages;
import smcp.contract.Probe;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.tenant.EngineKind;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.VersionRef;

/**
 * What changes the versions that serve a tenant. Every change is one commit of the registry: it is there whole, or the state is the one before. What no longer serves is retired after the commit, and nobody waits for it. Any
 * thread.
 */
public final class Deployment {
    /** Does a new version serve at once? */
    public enum Activation {
        ACTIVATE,
        ONLY_STORE
    }

    private final Registry registry;
    private final TenantRecords tenants;
    private final EngineCheck engines;
    private final PackageShelf shelf;
    private final Retirement retirement;
    private final NewVersion newVersion;

    /** @param engines those this node has, whether they can run or not */
    public Deployment(
            Registry registry,
            Packages packages,
            Map<EngineKind, EngineFactory> engines,
            Probe probe,
            Drainer drainer,
            InstantSource clock) {
        this.registry = registry;
        this.tenants = new TenantRecords(registry);
        this.engines = new EngineCheck(engines);
        this.shelf = new PackageShelf(packages, registry);
        this.retirement = new Retirement(drainer);
        this.newVersion = new NewVersion(registry, tenants, this.engines, shelf, retirement, probe, clock);
    }

    /**
     * Makes a version of an uploaded package. If it fails, what served before serves on, and nothing of the package is kept; only its number is spent, because a number that was once given to code is never given to other code.
     *
     * @param upload stays the caller's, who removes it
     * @param by who deploys, for the version's record
     */
    public Future<Deployed> deploy(TenantId tenant, Path upload, String by, Activation activation) {
        return Future.succeededFuture(tenant)
                .map(tenants::get)
                .compose(_ -> shelf.keep(upload))
                .compose(kept ->
                        newVersion.make(tenant, kept, by, activation).eventually(() -> shelf.letGo(kept.hash())));
    }

    /** Rolls back, promotes, or splits traffic: {@code shares} serve from now on. Completes with the record as it is then. */
    public Future<Versioned<Tenant>> activate(TenantId tenant, List<Share> shares) {
        return activate(tenant, shares, _ -> {});
    }

    /** @param condition throws if the record is not the one that the caller means to change */
    Future<Versioned<Tenant>> activate(TenantId tenant, List<Share> shares, Consumer<Versioned<Tenant>> condition) {
        Shares.check(shares);
        return change(tenant, condition, was -> {
            for (var share : shares) {
                var version = Versions.get(registry, new VersionRef(tenant, share.version()));
                engines.check(was, version.value().manifest().engine());
            }
            return was.withActive(shares);
        });
    }

    /** Nothing serves any more; the versions stay. */
    public Future<Versioned<Tenant>> undeploy(TenantId tenant) {
        return undeploy(tenant, _ -> {});
    }

    Future<Versioned<Tenant>> undeploy(TenantId tenant, Consumer<Versioned<Tenant>> condition) {
        return change(tenant, condition, was -> was.withActive(List.of()));
    }

    /** Removes a tenant with everything that is its. Completes when the registry holds nothing of it; its code is ended, and its packages are removed, after that. */
    public Future<Void> delete(TenantId tenant) {
        return delete(tenant, _ -> {});
    }

    Future<Void> delete(TenantId tenant, Consumer<Versioned<Tenant>> condition) {
        var removal = new TenantRemoval(registry, tenants);
        return removal.remove(tenant, condition).map(versions -> {
            var _ = retirement
                    .retire(versions.stream().map(version -> version.ref()).toList())
                    .compose(_ -> Future.join(versions.stream()
                            .map(version -> version.packageHash())
                            .distinct()
                            .map(shelf::forgetIfUnused)
                            .toList()));
            return null;
        });
    }

    EngineCheck engines() {
        return engines;
    }

    private Future<Versioned<Tenant>> change(
            TenantId id, Consumer<Versioned<Tenant>> condition, UnaryOperator<Tenant> change) {
        return tenants.change(id, was -> {
                    condition.accept(was);
                    var now = change.apply(was.value());
                    List<RegistryWrite<?>> writes = List.of(RegistryWrite.replace(RegistryKey.tenant(id), was, now));
                    return new TenantRecords.Plan<>(writes, Retirement.noLongerServing(was.value(), now));
                })
                .map(retired -> {
                    var _ = retirement.retire(retired);
                    return tenants.get(id);
                });
    }
}
