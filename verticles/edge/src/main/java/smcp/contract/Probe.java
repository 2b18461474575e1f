package smcp.contract;

import io.vertx.core.Future;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Limits;
import smcp.tenant.Version;

/** Starts a version once, before anybody can call it, and reads what it offers. */
@FunctionalInterface
public interface Probe {
    /** The first edition of the version's catalogue. Fails with {@link smcp.bus.Fault.Kind#TENANT_BROKEN} or {@link smcp.bus.Fault.Kind#PACKAGE_INVALID} saying what is wrong and where. */
    Future<CatalogueEdition> read(Version version, Limits limits);
}
