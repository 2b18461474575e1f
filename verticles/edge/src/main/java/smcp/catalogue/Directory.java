package smcp.catalogue;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.Offer;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.TenantDirectory;
import smcp.contract.TenantEntry;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Limits;
import smcp.tenant.Manifest;
import smcp.tenant.Tenant;
import smcp.tenant.TenantId;

/**
 * The tenants as calls see them: one immutable entry each, made anew when one of its records changes, so that reading is one look-up. Offers are kept from one entry to the next while their edition is
 * the same.
 */
public final class Directory implements TenantDirectory {
    private static final Logger log = LoggerFactory.getLogger(Directory.class);

    private final Registry registry;
    private final int pageSize;
    private final Map<String, TenantEntry> entries = new ConcurrentHashMap<>();

    /** @param pageSize most items of one page of a list */
    public Directory(Registry registry, int pageSize) {
        this.registry = registry;
        this.pageSize = pageSize;
        registry.onChange(this::changed);
        registry.list(RegistryKey.TENANTS)
                .forEach(tenant -> rebuild(tenant.value().id()));
    }

    @Override
    public @Nullable TenantEntry byName(String name) {
        return entries.get(name);
    }

    /** Called one at a time, as {@link Registry#onChange} promises. */
    private void changed(String path) {
        var parts = path.split("/", 3);
        switch (parts[0]) {
            case "tenant", "version", "catalogue" -> rebuild(new TenantId(parts[1]));
            default -> {
                // keys, clients and sealing keys are looked up where they are needed
            }
        }
    }

    private void rebuild(TenantId id) {
        var tenant = registry.get(RegistryKey.tenant(id));
        if (tenant == null) {
            entries.remove(id.value());
            return;
        }
        try {
            entries.put(id.value(), entry(tenant.value(), entries.get(id.value())));
        } catch (RuntimeException e) {
            log.atError()
                    .addKeyValue("tenant", id)
                    .setCause(e)
                    .log("a tenant's records cannot be served; the entry before stays");
        }
    }

    private TenantEntry entry(Tenant tenant, @Nullable TenantEntry before) {
        var offers = new HashMap<Integer, Offer>();
        for (var catalogue : registry.list(RegistryKey.catalogues(tenant.id()))) {
            var edition = catalogue.value();
            offers.put(edition.version().number(), offer(edition, tenant, before));
        }
        var limits = new HashMap<Integer, Limits>();
        for (var version : registry.list(RegistryKey.versions(tenant.id()))) {
            limits.put(
                    version.value().ref().number(),
                    granted(tenant, version.value().manifest()));
        }
        return new TenantEntry(tenant, offers, limits);
    }

    private Offer offer(CatalogueEdition edition, Tenant tenant, @Nullable TenantEntry before) {
        var old = before == null ? null : before.offer(edition.version().number());
        return old != null
                        && before != null
                        && before.tenant().open() == tenant.open()
                        && old.edition().equals(edition)
                ? old
                : new StoredOffer(edition, tenant.open(), pageSize);
    }

    /** A package may wish for less than the defaults; more is for the operator's record to give. */
    private static Limits granted(Tenant tenant, Manifest manifest) {
        var ceiling = tenant.limits().over(Limits.DEFAULT);
        return manifest.limits().over(ceiling).atMost(ceiling);
    }
}
