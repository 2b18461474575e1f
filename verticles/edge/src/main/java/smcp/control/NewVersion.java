package smcp.control;

import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.bus.Fault;
import smcp.bus.Fault.Kind;
import smcp.contract.Packages.Kept;
import smcp.contract.Probe;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.RegistryWrite;
import smcp.contract.Versioned;
import smcp.control.Deployment.Activation;
import smcp.control.TenantRecords.Plan;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Limits;
import smcp.tenant.Share;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;
import smcp.tenant.Version;
import smcp.tenant.VersionRef;

/**
 * Makes a kept package a version, in the order: may it run here → take a number → start it once and read its catalogue → commit. The number is taken by a commit of its own before the code starts, so that two deploys at once
 * never start different code under one name.
 */
final class NewVersion {
    private static final Logger log = LoggerFactory.getLogger(NewVersion.class);
    /** Beyond the package's own start timeout: unpacking, and ending the code again. */
    private static final long PROBE_GRACE_MS = 30_000;
    /** Of each tenant; the oldest go first, with their packages. Far more than anybody rolls back. */
    static final int MOST_VERSIONS = 100;

    private final Registry registry;
    private final TenantRecords tenants;
    private final EngineCheck engines;
    private final PackageShelf shelf;
    private final Retirement retirement;
    private final Probe probe;
    private final InstantSource clock;

    NewVersion(
            Registry registry,
            TenantRecords tenants,
            EngineCheck engines,
            PackageShelf shelf,
            Retirement retirement,
            Probe probe,
            InstantSource clock) {
        this.registry = registry;
        this.tenants = tenants;
        this.engines = engines;
        this.shelf = shelf;
        this.retirement = retirement;
        this.probe = probe;
        this.clock = clock;
    }

    Future<Deployed> make(TenantId tenant, Kept kept, String by, Activation activation) {
        return takeNumber(tenant, kept)
                .map(owner -> new Begun(
                        owner,
                        new Version(
                                new VersionRef(tenant, owner.lastVersion()),
                                kept.hash(),
                                kept.bytes(),
                                kept.manifest(),
                                clock.instant(),
                                by)))
                .compose(begun -> read(begun).compose(catalogue -> commit(begun, catalogue, activation)));
    }

    /** @param tenant the record from which the number was taken, with the number in it */
    private record Begun(Tenant tenant, Version version) {}

    private Future<Tenant> takeNumber(TenantId id, Kept kept) {
        return tenants.change(id, was -> {
            engines.check(was.value(), kept.manifest().engine());
            var now = was.value().withVersion(was.value().lastVersion() + 1);
            return new Plan<>(List.of(RegistryWrite.replace(RegistryKey.tenant(id), was, now)), now);
        });
    }

    private Future<CatalogueEdition> read(Begun begun) {
        var limits = granted(begun);
        return Future.succeededFuture(begun.version())
                .compose(version -> probe.read(version, limits))
                .timeout(limits.startTimeout().toMillis() + PROBE_GRACE_MS, TimeUnit.MILLISECONDS)
                .recover(cause -> Future.failedFuture(notStarting(cause)));
    }

    /** What the package wishes, under what the operator grants. */
    private static Limits granted(Begun begun) {
        var ceiling = begun.tenant().limits().over(Limits.DEFAULT);
        try {
            return begun.version().manifest().limits().over(ceiling).atMost(ceiling);
        } catch (IllegalArgumentException e) {
            throw new Fault(Kind.PACKAGE_INVALID, "smcp.json: " + e.getMessage(), e);
        }
    }

    /** Code that fails a call is one thing and has its own rows in the fault table; code that does not even start is a bad package, whatever it died of. */
    private static Fault notStarting(Throwable cause) {
        if (cause instanceof TimeoutException) {
            return new Fault(Kind.PACKAGE_INVALID, "the package did not start: no catalogue in time", cause);
        }
        var fault = Fault.from(cause);
        return switch (fault.kind()) {
            case TENANT_BROKEN, TENANT_PROTOCOL, ENGINE_LOST, TIMEOUT, LIMIT ->
                new Fault(Kind.PACKAGE_INVALID, "the package did not start: " + fault.message(), fault);
            default -> fault;
        };
    }

    private Future<Deployed> commit(Begun begun, CatalogueEdition catalogue, Activation activation) {
        var version = begun.version();
        var id = version.ref().tenant();
        return tenants.change(id, was -> planCommit(was, begun, catalogue, activation))
                .map(done -> {
                    log.atInfo()
                            .addKeyValue("tenant", id)
                            .addKeyValue("version", version.ref().number())
                            .addKeyValue("package", version.packageHash())
                            .addKeyValue("by", version.by())
                            .addKeyValue("active", done.active())
                            .log("version deployed");
                    var _ = retirement
                            .retire(done.retired())
                            .compose(_ -> Future.join(done.pruned().stream()
                                    .map(Version::packageHash)
                                    .distinct()
                                    .map(shelf::forgetIfUnused)
                                    .toList()));
                    return new Deployed(
                            version,
                            catalogue,
                            done.active(),
                            Versions.sameBytes(registry, version.ref(), version.packageHash()));
                });
    }

    private record Done(boolean active, List<VersionRef> retired, List<Version> pruned) {}

    private Plan<Done> planCommit(
            Versioned<Tenant> was, Begun begun, CatalogueEdition catalogue, Activation activation) {
        var ref = begun.version().ref();
        var tenant = was.value();
        if (!tenant.created().equals(begun.tenant().created())) {
            throw new Fault(Kind.CONFLICT, "tenant \"" + ref.tenant() + "\" was deleted and made anew meanwhile");
        }
        engines.check(tenant, begun.version().manifest().engine());
        var activate = activation == Activation.ACTIVATE && !superseded(tenant, ref.number());
        var now = activate ? tenant.withActive(List.of(Share.all(ref.number()))) : tenant;
        List<RegistryWrite<?>> writes = new ArrayList<>();
        writes.add(RegistryWrite.replace(RegistryKey.tenant(ref.tenant()), was, now));
        writes.add(RegistryWrite.create(RegistryKey.version(ref), begun.version()));
        writes.add(RegistryWrite.create(RegistryKey.catalogue(ref), catalogue));
        var pruned = prune(tenant, now, writes);
        var retired = new ArrayList<>(Retirement.noLongerServing(tenant, now));
        pruned.forEach(version -> retired.add(version.ref()));
        return new Plan<>(writes, new Done(activate, List.copyOf(retired), pruned));
    }

    /** A deploy that took a later number began later: being slower to start must not put older code in its place. */
    private static boolean superseded(Tenant tenant, int number) {
        return tenant.active().stream().anyMatch(share -> share.version() > number);
    }

    /** Deletes what is too old, but nothing that serves, or served until this commit and may still have sessions. */
    private List<Version> prune(Tenant before, Tenant now, List<RegistryWrite<?>> writes) {
        var pruned = new ArrayList<Version>();
        Versions.all(registry, now.id()).stream()
                .skip(MOST_VERSIONS - 1)
                .filter(old -> !serves(before, old.value()) && !serves(now, old.value()))
                .forEach(old -> {
                    var ref = old.value().ref();
                    pruned.add(old.value());
                    writes.add(RegistryWrite.delete(RegistryKey.version(ref), old));
                    var catalogue = registry.get(RegistryKey.catalogue(ref));
                    if (catalogue != null) {
                        writes.add(RegistryWrite.delete(RegistryKey.catalogue(ref), catalogue));
                    }
                });
        return List.copyOf(pruned);
    }

    private static boolean serves(Tenant tenant, Version version) {
        return tenant.active().stream()
                .anyMatch(share -> share.version() == version.ref().number());
    }
}
