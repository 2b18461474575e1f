package smcp.control;

import io.vertx.core.Future;
import java.util.List;
import smcp.tenant.TenantId;

/** Where the lines that tenants print can be read. */
@FunctionalInterface
public interface LogSource {
    /** The newest lines of a tenant, oldest first, at most {@code most}. Does not block. */
    Future<List<String>> newest(TenantId tenant, int most);
}
