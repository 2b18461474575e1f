package smcp.session;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import smcp.contract.ChangeLog;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.tenant.TenantId;

/**
 * Ends what a tenant that is gone has left in sessions: its open streams and calls, and its change log, so that no cursor of the old tenant means anything to a new one of the same name. The sessions themselves are
 * bound to the tenant's record, so nobody finds them any more, and expire.
 */
public final class TenantEnds {
    private static final Logger log = LoggerFactory.getLogger(TenantEnds.class);
    private static final String PATH = "tenant/";

    private final Registry registry;
    private final LegacyState state;
    private final ChangeLog changes;

    private TenantEnds(Registry registry, LegacyState state, ChangeLog changes) {
        this.registry = registry;
        this.state = state;
        this.changes = changes;
    }

    /** Listens to {@code registry} from now on. */
    public static void watch(Registry registry, LegacyState state, ChangeLog changes) {
        var ends = new TenantEnds(registry, state, changes);
        registry.onChange(ends::changed);
    }

    private void changed(String path) {
        if (!path.startsWith(PATH)) {
            return;
        }
        var id = new TenantId(path.substring(PATH.length()));
        var tenant = registry.get(RegistryKey.tenant(id));
        if (tenant == null || tenant.value().active().isEmpty()) {
            state.drop(id);
        }
        if (tenant == null) {
            changes.drop(id)
                    .onFailure(cause -> log.atWarn()
                            .addKeyValue("tenant", id)
                            .setCause(cause)
                            .log("the change log of a deleted tenant could not be dropped"));
        }
    }
}
