package smcp.runner;

import org.jspecify.annotations.Nullable;
import smcp.api.ServerInfo;

/**
 * What a tenant is started with.
 *
 * @param entry name of the class that implements {@link smcp.api.TenantServer}
 */
public record StartRequest(
        String entry, ServerInfo server, @Nullable String instructions) {}
