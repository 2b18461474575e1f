package smcp.control;

import io.vertx.core.Future;
import java.util.function.BiFunction;
import smcp.contract.Registry;
import smcp.contract.RegistryKey;
import smcp.contract.SessionStore;
import smcp.contract.TenantBlobs;
import smcp.contract.UsageSource;
import smcp.contract.ValueStore;
import smcp.contract.Versioned;
import smcp.tenant.Limits;
import smcp.tenant.TenantId;
import smcp.tenant.Version;

/** The kinds of things that every node counts. */
public final class UsageSources {
    private UsageSources() {}

    public static UsageSource kv(ValueStore values) {
        return source(
                "kv",
                (tenant, limits) -> values.size(tenant)
                        .map(size -> new UsageSource.Kept(
                                size.entries(),
                                (long) limits.storage().kvEntries(),
                                size.bytes(),
                                limits.storage().kvBytes())));
    }

    public static UsageSource blobs(TenantBlobs blobs) {
        return source(
                "blobs",
                (tenant, limits) -> blobs.size(tenant)
                        .map(size -> new UsageSource.Kept(
                                size.blobs(),
                                (long) limits.storage().blobs(),
                                size.bytes(),
                                limits.storage().blobBytes())));
    }

    /** @param most sessions of a tenant, by the node's configuration */
    public static UsageSource sessions(SessionStore sessions, int most) {
        return source(
                "sessions",
                (tenant, _) ->
                        sessions.count(tenant).map(count -> new UsageSource.Kept(count, (long) most, null, null)));
    }

    /** Every version counts, also where two have the same bytes. */
    public static UsageSource packages(Registry registry) {
        return source("packages", (tenant, _) -> {
            var versions = registry.list(RegistryKey.versions(tenant));
            var bytes = versions.stream()
                    .map(Versioned::value)
                    .mapToLong(Version::packageBytes)
                    .sum();
            return Future.succeededFuture(new UsageSource.Kept(versions.size(), null, bytes, null));
        });
    }

    private static UsageSource source(String kind, BiFunction<TenantId, Limits, Future<UsageSource.Kept>> kept) {
        return new UsageSource() {
            @Override
            public String kind() {
                return kind;
            }

            @Override
            public Future<Kept> kept(TenantId tenant, Limits limits) {
                return kept.apply(tenant, limits);
            }
        };
    }
}
