package smcp.contract;

import org.jspecify.annotations.Nullable;
import smcp.protocol.Method;

/** The checks before routing. Neither method blocks. */
public interface Gate {
    /** @param authorization the header as it came, if it did */
    Identity identify(TenantEntry tenant, @Nullable String authorization);

    /** May this principal make this call, now? {@code name} is {@code params.name} or {@code params.uri}. */
    Admission admit(TenantEntry tenant, Identity.Known who, @Nullable Method method, @Nullable String name);
}
