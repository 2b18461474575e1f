package smcp.contract;

import java.util.List;
import org.jspecify.annotations.Nullable;
import smcp.protocol.Json;
import smcp.protocol.Method;
import smcp.tenant.Permissions;
import smcp.tenant.Principal;
import smcp.tenant.VersionRef;

/**
 * One call on its way to a tenant: the record that every step reads. Immutable but for what it has used.
 *
 * @param version whose code answers; calls and multi-round-trip chains end on the version they began on
 * @param method one that tenants serve
 * @param name {@code params.name} or {@code params.uri}, decoded; for accounting and permissions
 * @param params without {@code _meta}, {@code inputResponses} and {@code requestState}
 * @param arguments where {@code params.arguments} stands, if given
 * @param foreignMeta members of {@code _meta} that pass through, each {@code "key":value}
 * @param progressToken the client's token with its JSON type; null: no progress wanted
 * @param inputResponses the client's answers of the last round
 * @param tenantState the tenant's own state, opened; JSON string content, decoded
 * @param deadlineNanos {@link System#nanoTime} at which the call ends in any case
 */
public record Call(
        VersionRef version,
        Principal principal,
        Permissions permissions,
        ClientFacts client,
        Method method,
        String name,
        Json params,
        @Nullable Json arguments,
        List<Json> foreignMeta,
        @Nullable Json progressToken,
        @Nullable Json inputResponses,
        @Nullable String tenantState,
        @Nullable TraceContext trace,
        long deadlineNanos,
        Usage used) {

    /** The next round of the same call. */
    public Call nextRound(Json answers, @Nullable String state, long newDeadlineNanos) {
        return new Call(
                version,
                principal,
                permissions,
                client,
                method,
                name,
                params,
                arguments,
                foreignMeta,
                progressToken,
                answers,
                state,
                trace,
                newDeadlineNanos,
                used);
    }
}
