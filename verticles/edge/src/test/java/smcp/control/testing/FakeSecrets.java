package smcp.control.testing;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import smcp.contract.Secrets;
import smcp.tenant.TenantId;

/** Secrets in memory. */
public final class FakeSecrets implements Secrets {
    private final Map<TenantId, Map<String, byte[]>> all = new ConcurrentHashMap<>();

    private Map<String, byte[]> of(TenantId tenant) {
        return all.computeIfAbsent(tenant, _ -> new TreeMap<>());
    }

    @Override
    public Future<Optional<byte[]>> read(TenantId tenant, String name) {
        return Future.succeededFuture(Optional.ofNullable(of(tenant).get(name)));
    }

    @Override
    public Future<Listed> write(TenantId tenant, String name, byte[] secret) {
        of(tenant).put(name, secret);
        return Future.succeededFuture(listed(name));
    }

    @Override
    public Future<Boolean> delete(TenantId tenant, String name) {
        return Future.succeededFuture(of(tenant).remove(name) != null);
    }

    @Override
    public List<Listed> list(TenantId tenant) {
        return of(tenant).keySet().stream().map(FakeSecrets::listed).toList();
    }

    private static Listed listed(String name) {
        return new Listed(name, 1, Instant.EPOCH);
    }
}
