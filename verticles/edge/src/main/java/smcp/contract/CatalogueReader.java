package smcp.contract;

import io.vertx.core.Future;
import smcp.tenant.CatalogueEdition;
import smcp.tenant.Version;

/** Reads what a version offers from its running engine and refuses what would hurt clients. */
@FunctionalInterface
public interface CatalogueReader {
    /** Fails with {@link smcp.bus.Fault.Kind#TENANT_BROKEN} naming the list, the item and what is wrong with it. */
    Future<CatalogueEdition> read(Engine engine, Version version, int edition);
}
