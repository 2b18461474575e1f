package smcp.contract;

import org.jspecify.annotations.Nullable;

/** Finds tenants by what a request says. Reads memory only. */
public interface TenantDirectory {
    /** By the path segment behind {@code /t/}; null if there is none of that name. */
    @Nullable
    TenantEntry byName(String name);
}
